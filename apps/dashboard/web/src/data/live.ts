import { useEffect, useState } from 'react';
import type { Need, RunList, RunPage, RunRow } from '../../../wire.ts';
import { withQuery } from './api.ts';
import { queries } from './queries.ts';
import { withRows } from './steps.ts';

export type Connection = 'live' | 'connecting';

/**
 * One stream for the whole page. The browser connects again by itself and tells where it was (Last-Event-ID); an event
 * that was seen is not told again.
 */
export function useLive(run: string | undefined, signedIn: boolean): Connection {
  const [connection, setConnection] = useState<Connection>('connecting');
  useEffect(() => {
    if (!signedIn) return;
    const since = run === undefined ? undefined : queries.getQueryData<RunPage>(['run', run])?.seq;
    const source = new EventSource(withQuery('/api/live', { run, since }));
    source.onopen = () => setConnection('live');
    source.onerror = () => setConnection('connecting');
    source.addEventListener('runs', (event) => takeRows(JSON.parse(event.data) as readonly RunRow[]));
    source.addEventListener('run', (event) => takePage(JSON.parse(event.data) as RunPage));
    source.addEventListener('resync', () => {
      for (const key of ['runs', 'needs']) void queries.invalidateQueries({ queryKey: [key] });
    });
    return () => source.close();
  }, [run, signedIn]);
  return connection;
}

/** Rows that are shown are replaced in place; a new run, or one that may now fit a filter, has the list asked anew. */
function takeRows(rows: readonly RunRow[]): void {
  const fresh = new Map(rows.map((row) => [row.id, row]));
  for (const [key, list] of queries.getQueriesData<RunList>({ queryKey: ['runs'] })) {
    // Its answer is under way and may be older than this.
    if (!list) {
      void queries.invalidateQueries({ queryKey: key });
      continue;
    }
    const shown = new Set(list.runs.map(({ id }) => id));
    const same = rows.every(
      (row) => shown.has(row.id) && list.runs.find(({ id }) => id === row.id)?.status === row.status,
    );
    queries.setQueryData<RunList>(key, { ...list, runs: list.runs.map((row) => fresh.get(row.id) ?? row) });
    if (!same) void queries.invalidateQueries({ queryKey: key });
  }
  // A run that lost its process, or was taken up again, has no new event to tell it.
  for (const row of rows) {
    const page = queries.getQueryData<RunPage>(['run', row.id]);
    if (page && page.row.status !== row.status) void queries.invalidateQueries({ queryKey: ['run', row.id] });
  }
  const asked = new Set(queries.getQueryData<{ needs: readonly Need[] }>(['needs'])?.needs.map(({ run }) => run.id));
  if (rows.some((row) => row.needs > 0 || row.status === 'failed' || asked.has(row.id)))
    void queries.invalidateQueries({ queryKey: ['needs'] });
}

/** What changed of a run, into what is known of it. */
function takePage(page: RunPage): void {
  const key = ['run', page.row.id];
  const known = queries.getQueryData<RunPage>(key);
  if (known === undefined) {
    void queries.invalidateQueries({ queryKey: key });
    return;
  }
  const next = page.next ?? known.next;
  queries.setQueryData<RunPage>(key, {
    ...page,
    steps: withRows(known.steps, page.steps),
    ...(next !== undefined && { next }),
  });
}
