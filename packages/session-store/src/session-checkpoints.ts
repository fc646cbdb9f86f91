import type { CheckpointFilter, NewCheckpoint, SessionCheckpoint } from './checkpoint.ts';
import { toCheckpoint } from './checkpoint-row.ts';
import type { Database } from './database.ts';
import { noSuchSession, pageLimit, Where } from './queries.ts';
import type { Statements } from './sqlite.ts';

const order = 'ORDER BY at DESC, number DESC, session LIMIT ?';

export function addCheckpoint(database: Database, id: string, checkpoint: NewCheckpoint): Promise<SessionCheckpoint> {
  return database.transact((statements) => {
    const session = statements.get('SELECT last_message FROM sessions WHERE id = ?', id);
    if (!session) throw noSuchSession(id);
    const { key, messageId, transcriptOffset, base, run, lane, setAside } = checkpoint;
    const optional = [key, messageId, transcriptOffset, base, run, lane, setAside].map((value) => value ?? null);
    const { at, commit, tree, repository, worktree } = checkpoint;
    const made = statements.run(
      `INSERT INTO session_checkpoints (session, number, at, last_message, commit_id, tree, repository, worktree,
         key, message_id, transcript_offset, base, run, lane, set_aside)
       SELECT ?, 1 + coalesce(max(number), 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM session_checkpoints WHERE session = ?
       ON CONFLICT DO NOTHING`,
      ...[id, at, Number(session.last_message), commit, tree, repository, worktree, ...optional, id],
    );
    const row =
      made === 1
        ? statements.get('SELECT * FROM session_checkpoints WHERE session = ? ORDER BY number DESC LIMIT 1', id)
        : statements.get('SELECT * FROM session_checkpoints WHERE session = ? AND key = ?', id, key ?? null);
    if (!row) throw new Error(`a checkpoint of session ${id} is gone within its own transaction`);
    return toCheckpoint(row);
  });
}

export function listCheckpoints(database: Database, filter: CheckpointFilter): Promise<readonly SessionCheckpoint[]> {
  return database.use((statements) => {
    const where = new Where();
    where.equal('session', filter.session);
    where.equal('message_id', filter.messageId);
    where.equal('commit_id', filter.commit);
    const sql = `SELECT * FROM session_checkpoints ${where.sql} ${order}`;
    return statements.all(sql, ...where.values, pageLimit(filter.limit)).map(toCheckpoint);
  });
}

/** Those that a fork has of its parent. A key is of the turn that was the parent's. */
export function copyCheckpoints(
  statements: Statements,
  from: string,
  to: string,
  cut: { readonly at: string | undefined; readonly dropped: number },
): void {
  statements.run(
    `INSERT INTO session_checkpoints (session, number, at, last_message, message_id, transcript_offset, commit_id, tree,
       base, repository, worktree, run, lane)
     SELECT ?1, number, at, max(0, last_message - ?3), message_id, transcript_offset, commit_id, tree,
       base, repository, worktree, run, lane FROM session_checkpoints
     WHERE session = ?2 AND set_aside IS NULL AND (?4 IS NULL OR number <=
       (SELECT max(number) FROM session_checkpoints WHERE session = ?2 AND message_id = ?4) OR last_message <=
       (SELECT max(seq) FROM session_messages WHERE session = ?2 AND id = ?4))`,
    ...[to, from, cut.dropped, cut.at ?? null],
  );
}
