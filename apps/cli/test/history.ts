import { join } from 'node:path';
import type { RunEvent } from '@pawl/core';
import { openStore } from '@pawl/session-store';
import type { Stage } from './stage.ts';

const begin = Date.UTC(2026, 10, 20, 11, 5);
const stepMs = 140;

/** The events of the stage's runs, oldest first. */
async function eventsOf(stage: Stage): Promise<readonly (readonly RunEvent[])[]> {
  const store = openStore({ file: join(stage.home, 'pawl.db') });
  try {
    const runs = [...(await store.runs.list())].reverse();
    return await Promise.all(runs.map(async ({ id }) => (await store.runs.read(id)).map(({ event }) => event)));
  } finally {
    store.close();
  }
}

/**
 * What really happened, with everything that differs from run to run made the same: times, durations, ids, commits,
 * folders. Stored in the stage's home in the place of what was there.
 */
export async function steadyHistory(
  stage: Stage,
  ids: readonly string[],
  home: string,
): Promise<readonly (readonly RunEvent[])[]> {
  const told = await eventsOf(stage);
  const names = new Map<string, string>();
  const named = (text: string, make: (count: number) => string): string => {
    const known = names.get(text) ?? make(names.size + 1);
    names.set(text, known);
    return known;
  };
  const steady = told.map((events, run) => {
    const old = events[0]?.type === 'run-started' ? events[0].run : '';
    const text = events
      .map((event, index) => JSON.stringify({ ...event, at: begin + run * 3_600_000 + index * stepMs }))
      .join('\n')
      .replaceAll(stage.folder, '/home/ada')
      .replaceAll(old, ids[run] ?? '')
      .replace(/(shop-)[0-9a-f]{12}/g, '$1a1b2c3d4e5f6')
      .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, (uuid) =>
        named(uuid, (n) => `5e55101d-0000-4000-8000-${String(n).padStart(12, '0')}`),
      )
      .replace(/\b[0-9a-f]{40}\b/g, (commit) => named(commit, (n) => `c0${String(n).padStart(38, '0')}`))
      .replace(/"durationMs":[\d.]+/g, '"durationMs":120')
      .replace(/reached 1(\.\d)? s/g, 'reached 1 s');
    return text.split('\n').map((line) => JSON.parse(line) as RunEvent);
  });
  const store = openStore({ file: join(home, 'pawl.db') });
  for (const [run, events] of steady.entries()) await store.runs.append(ids[run] ?? '', 0, events);
  store.close();
  return steady;
}
