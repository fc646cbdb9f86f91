import type { RunControls } from './contract.ts';
import { controlText, endText, toControlRecord } from './control-row.ts';
import type { Database } from './database.ts';
import type { Redact } from './redact.ts';
import { checkRunId } from './run-id.ts';

export function sqliteControls(database: Database, redact: Redact): RunControls {
  return {
    ask: (run, control, at) =>
      database.use((statements) => {
        checkRunId(run);
        const row = statements.get(
          'INSERT INTO controls (run, at, control) VALUES (?, ?, ?) RETURNING number',
          ...[run, at, controlText(control, redact)],
        );
        return Number(row?.number);
      }),
    open: (run) =>
      database.use((statements) =>
        statements
          .all('SELECT * FROM controls WHERE run = ? AND ended IS NULL ORDER BY number LIMIT 100', run)
          .map(toControlRecord),
      ),
    end: async (number, end) => {
      await database.use((statements) =>
        statements.run(
          'UPDATE controls SET ended = ? WHERE number = ? AND ended IS NULL',
          endText(end, redact),
          number,
        ),
      );
    },
    find: (number) =>
      database.use((statements) => {
        const row = statements.get('SELECT * FROM controls WHERE number = ?', number);
        return row && toControlRecord(row);
      }),
  };
}
