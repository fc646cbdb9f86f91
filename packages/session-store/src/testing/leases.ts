import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionStore } from '../contract.ts';
import { started } from './samples.ts';
import { openAt, refusal, type StoreSetup, type Stores } from './setup.ts';

const first = { pid: 100, started: 'boot/1', host: 'here' };
const second = { pid: 200, started: 'boot/2', host: 'here' };
const alive = () => true;

export function testLeases(setup: StoreSetup): void {
  describe('leases', () => {
    let stores: Stores;
    let store: SessionStore;
    let other: SessionStore;
    beforeEach(async () => {
      const place = await setup.place();
      stores = await openAt(setup);
      store = await stores.open(place);
      other = await stores.open(place);
    });
    afterEach(() => stores.closeAll());

    test('one writer while it lives; the refusal names it', async () => {
      const lease = await store.runs.acquire('r1', first, alive);
      expect(lease.run).toBe('r1');
      const error = await refusal(other.runs.acquire('r1', second, alive), 'run-busy');
      expect(error.details.holder).toEqual(first);
      expect(error.message).toContain('process 100 on here');
      expect(await other.runs.holder('r1')).toEqual(first);
      await other.runs.acquire('r2', second, alive);
    });

    test('even the same process cannot hold it twice', async () => {
      await store.runs.acquire('r1', first, alive);
      await refusal(store.runs.acquire('r1', first, alive), 'run-busy');
    });

    test('is free again after a release', async () => {
      const lease = await store.runs.acquire('r1', first, alive);
      await lease.release();
      await lease.release();
      expect(await store.runs.holder('r1')).toBeUndefined();
      await other.runs.acquire('r1', second, alive);
      await lease.release();
      expect(await store.runs.holder('r1')).toEqual(second);
    });

    test('passes from a dead holder to the next, who is asked for by the one that died', async () => {
      const late = await store.runs.acquire('r1', first, alive);
      const asked: unknown[] = [];
      await other.runs.acquire('r1', second, (holder) => {
        asked.push(holder);
        return false;
      });
      expect(asked).toEqual([first]);
      await late.release();
      expect(await store.runs.holder('r1')).toEqual(second);
    });

    test('of many that find a dead holder one gets it', async () => {
      await store.runs.acquire('r1', first, alive);
      const attempts = Array.from({ length: 10 }, (_, index) => {
        const holder = { ...second, pid: 300 + index };
        return (index % 2 === 0 ? store : other).runs
          .acquire('r1', holder, (current) => current.pid >= 300)
          .then(
            () => 'got it',
            (error: { code: string }) => error.code,
          );
      });
      const results = await Promise.all(attempts);
      expect(results.filter((result) => result === 'got it')).toHaveLength(1);
      expect(results.filter((result) => result === 'run-busy')).toHaveLength(9);
    });

    test('is shown with the run', async () => {
      await store.runs.append('r1', 0, [started('r1')]);
      expect((await store.runs.find('r1'))[0]?.holder).toBeUndefined();
      const lease = await store.runs.acquire('r1', first, alive);
      expect((await store.runs.list())[0]?.holder).toEqual(first);
      await lease.release();
      expect((await store.runs.list())[0]?.holder).toBeUndefined();
    });

    test('of a session: one writer over all agents of that name, and not over others', async () => {
      const session = { provider: 'claude', id: 'n1' };
      const lease = await store.sessions.acquire(session, first, alive);
      expect(lease.session).toEqual(session);
      const error = await refusal(other.sessions.acquire({ ...session }, second, alive), 'session-busy');
      expect(error.details.holder).toEqual(first);
      expect(error.message).toMatch(/Session n1 is being used by process 100 on here/);
      expect(await other.sessions.holder(session)).toEqual(first);
      await (await other.sessions.acquire({ provider: 'codex', id: 'n1' }, second, alive)).release();
      await store.runs.acquire('n1', second, alive);
      await lease.release();
      await lease.release();
      expect(await other.sessions.holder(session)).toBeUndefined();
      await other.sessions.acquire(session, second, alive);
      await store.sessions.acquire(session, first, () => false);
      expect(await other.sessions.holder(session)).toEqual(first);
      await refusal(store.sessions.acquire({ provider: 'claude', id: '' }, first, alive), 'bad-request');
    });

    test('refuses an id that cannot be a run', async () => {
      await refusal(store.runs.acquire('../x', first, alive), 'bad-request');
    });
  });
}
