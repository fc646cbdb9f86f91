import { QueryClient, queryOptions } from '@tanstack/react-query';
import type { Me, Need, RunList, RunPage, StepList, StepPage } from '../../../wire.ts';
import { ApiError, get, type Query } from './api.ts';
import { withRows } from './steps.ts';

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // What is live is told; the rest is asked for when it is looked at again.
      staleTime: 10_000,
      retry: (times, error) => !(error instanceof ApiError && error.status < 500) && times < 2,
    },
  },
});

export const me = queryOptions({ queryKey: ['me'], queryFn: () => get<Me>('/api/session'), staleTime: 60_000 });
export const needs = queryOptions({
  queryKey: ['needs'],
  queryFn: () => get<{ needs: readonly Need[] }>('/api/needs'),
});
export const runList = (filter: Query) =>
  queryOptions({
    queryKey: ['runs', filter],
    queryFn: ({ signal }) => get<RunList>('/api/runs', filter, signal),
    placeholderData: (before) => before,
  });
export const runPage = (run: string) =>
  queryOptions({ queryKey: ['run', run], queryFn: () => get<RunPage>(`/api/runs/${run}`), staleTime: 60_000 });
/** What is left of the tree, piece by piece, into the page of the run. */
export async function loadSteps(run: string, from: number, signal: AbortSignal): Promise<void> {
  const told = await get<StepList>(`/api/runs/${run}/steps`, { from }, signal);
  queries.setQueryData<RunPage>(['run', run], (known) => {
    // An event said meanwhile that the tree is to be asked for anew.
    if (known?.next !== from) return known;
    const { next: _, ...page } = known;
    return { ...page, steps: withRows(page.steps, told.steps), ...(told.next !== undefined && { next: told.next }) };
  });
}
export const stepPage = (run: string, path: string, seq: number) =>
  queryOptions({
    queryKey: ['step', run, path, seq],
    queryFn: ({ signal }) => get<StepPage>(`/api/runs/${run}/step`, { path }, signal),
    placeholderData: (before) => (before?.step.path === path ? before : undefined),
  });
