import { randomBytes } from 'node:crypto';
import type { SessionFacts, SessionRecord, SessionTurn } from '@pawl/session-store';
import { titleWords } from '@pawl/session-store/adapter';
import type { Database, Queries, Value } from './database.ts';
import { copyMessages } from './session-messages.ts';
import { getSession } from './session-records.ts';

export function beginSession(database: Database, facts: SessionFacts): Promise<SessionRecord> {
  return database.transact(async (queries) => updated(queries, await touchSession(queries, facts), facts));
}

export function recordTurn(database: Database, turn: SessionTurn): Promise<SessionRecord> {
  return database.transact(async (queries) => {
    const id = await touchSession(queries, turn);
    await nameLastMessage(queries, id, turn.messageId);
    if (await insertTurn(queries, id, turn)) {
      await addUp(queries, id, turn);
      return updated(queries, id, turn);
    }
    await addTags(queries, id, turn.tags ?? []);
    return session(queries, id);
  });
}

export async function addTags(queries: Queries, id: string, tags: readonly string[]): Promise<void> {
  for (const tag of tags)
    await queries.run('INSERT INTO session_tags (session, tag) VALUES ($1, $2) ON CONFLICT DO NOTHING', id, tag);
}

/** The session's row, locked; made when it is first told of. */
async function touchSession(queries: Queries, { ref, parent, at }: SessionFacts): Promise<string> {
  const id = randomBytes(8).toString('hex');
  const made = await queries.run(
    `INSERT INTO sessions (id, provider, native_id, cwd, parent_native_id, parent_at, created_at, last_used_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (provider, native_id) DO NOTHING`,
    ...[id, ref.provider, ref.id, ref.cwd, parent?.ref.id ?? null, parent?.at ?? null, at],
  );
  if (made === 0) {
    const known = await queries.get(
      'SELECT id FROM sessions WHERE provider = $1 AND native_id = $2 FOR UPDATE',
      ...[ref.provider, ref.id],
    );
    if (known) return String(known.id);
    // Removed in between.
    return touchSession(queries, { ref, at, ...(parent ? { parent } : {}) });
  }
  if (parent) await copyMessages(queries, { provider: ref.provider, nativeId: parent.ref.id, at: parent.at }, id);
  return id;
}

/** Everything but the figures. A session that is used is in the archive no longer. */
async function updated(
  queries: Queries,
  id: string,
  facts: SessionFacts & { messageId?: string },
): Promise<SessionRecord> {
  const { ref, title } = facts;
  const values: readonly (Value | undefined)[] = [
    ...[id, facts.at, ref.cwd, ref.token && JSON.stringify(ref.token), facts.agent, facts.model],
    ...[title, title === undefined ? undefined : titleWords(title), facts.owner, facts.repository],
    ...[facts.run, facts.step, facts.messageId, facts.transcript, facts.maxMessages, facts.origin],
  ];
  await queries.run(
    `UPDATE sessions SET
       created_at = least(created_at, $2), last_used_at = greatest(last_used_at, $2), cwd = $3, token = $4, archived = 0,
       agent = coalesce($5, agent), model = coalesce($6, model),
       title = coalesce(title, $7), title_words = coalesce(title_words, $8),
       owner = coalesce($9, owner), repository = coalesce($10, repository),
       run = coalesce($11, run), step = coalesce($12, step), message_id = coalesce($13, message_id),
       transcript = coalesce($14, transcript), max_messages = coalesce($15, max_messages),
       origin = coalesce($16, origin)
     WHERE id = $1`,
    ...values.map((value) => value ?? null),
  );
  await addTags(queries, id, facts.tags ?? []);
  return session(queries, id);
}

/** False when this turn is there already. */
async function insertTurn(queries: Queries, id: string, turn: SessionTurn): Promise<boolean> {
  const optional = [turn.key, turn.model, turn.run, turn.step, turn.messageId].map((value) => value ?? null);
  const inserted = await queries.run(
    `INSERT INTO session_turns (session, number, at, usage, key, model, run, step, message_id, last_message)
     SELECT $1, 1 + coalesce((SELECT max(number) FROM session_turns WHERE session = $1), 0), $2, $3, $4, $5, $6, $7, $8,
       last_message FROM sessions WHERE id = $1
     ON CONFLICT DO NOTHING`,
    ...[id, turn.at, JSON.stringify(turn.usage), ...optional],
  );
  return inserted === 1;
}

/** NULL + 1 is NULL in SQL: a sum that was never reported stays unknown. */
async function addUp(queries: Queries, id: string, { usage }: SessionTurn): Promise<void> {
  const values = [id, usage.costUsd === undefined ? 1 : 0, usage.costUsd, usage.inputTokens, usage.outputTokens];
  await queries.run(
    `UPDATE sessions SET turns = turns + 1, unpriced_turns = unpriced_turns + $2,
       cost_usd = coalesce(cost_usd + $3, cost_usd, $3),
       input_tokens = coalesce(input_tokens + $4, input_tokens, $4),
       output_tokens = coalesce(output_tokens + $5, output_tokens, $5)
     WHERE id = $1`,
    ...values.map((value) => value ?? null),
  );
}

/** Agents tell the id of their last message at the end of the turn, when it is stored already. */
async function nameLastMessage(queries: Queries, id: string, messageId: string | undefined): Promise<void> {
  if (messageId === undefined) return;
  await queries.run(
    `UPDATE session_messages SET id = $1 WHERE session = $2 AND id IS NULL AND seq =
       (SELECT max(seq) FROM session_messages WHERE session = $2 AND role = 'assistant')`,
    ...[messageId, id],
  );
}

async function session(queries: Queries, id: string): Promise<SessionRecord> {
  const found = await getSession(queries, id);
  if (!found) throw new Error(`session ${id} is gone within its own transaction`);
  return found;
}
