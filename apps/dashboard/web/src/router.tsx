import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Frame } from './parts/frame.tsx';
import { Lost } from './parts/lost.tsx';

const root = createRootRoute({ component: Frame, notFoundComponent: Lost });

/** One file a page; each but the first is loaded when it is opened. */
const pages = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    component: lazyRouteComponent(() => import('./pages/runs.tsx'), 'RunsPage'),
  }),
];

export const router = createRouter({ routeTree: root.addChildren(pages), defaultPreload: 'intent' });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
