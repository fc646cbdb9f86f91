import type { Redact, RunControls } from '@pawl/session-store';
import { checkRunId, controlText, endText, toControlRecord } from '@pawl/session-store/adapter';
import type { Database } from './database.ts';

export function postgresControls(database: Database, redact: Redact): RunControls {
  return {
    ask: async (run, control, at) => {
      checkRunId(run);
      const row = await database.use((queries) =>
        queries.get(
          'INSERT INTO controls (run, at, control) VALUES ($1, $2, $3) RETURNING number',
          ...[run, at, controlText(control, redact)],
        ),
      );
      return Number(row?.number);
    },
    open: async (run) => {
      const rows = await database.use((queries) =>
        queries.all('SELECT * FROM controls WHERE run = $1 AND ended IS NULL ORDER BY number LIMIT 100', run),
      );
      return rows.map(toControlRecord);
    },
    end: async (number, end) => {
      await database.use((queries) =>
        queries.run('UPDATE controls SET ended = $1 WHERE number = $2 AND ended IS NULL', endText(end, redact), number),
      );
    },
    find: async (number) => {
      const row = await database.use((queries) => queries.get('SELECT * FROM controls WHERE number = $1', number));
      return row && toControlRecord(row);
    },
  };
}
