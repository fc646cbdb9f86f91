import type { Database } from './database.ts';
import type { LeasePlace } from './leases.ts';
import { holderOf } from './run-row.ts';

const tables = {
  run: { table: 'leases', key: 'run' },
  session: { table: 'session_leases', key: 'session' },
} as const;

export function leasePlace(database: Database, of: keyof typeof tables, name: string): LeasePlace {
  const { table, key } = tables[of];
  return {
    read: () =>
      database.use((statements) => {
        const row = statements.get(`SELECT * FROM ${table} WHERE ${key} = ?`, name);
        const holder = row && holderOf(row);
        return row && holder && { token: String(row.token), holder };
      }),
    replace: ({ token, holder: { pid, started, host } }, judged) =>
      database.use((statements) => {
        const changes = judged
          ? statements.run(
              `UPDATE ${table} SET token = ?, pid = ?, start_time = ?, host = ? WHERE ${key} = ? AND token = ?`,
              ...[token, pid, started, host, name, judged.token],
            )
          : statements.run(
              `INSERT INTO ${table} (token, pid, start_time, host, ${key}) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
              ...[token, pid, started, host, name],
            );
        return changes === 1;
      }),
    remove: async (token) => {
      await database.use((statements) =>
        statements.run(`DELETE FROM ${table} WHERE ${key} = ? AND token = ?`, name, token),
      );
    },
  };
}
