import type { CheckpointFilter, NewCheckpoint, SessionCheckpoint } from '@pawl/session-store';
import { noSuchSession, pageLimit, toCheckpoint } from '@pawl/session-store/adapter';
import type { Database, Queries } from './database.ts';
import { Where } from './where.ts';

export function addCheckpoint(database: Database, id: string, checkpoint: NewCheckpoint): Promise<SessionCheckpoint> {
  return database.transact(async (queries) => {
    // Locked, so that no two get one number.
    const session = await queries.get('SELECT last_message FROM sessions WHERE id = $1 FOR UPDATE', id);
    if (!session) throw noSuchSession(id);
    const { key, messageId, transcriptOffset, base, run, lane, setAside } = checkpoint;
    const optional = [key, messageId, transcriptOffset, base, run, lane, setAside].map((value) => value ?? null);
    const { at, commit, tree, repository, worktree } = checkpoint;
    const made = await queries.get(
      `INSERT INTO session_checkpoints (session, number, at, last_message, commit_id, tree, repository, worktree,
         key, message_id, transcript_offset, base, run, lane, set_aside)
       VALUES ($1, 1 + coalesce((SELECT max(number) FROM session_checkpoints WHERE session = $1), 0),
         $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
       ON CONFLICT DO NOTHING RETURNING *`,
      ...[id, at, Number(session.last_message), commit, tree, repository, worktree, ...optional],
    );
    const known = 'SELECT * FROM session_checkpoints WHERE session = $1 AND key = $2';
    const row = made ?? (await queries.get(known, id, key ?? null));
    if (!row) throw new Error(`a checkpoint of session ${id} is gone within its own transaction`);
    return toCheckpoint(row);
  });
}

export function listCheckpoints(database: Database, filter: CheckpointFilter): Promise<readonly SessionCheckpoint[]> {
  return database.use(async (queries) => {
    const where = new Where();
    where.equal('session', filter.session);
    where.equal('message_id', filter.messageId);
    where.equal('commit_id', filter.commit);
    const limit = where.bind(pageLimit(filter.limit));
    const sql = `SELECT * FROM session_checkpoints ${where.sql} ORDER BY at DESC, number DESC, session LIMIT ${limit}`;
    return (await queries.all(sql, ...where.values)).map(toCheckpoint);
  });
}

/** Those that a fork has of its parent. A key is of the turn that was the parent's. */
export async function copyCheckpoints(
  queries: Queries,
  from: string,
  to: string,
  cut: { readonly at: string | undefined; readonly dropped: number },
): Promise<void> {
  await queries.run(
    `INSERT INTO session_checkpoints (session, number, at, last_message, message_id, transcript_offset, commit_id, tree,
       base, repository, worktree, run, lane)
     SELECT $1, number, at, greatest(0, last_message - $3), message_id, transcript_offset, commit_id, tree,
       base, repository, worktree, run, lane FROM session_checkpoints
     WHERE session = $2 AND set_aside IS NULL AND ($4::text IS NULL OR number <=
       (SELECT max(number) FROM session_checkpoints WHERE session = $2 AND message_id = $4) OR last_message <=
       (SELECT max(seq) FROM session_messages WHERE session = $2 AND id = $4))`,
    ...[to, from, cut.dropped, cut.at ?? null],
  );
}
