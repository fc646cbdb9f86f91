import { getEventListeners } from 'node:events';
import type { RunRecord, RunStore } from '@pawl/session-store';
import { expect, test } from 'vitest';
import type { ServerEvent } from '../../server/http.ts';
import { follow } from '../../server/live/follow.ts';
import { createHub, type Hub } from '../../server/live/hub.ts';
import type { RunCache } from '../../server/runs/cache.ts';
import type { RunPage, RunRow } from '../../wire.ts';

test('a run is looked at when it has changed, not when others have', async () => {
  const changes: RunRow[][] = [];
  let wake = Promise.withResolvers<void>();
  const change = (id: string): void => {
    changes.push([{ id } as RunRow]);
    wake.resolve();
    wake = Promise.withResolvers();
  };
  const hub: Hub = {
    epoch: 'one',
    get now() {
      return changes.length;
    },
    changedSince: (since) => changes.slice(since).flat(),
    changed: () => wake.promise,
    listen: () => () => {},
    close: () => {},
  };
  const stop = new AbortController();
  let looked = 0;
  const stream = follow({
    hub,
    run: { id: 'mine', seq: 0 },
    last: undefined,
    signal: stop.signal,
    pageOf: async () => ({ seq: ++looked }) as RunPage,
    beatMs: 60_000,
  });
  const next = async (): Promise<ServerEvent | undefined> => (await stream.next()).value ?? undefined;
  expect((await next())?.event).toBe('resync');
  expect(await next()).toMatchObject({ event: 'run', data: { seq: 1 } });
  for (const id of ['other', 'another']) {
    const told = next();
    change(id);
    expect(await told).toMatchObject({ event: 'runs', data: [{ id }] });
  }
  expect(looked).toBe(1);
  const told = next();
  change('mine');
  expect(await told).toMatchObject({ event: 'runs', data: [{ id: 'mine' }] });
  expect(await next()).toMatchObject({ event: 'run', data: { seq: 2 } });
  stop.abort();
});

test('who waits for a change leaves nothing behind on the connection, however many come', async () => {
  const records: RunRecord[] = [];
  const store = { list: async () => records, find: async () => [] } as unknown as RunStore;
  const row = async (record: RunRecord): Promise<RunRow> => rows.get(record) ?? ({} as RunRow);
  const rows = new Map<RunRecord, RunRow>();
  const hub = createHub(store, { row } as RunCache, () => {});
  const stop = new AbortController();
  const leave = hub.listen();
  for (let round = 1; round <= 5; round += 1) {
    const changed = hub.changed(stop.signal, 60_000);
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1);
    const record = { id: `run-${round}` } as RunRecord;
    rows.set(record, { id: record.id } as RunRow);
    records.push(record);
    await changed;
    expect(hub.now).toBe(round);
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
  }
  await hub.changed(stop.signal, 1);
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
  leave();
  hub.close();
});

test('a row that was made anew and says the same is not told again', async () => {
  const store = { list: async () => [{ id: 'one' }], find: async () => [] } as unknown as RunStore;
  let looks = 0;
  const row = async (): Promise<RunRow> => ({ id: 'one', seq: ++looks < 4 ? 1 : 2 }) as RunRow;
  const hub = createHub(store, { row } as unknown as RunCache, () => {});
  const stop = new AbortController();
  const leave = hub.listen();
  await hub.changed(stop.signal, 60_000);
  expect(hub.changedSince(0)).toEqual([{ id: 'one', seq: 1 }]);
  await hub.changed(stop.signal, 60_000);
  expect(looks).toBe(4);
  expect(hub.now).toBe(2);
  expect(hub.changedSince(1)).toEqual([{ id: 'one', seq: 2 }]);
  leave();
  hub.close();
});
