import { holderOf, type LeasePlace } from '@pawl/session-store/adapter';
import type { Database } from './database.ts';

export function leasePlace(database: Database, kind: 'run' | 'session', name: string): LeasePlace {
  return {
    read: () =>
      database.use(async (queries) => {
        const row = await queries.get('SELECT * FROM leases WHERE kind = $1 AND name = $2', kind, name);
        const holder = row && holderOf(row);
        return row && holder && { token: String(row.token), holder };
      }),
    replace: ({ token, holder: { pid, started, host } }, judged) =>
      database.use(async (queries) => {
        const values = [kind, name, token, pid, started, host];
        const changes = judged
          ? await queries.run(
              `UPDATE leases SET token = $3, pid = $4, start_time = $5, host = $6
               WHERE kind = $1 AND name = $2 AND token = $7`,
              ...[...values, judged.token],
            )
          : await queries.run(
              `INSERT INTO leases (kind, name, token, pid, start_time, host) VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT DO NOTHING`,
              ...values,
            );
        return changes === 1;
      }),
    remove: async (token) => {
      await database.use((queries) =>
        queries.run('DELETE FROM leases WHERE kind = $1 AND name = $2 AND token = $3', kind, name, token),
      );
    },
  };
}
