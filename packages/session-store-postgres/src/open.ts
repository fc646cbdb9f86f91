import { createRedactor, type Redact, type SessionStore } from '@pawl/session-store';
import { acquireLease, checkRunId, runBusy } from '@pawl/session-store/adapter';
import { Database } from './database.ts';
import { leasePlace } from './lease-place.ts';
import { migrate } from './migrate.ts';
import { postgresControls } from './run-controls.ts';
import { appendEvents, readEvents } from './run-log.ts';
import { findRuns, listRuns } from './run-records.ts';
import { postgresSessions } from './session-catalogue.ts';

export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database`. Default: what `PGHOST`, `PGUSER`, … of the environment say. */
  readonly url?: string;
  /** Where the tables are; made when absent. Small letters, digits and underscores. Default `pawl`. */
  readonly schema?: string;
  /** What every text goes through before it is stored. Default: tokens of known shape. */
  readonly redact?: Redact;
  /** At the same time, default 4. */
  readonly connections?: number;
  /** How long to wait for a connection, default 10 000. */
  readonly connectMs?: number;
  /** How long to wait for another process, default 5000. */
  readonly busyMs?: number;
}

/**
 * The store in a PostgreSQL database, 13 or newer. Rejects with a `StoreError`: `store-unavailable`, `store-foreign`,
 * `store-newer`, `store-read-only`, `store-locked` or `bad-request`.
 */
export async function openPostgresStore(options: PostgresStoreOptions = {}): Promise<SessionStore> {
  const redact = options.redact ?? createRedactor();
  const database = new Database(options);
  try {
    await migrate(database);
  } catch (error) {
    await database.close();
    throw error;
  }
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
      controls: postgresControls(database, redact),
    },
    sessions: postgresSessions(database, redact),
    close: () => database.close(),
  };
}
