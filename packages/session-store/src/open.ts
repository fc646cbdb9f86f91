import type { SessionStore } from './contract.ts';
import { Database } from './database.ts';
import { acquireLease, runBusy } from './leases.ts';
import { createRedactor, type Redact } from './redact.ts';
import { sqliteControls } from './run-controls.ts';
import { checkRunId } from './run-id.ts';
import { appendEvents, readEvents } from './run-log.ts';
import { findRuns, listRuns } from './run-records.ts';
import { sqliteSessions } from './session-catalogue.ts';
import { leasePlace } from './sqlite-leases.ts';

export interface StoreOptions {
  /**
   * Made with its folder when absent. On a local disk: SQLite's write-ahead log needs shared memory. `:memory:` is a
   * store of this object alone, gone with it.
   */
  readonly file: string;
  /** What every text goes through before it is stored. Default: tokens of known shape. */
  readonly redact?: Redact;
  /** How long to wait for another process, default 5000. */
  readonly busyMs?: number;
}

/**
 * The store in one SQLite file. Throws a `StoreError`: `store-locked`, `store-read-only`, `store-corrupt`,
 * `store-foreign`, `store-newer`, `store-full` or `store-unavailable`.
 */
export function openStore(options: StoreOptions): SessionStore {
  const redact = options.redact ?? createRedactor();
  const database = new Database(options.file, options.busyMs ?? 5000);
  return {
    runs: {
      append: (run, expected, events) => appendEvents(database, redact, run, expected, events),
      read: (run, after = 0, limit) => readEvents(database, run, after, limit),
      list: (filter = {}) => listRuns(database, filter),
      find: (idOrPrefix) => findRuns(database, idOrPrefix),
      acquire: async (run, holder, isAlive) => {
        checkRunId(run);
        const busy = (by: typeof holder) => runBusy(run, by);
        return { run, release: await acquireLease(leasePlace(database, 'run', run), holder, isAlive, busy) };
      },
      holder: async (run) => (await leasePlace(database, 'run', run).read())?.holder,
      controls: sqliteControls(database, redact),
    },
    sessions: sqliteSessions(database, redact),
    close: async () => database.close(),
  };
}
