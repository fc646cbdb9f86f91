import type { Database } from './database.ts';
import { StoreError } from './errors.ts';
import { noSuchSession } from './queries.ts';
import type { Statements } from './sqlite.ts';

/** What of a session's row is the conversation itself; the rest is ours. */
export const ofTheConversation = [
  ...['native_id', 'cwd', 'token', 'parent_native_id', 'parent_at', 'message_id', 'transcript', 'messages'],
  ...['last_message', 'max_messages', 'origin'],
] as const;

export function exchangeSessions(database: Database, id: string, other: string): Promise<void> {
  return database.transact((statements) => {
    const [one, two] = [rowOf(statements, id), rowOf(statements, other)];
    if (id === other) return;
    if (one.provider !== two.provider) throw otherProvider(id, other);
    // No two rows may have one native id, not even for a moment.
    statements.run('UPDATE sessions SET native_id = ? WHERE id = ?', `exchange:${id}`, id);
    const sql = `UPDATE sessions SET ${ofTheConversation.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`;
    for (const [to, from] of [
      [other, one],
      [id, two],
    ] as const)
      statements.run(sql, ...ofTheConversation.map((column) => from[column] as string | number | null), to);
    for (const [table, number] of [
      ['session_messages', 'seq'],
      ['session_checkpoints', 'number'],
    ] as const) {
      statements.run(`UPDATE ${table} SET ${number} = -${number} WHERE session = ?`, id);
      statements.run(`UPDATE ${table} SET session = ? WHERE session = ?`, id, other);
      statements.run(
        `UPDATE ${table} SET session = ?, ${number} = -${number} WHERE session = ? AND ${number} < 0`,
        other,
        id,
      );
    }
  });
}

function rowOf(statements: Statements, id: string) {
  const row = statements.get('SELECT * FROM sessions WHERE id = ?', id);
  if (!row) throw noSuchSession(id);
  return row;
}

export function otherProvider(id: string, other: string): StoreError {
  const message = `Sessions ${id} and ${other} are of two agents, which cannot go on with each other's conversations.`;
  return new StoreError({ code: 'bad-request', message });
}
