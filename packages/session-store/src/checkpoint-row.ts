import type { SessionCheckpoint } from './checkpoint.ts';
import type { Row } from './row.ts';

/** A row of the table `session_checkpoints`. */
export function toCheckpoint(row: Row): SessionCheckpoint {
  const text = <Name extends string>(name: Name, value: unknown): { [K in Name]?: string } =>
    value === null ? {} : ({ [name]: String(value) } as { [K in Name]: string });
  return {
    session: String(row.session),
    number: Number(row.number),
    at: Number(row.at),
    seq: Number(row.last_message),
    ...text('messageId', row.message_id),
    ...(row.transcript_offset === null ? {} : { transcriptOffset: Number(row.transcript_offset) }),
    commit: String(row.commit_id),
    tree: String(row.tree),
    ...text('base', row.base),
    repository: String(row.repository),
    worktree: String(row.worktree),
    ...text('run', row.run),
    ...text('lane', row.lane),
    ...text('key', row.key),
    ...text('setAside', row.set_aside),
  };
}
