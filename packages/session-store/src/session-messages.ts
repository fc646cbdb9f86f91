import type { Database } from './database.ts';
import type { NewMessage, SessionMessage } from './message.ts';
import { decodeMessage, encodeMessage } from './message-codec.ts';
import { checkPage, noSuchSession } from './queries.ts';
import type { Redact } from './redact.ts';
import type { Row } from './row.ts';
import { copyCheckpoints } from './session-checkpoints.ts';
import type { MessagePage } from './session-contract.ts';
import type { Statements } from './sqlite.ts';

/** So many are in memory at once; each may have some megabytes. */
const batch = 32;

export async function appendMessages(
  database: Database,
  redact: Redact,
  id: string,
  messages: readonly NewMessage[],
): Promise<number> {
  const rows = messages.map((message) => encodeMessage(message, redact));
  return database.transact((statements) => {
    const session = statements.get('SELECT last_message, messages, max_messages FROM sessions WHERE id = ?', id);
    if (!session) throw noSuchSession(id);
    let seq = Number(session.last_message);
    for (const row of rows) {
      seq += 1;
      statements.run(
        `INSERT INTO session_messages (session, seq, at, role, type, id, text, body, left_out)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[id, seq, row.at, row.role, row.type, row.id, row.text, row.body, row.leftOut],
      );
    }
    if (rows.length > 0) countMessages(statements, id, seq, Math.max(...rows.map(({ at }) => at)));
    return seq;
  });
}

export async function* readMessages(
  database: Database,
  id: string,
  page: MessagePage = {},
): AsyncGenerator<SessionMessage> {
  const { limit, offset, ...behind } = checkPage(page);
  const first = await database.use((statements) => {
    const row = statements.get('SELECT last_message - messages AS dropped FROM sessions WHERE id = ?', id);
    if (!row) throw noSuchSession(id);
    return Number(row.dropped);
  });
  let after = Math.max(first, behind.after) + offset;
  for (let left = limit; left > 0; ) {
    const rows = await database.use((statements) =>
      statements.all(
        `SELECT seq, at, role, type, id, text, body, left_out FROM session_messages
         WHERE session = ? AND seq > ? ORDER BY seq LIMIT ?`,
        ...[id, after, Math.min(batch, left)],
      ),
    );
    for (const row of rows) yield toMessage(id, row);
    if (rows.length < Math.min(batch, left)) return;
    left -= rows.length;
    after = Number(rows.at(-1)?.seq);
  }
}

/** What a fork has of its parent. Of nothing, where the message it was cut behind is not known here. */
export function copyMessages(
  statements: Statements,
  parent: { readonly provider: string; readonly nativeId: string; readonly at: string | undefined },
  to: string,
): void {
  const known = statements.get(
    'SELECT id, last_message - messages AS dropped, last_message, last_used_at FROM sessions WHERE provider = ? AND native_id = ?',
    ...[parent.provider, parent.nativeId],
  );
  if (!known) return;
  const from = String(known.id);
  copyCheckpoints(statements, from, to, { at: parent.at, dropped: Number(known.dropped) });
  const last =
    parent.at === undefined
      ? Number(known.last_message)
      : statements.get('SELECT max(seq) AS seq FROM session_messages WHERE session = ? AND id = ?', from, parent.at)
          ?.seq;
  if (typeof last !== 'number') return;
  const dropped = Number(known.dropped);
  statements.run(
    `INSERT INTO session_messages (session, seq, at, role, type, id, text, body, left_out)
     SELECT ?, seq - ?, at, role, type, id, text, body, left_out FROM session_messages
     WHERE session = ? AND seq <= ? ORDER BY seq`,
    ...[to, dropped, from, last],
  );
  statements.run('UPDATE sessions SET messages = ?2, last_message = ?2 WHERE id = ?1', to, Math.max(0, last - dropped));
}

/** Keeps the session's figures, and of its messages as many as it may have. */
function countMessages(statements: Statements, id: string, last: number, at: number): void {
  statements.run(
    `UPDATE sessions SET messages = min(messages + ?2 - last_message, coalesce(max_messages, ?2)), last_message = ?2,
       last_used_at = max(last_used_at, ?3) WHERE id = ?1`,
    ...[id, last, at],
  );
  statements.run(
    `DELETE FROM session_messages WHERE session = ?1 AND seq <=
       (SELECT last_message - messages FROM sessions WHERE id = ?1)`,
    id,
  );
}

function toMessage(session: string, row: Row): SessionMessage {
  const seq = Number(row.seq);
  const text = (value: unknown) => (value === null ? null : String(value));
  return decodeMessage(session, seq, {
    ...{ at: Number(row.at), role: String(row.role), type: String(row.type), id: text(row.id) },
    ...{ text: String(row.text), body: text(row.body), leftOut: Number(row.left_out) },
  });
}
