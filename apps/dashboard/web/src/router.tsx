import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Frame } from './parts/frame.tsx';
import { Lost } from './parts/lost.tsx';

const root = createRootRoute({ component: Frame, notFoundComponent: Lost });

/** The words behind `?` that a page knows, as texts; the rest is dropped. */
const texts =
  <Name extends string>(...names: readonly Name[]) =>
  (search: Readonly<Record<string, unknown>>): { readonly [one in Name]?: string } =>
    Object.fromEntries(names.flatMap((name) => (search[name] === undefined ? [] : [[name, String(search[name])]]))) as {
      readonly [one in Name]?: string;
    };

/** One file a page; each but the first is loaded when it is opened. */
const pages = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    component: lazyRouteComponent(() => import('./pages/runs.tsx'), 'RunsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/start',
    validateSearch: texts('repository', 'workflow'),
    component: lazyRouteComponent(() => import('./pages/start.tsx'), 'StartPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/audit',
    component: lazyRouteComponent(() => import('./pages/audit.tsx'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/sessions',
    component: lazyRouteComponent(() => import('./pages/sessions.tsx'), 'SessionsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/sessions/$session',
    component: lazyRouteComponent(() => import('./pages/session.tsx'), 'SessionPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/runs/$run',
    validateSearch: texts('step', 'attempt', 'tab'),
    component: lazyRouteComponent(() => import('./pages/run.tsx'), 'RunPageView'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/needs',
    component: lazyRouteComponent(() => import('./pages/needs.tsx'), 'NeedsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/workflows',
    validateSearch: texts('repository'),
    component: lazyRouteComponent(() => import('./pages/workflows.tsx'), 'WorkflowsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/workflows/$repository',
    validateSearch: texts('name'),
    component: lazyRouteComponent(() => import('./pages/workflow.tsx'), 'WorkflowPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/worktrees',
    component: lazyRouteComponent(() => import('./pages/worktrees.tsx'), 'WorktreesPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/compare',
    validateSearch: texts('runs'),
    component: lazyRouteComponent(() => import('./pages/compare.tsx'), 'ComparePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/analytics',
    component: lazyRouteComponent(() => import('./pages/analytics.tsx'), 'AnalyticsPage'),
  }),
];

export const router = createRouter({ routeTree: root.addChildren(pages), defaultPreload: 'intent' });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
