import { describe, test } from 'vitest';
import { testCheckpoints } from './checkpoints.ts';
import { testControls } from './controls.ts';
import { testLeases } from './leases.ts';
import { testMessages } from './messages.ts';
import { testProcesses } from './processes.ts';
import { testRuns } from './runs.ts';
import { testSearch } from './search.ts';
import { testSessions } from './sessions.ts';
import { allOf, openAt, refusal, type StoreSetup } from './setup.ts';

/** What every store must keep, whatever database is below it. */
export function testSessionStore(name: string, setup: StoreSetup): void {
  describe(name, () => {
    testRuns(setup);
    testLeases(setup);
    testControls(setup);
    testSessions(setup);
    testMessages(setup);
    testSearch(setup);
    testCheckpoints(setup);
    testProcesses(setup);

    test('a closed store refuses by name, and lets its leases go quietly', async () => {
      const stores = await openAt(setup);
      const store = await stores.open(await setup.place());
      const lease = await store.runs.acquire('r1', { pid: 1, started: 'x', host: 'y' }, () => true);
      await store.close();
      await store.close();
      await lease.release();
      await refusal(store.runs.read('r1'), 'store-closed');
      await refusal(store.runs.append('r1', 0, []), 'store-closed');
      await refusal(store.sessions.list(), 'store-closed');
      await refusal(allOf(store.sessions.messages('x')), 'store-closed');
      await store.close();
    });
  });
}
