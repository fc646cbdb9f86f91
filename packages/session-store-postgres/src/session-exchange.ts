import { noSuchSession, ofTheConversation, otherProvider } from '@pawl/session-store/adapter';
import type { Database, Queries } from './database.ts';

export function exchangeSessions(database: Database, id: string, other: string): Promise<void> {
  return database.transact(async (queries) => {
    const rows = await queries.all('SELECT * FROM sessions WHERE id IN ($1, $2) ORDER BY id FOR UPDATE', id, other);
    const [one, two] = [id, other].map((name) => rows.find((row) => row.id === name));
    if (!one || !two) throw noSuchSession(one ? other : id);
    if (id === other) return;
    if (one.provider !== two.provider) throw otherProvider(id, other);
    // No two rows may have one native id, not even for a moment.
    await queries.run('UPDATE sessions SET native_id = $2 WHERE id = $1', id, `exchange:${id}`);
    const places = ofTheConversation.map((column, index) => `${column} = $${index + 2}`);
    const sql = `UPDATE sessions SET ${places.join(', ')} WHERE id = $1`;
    for (const [to, from] of [
      [other, one],
      [id, two],
    ] as const)
      await queries.run(sql, to, ...ofTheConversation.map((column) => from[column] as string | number | null));
    await exchangeRows(queries, id, other);
  });
}

async function exchangeRows(queries: Queries, id: string, other: string): Promise<void> {
  for (const [table, number] of [
    ['session_messages', 'seq'],
    ['session_checkpoints', 'number'],
  ] as const) {
    await queries.run(`UPDATE ${table} SET ${number} = -${number} WHERE session = $1`, id);
    await queries.run(`UPDATE ${table} SET session = $1 WHERE session = $2`, id, other);
    const back = `UPDATE ${table} SET session = $2, ${number} = -${number} WHERE session = $1 AND ${number} < 0`;
    await queries.run(back, id, other);
  }
}
