import { randomBytes } from 'node:crypto';
import type { Database } from './database.ts';
import type { SessionFacts, SessionRecord, SessionTurn } from './session-contract.ts';
import { copyMessages } from './session-messages.ts';
import { getSession } from './session-records.ts';
import type { Statements, Value } from './sqlite.ts';
import { titleWords } from './titles.ts';

export function beginSession(database: Database, facts: SessionFacts): Promise<SessionRecord> {
  return database.transact((statements) => {
    const id = touchSession(statements, facts);
    return updated(statements, id, facts);
  });
}

export function recordTurn(database: Database, turn: SessionTurn): Promise<SessionRecord> {
  return database.transact((statements) => {
    const id = touchSession(statements, turn);
    nameLastMessage(statements, id, turn.messageId);
    if (insertTurn(statements, id, turn)) {
      addUp(statements, id, turn);
      return updated(statements, id, turn);
    }
    addTags(statements, id, turn.tags ?? []);
    return session(statements, id);
  });
}

export function addTags(statements: Statements, id: string, tags: readonly string[]): void {
  for (const tag of tags)
    statements.run('INSERT INTO session_tags (session, tag) VALUES (?, ?) ON CONFLICT DO NOTHING', id, tag);
}

/** The session's row, made when it is first told of. */
function touchSession(statements: Statements, { ref, parent, at }: SessionFacts): string {
  const known = statements.get(
    'SELECT id, turns, parent_native_id FROM sessions WHERE provider = ? AND native_id = ?',
    ...[ref.provider, ref.id],
  );
  if (known) return String(known.id);
  const id = randomBytes(8).toString('hex');
  statements.run(
    `INSERT INTO sessions (id, provider, native_id, cwd, parent_native_id, parent_at, created_at, last_used_at, turns,
       unpriced_turns) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0)`,
    ...[id, ref.provider, ref.id, ref.cwd, parent?.ref.id ?? null, parent?.at ?? null, at, at],
  );
  if (parent) copyMessages(statements, { provider: ref.provider, nativeId: parent.ref.id, at: parent.at }, id);
  return id;
}

/** Everything but the figures. A session that is used is in the archive no longer. */
function updated(statements: Statements, id: string, facts: SessionFacts & { messageId?: string }): SessionRecord {
  const { ref, title } = facts;
  const values: readonly (Value | undefined)[] = [
    ...[id, facts.at, ref.cwd, ref.token && JSON.stringify(ref.token), facts.agent, facts.model],
    ...[title, title === undefined ? undefined : titleWords(title), facts.owner, facts.repository],
    ...[facts.run, facts.step, facts.messageId, facts.transcript, facts.maxMessages, facts.origin],
  ];
  statements.run(
    `UPDATE sessions SET
       created_at = min(created_at, ?2), last_used_at = max(last_used_at, ?2), cwd = ?3, token = ?4, archived = 0,
       agent = coalesce(?5, agent), model = coalesce(?6, model),
       title = coalesce(title, ?7), title_words = coalesce(title_words, ?8),
       owner = coalesce(?9, owner), repository = coalesce(?10, repository),
       run = coalesce(?11, run), step = coalesce(?12, step), message_id = coalesce(?13, message_id),
       transcript = coalesce(?14, transcript), max_messages = coalesce(?15, max_messages),
       origin = coalesce(?16, origin)
     WHERE id = ?1`,
    ...values.map((value) => value ?? null),
  );
  addTags(statements, id, facts.tags ?? []);
  return session(statements, id);
}

/** False when this turn is there already. */
function insertTurn(statements: Statements, id: string, turn: SessionTurn): boolean {
  const optional = [turn.key, turn.model, turn.run, turn.step, turn.messageId].map((value) => value ?? null);
  return (
    statements.run(
      `INSERT INTO session_turns (session, number, at, usage, key, model, run, step, message_id, last_message)
       SELECT ?, 1 + coalesce(max(number), 0), ?, ?, ?, ?, ?, ?, ?, (SELECT last_message FROM sessions WHERE id = ?)
       FROM session_turns WHERE session = ?
       ON CONFLICT DO NOTHING`,
      ...[id, turn.at, JSON.stringify(turn.usage), ...optional, id, id],
    ) === 1
  );
}

/** NULL + 1 is NULL in SQL: a sum that was never reported stays unknown. */
function addUp(statements: Statements, id: string, { usage }: SessionTurn): void {
  const values = [id, usage.costUsd === undefined ? 1 : 0, usage.costUsd, usage.inputTokens, usage.outputTokens];
  statements.run(
    `UPDATE sessions SET turns = turns + 1, unpriced_turns = unpriced_turns + ?2,
       cost_usd = coalesce(cost_usd + ?3, cost_usd, ?3),
       input_tokens = coalesce(input_tokens + ?4, input_tokens, ?4),
       output_tokens = coalesce(output_tokens + ?5, output_tokens, ?5)
     WHERE id = ?1`,
    ...values.map((value) => value ?? null),
  );
}

/** Agents tell the id of their last message at the end of the turn, when it is stored already. */
function nameLastMessage(statements: Statements, id: string, messageId: string | undefined): void {
  if (messageId === undefined) return;
  statements.run(
    `UPDATE session_messages SET id = ?1 WHERE session = ?2 AND id IS NULL AND seq =
       (SELECT max(seq) FROM session_messages WHERE session = ?2 AND role = 'assistant')`,
    ...[messageId, id],
  );
}

function session(statements: Statements, id: string): SessionRecord {
  const found = getSession(statements, id);
  if (!found) throw new Error(`session ${id} is gone within its own transaction`);
  return found;
}
