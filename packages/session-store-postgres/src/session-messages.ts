import type { MessagePage, NewMessage, Redact, SessionMessage } from '@pawl/session-store';
import { checkPage, decodeMessage, encodeMessage, noSuchSession, type Row } from '@pawl/session-store/adapter';
import type { Database, Queries } from './database.ts';
import { indexedWords } from './full-text.ts';
import { copyCheckpoints } from './session-checkpoints.ts';

/** So many are in memory at once; each may have some megabytes. */
const batch = 32;

export async function appendMessages(
  database: Database,
  redact: Redact,
  id: string,
  messages: readonly NewMessage[],
): Promise<number> {
  const rows = messages.map((message) => encodeMessage(message, redact));
  return database.transact(async (queries) => {
    const session = await queries.get('SELECT last_message FROM sessions WHERE id = $1 FOR UPDATE', id);
    if (!session) throw noSuchSession(id);
    const last = Number(session.last_message);
    if (rows.length === 0) return last;
    const numbered = rows.map((row, index) => ({
      ...row,
      seq: last + index + 1,
      words: row.type === 'text' ? indexedWords(row.text) : null,
    }));
    await queries.run(
      `INSERT INTO session_messages (session, seq, at, role, type, id, text, body, left_out, words)
       SELECT $1, seq, at::bigint, role, type, id, text, body, "leftOut",
         CASE WHEN words IS NOT NULL THEN array_to_tsvector(ARRAY(SELECT * FROM json_array_elements_text(words::json))) END
       FROM json_to_recordset($2::text::json) AS messages
         (seq bigint, at text, role text, type text, id text, text text, body text, "leftOut" bigint, words text)`,
      ...[id, JSON.stringify(numbered)],
    );
    await countMessages(queries, id, last + rows.length, Math.max(...rows.map(({ at }) => at)));
    return last + rows.length;
  });
}

export async function* readMessages(
  database: Database,
  id: string,
  page: MessagePage = {},
): AsyncGenerator<SessionMessage> {
  const { limit, offset, ...behind } = checkPage(page);
  const dropped = await database.use(async (queries) => {
    const row = await queries.get('SELECT last_message - messages AS dropped FROM sessions WHERE id = $1', id);
    if (!row) throw noSuchSession(id);
    return Number(row.dropped);
  });
  let after = Math.max(dropped, behind.after) + offset;
  for (let left = limit; left > 0; ) {
    const count = Math.min(batch, left);
    const rows = await database.use((queries) =>
      queries.all(
        `SELECT seq, at, role, type, id, text, body, left_out FROM session_messages
         WHERE session = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
        ...[id, after, count],
      ),
    );
    for (const row of rows) yield toMessage(id, row);
    if (rows.length < count) return;
    left -= rows.length;
    after = Number(rows.at(-1)?.seq);
  }
}

/** What a fork has of its parent. Of nothing, where the message it was cut behind is not known here. */
export async function copyMessages(
  queries: Queries,
  parent: { readonly provider: string; readonly nativeId: string; readonly at: string | undefined },
  to: string,
): Promise<void> {
  const known = await queries.get(
    'SELECT id, last_message - messages AS dropped, last_message FROM sessions WHERE provider = $1 AND native_id = $2',
    ...[parent.provider, parent.nativeId],
  );
  if (!known) return;
  const from = String(known.id);
  await copyCheckpoints(queries, from, to, { at: parent.at, dropped: Number(known.dropped) });
  const cut = 'SELECT max(seq) AS seq FROM session_messages WHERE session = $1 AND id = $2';
  const last = parent.at === undefined ? known.last_message : (await queries.get(cut, from, parent.at))?.seq;
  if (typeof last !== 'number') return;
  const dropped = Number(known.dropped);
  await queries.run(
    `INSERT INTO session_messages (session, seq, at, role, type, id, text, body, left_out, words)
     SELECT $1, seq - $2, at, role, type, id, text, body, left_out, words FROM session_messages
     WHERE session = $3 AND seq > $2 AND seq <= $4 ORDER BY seq`,
    ...[to, dropped, from, last],
  );
  const count = Math.max(0, last - dropped);
  await queries.run('UPDATE sessions SET messages = $2, last_message = $2 WHERE id = $1', to, count);
}

/** Keeps the session's figures, and of its messages as many as it may have. */
async function countMessages(queries: Queries, id: string, last: number, at: number): Promise<void> {
  const row = await queries.get(
    `UPDATE sessions SET last_message = $2, last_used_at = greatest(last_used_at, $3),
       messages = least(messages + $2 - last_message, coalesce(max_messages, $2))
     WHERE id = $1 RETURNING last_message - messages AS dropped`,
    ...[id, last, at],
  );
  await queries.run('DELETE FROM session_messages WHERE session = $1 AND seq <= $2', id, Number(row?.dropped));
}

function toMessage(session: string, row: Row): SessionMessage {
  const seq = Number(row.seq);
  const text = (value: unknown) => (value === null ? null : String(value));
  return decodeMessage(session, seq, {
    ...{ at: Number(row.at), role: String(row.role), type: String(row.type), id: text(row.id) },
    ...{ text: String(row.text), body: text(row.body), leftOut: Number(row.left_out) },
  });
}
