import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { RunRecord, RunStore } from '@pawl/session-store';
import type { RunRow } from '../../wire.ts';
import type { RunCache } from '../runs/cache.ts';

/** What changed since a number. It looks into the store only while somebody listens. */
export interface Hub {
  /** Of this process: numbers of another one mean nothing here. */
  readonly epoch: string;
  readonly now: number;
  changedSince(number: number): readonly RunRow[];
  /** Resolves when something has changed, the signal fires, or so much time has passed. Nothing of it stays behind. */
  changed(signal: AbortSignal, withinMs: number): Promise<void>;
  listen(): () => void;
  close(): void;
}

const everyMs = 300;
const newest = 50;
const mostTold = 50;

export function createHub(store: RunStore, runs: RunCache, log: (text: string) => void): Hub {
  const known = new Map<string, { readonly row: RunRow; readonly number: number }>();
  /** Most who listen were told the same before: they are given the same. */
  const told = new Map<number, { readonly number: number; readonly rows: readonly RunRow[] }>();
  const waiting = new Set<() => void>();
  let live = new Set<string>();
  let number = 0;
  let listeners = 0;
  let timer: NodeJS.Timeout | undefined;

  const look = async (): Promise<void> => {
    const running = await store.list({ status: ['running', 'stopping'], limit: 1000 });
    const recent = await store.list({ limit: newest });
    const left = [...live].filter((id) => !running.some((record) => record.id === id));
    const ended = (await Promise.all(left.map((id) => store.find(id)))).flatMap(([record]) => record ?? []);
    live = new Set(running.map(({ id }) => id));
    const all = new Map<string, RunRecord>([...recent, ...ended, ...running].map((record) => [record.id, record]));
    const changed: RunRow[] = [];
    for (const record of all.values()) {
      const row = await runs.row(record);
      const before = known.get(record.id)?.row;
      // Made anew need not be another: a run that has ended is let go of a moment later.
      if (before !== row && !isDeepStrictEqual(before, row)) changed.push(row);
    }
    if (changed.length === 0) return;
    number += 1;
    for (const row of changed) known.set(row.id, { row, number });
    for (const wake of [...waiting]) wake();
  };
  const tick = async (): Promise<void> => {
    try {
      await look();
    } catch (error) {
      log(`the store cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (listeners > 0) timer = setTimeout(tick, everyMs);
    else timer = undefined;
  };
  return {
    epoch: randomUUID().slice(0, 8),
    get now() {
      return number;
    },
    changedSince(since) {
      const before = told.get(since);
      if (before?.number === number) return before.rows;
      const rows = [...known.values()].filter((one) => one.number > since).map(({ row }) => row);
      told.set(since, { number, rows });
      if (told.size > mostTold) told.delete(told.keys().next().value ?? 0);
      return rows;
    },
    changed: (signal, withinMs) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const done = (): void => {
          waiting.delete(done);
          signal.removeEventListener('abort', done);
          clearTimeout(late);
          resolve();
        };
        const late = setTimeout(done, withinMs);
        signal.addEventListener('abort', done);
        waiting.add(done);
      }),
    listen() {
      listeners += 1;
      timer ??= setTimeout(tick, 0);
      let left = false;
      return () => {
        if (!left) listeners -= 1;
        left = true;
      };
    },
    close() {
      listeners = 0;
      clearTimeout(timer);
    },
  };
}
