/** The files of a session's worktree at the end of a turn. */
export interface NewCheckpoint {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The agent's id of its last message then: where a fork can be cut. */
  readonly messageId?: string;
  /** How many bytes the agent's own transcript had then. */
  readonly transcriptOffset?: number;
  /** Holds all files, tracked and untracked. */
  readonly commit: string;
  readonly tree: string;
  /** Where the worktree's branch stood. */
  readonly base?: string;
  /** The checkout whose repository holds them. */
  readonly repository: string;
  readonly worktree: string;
  readonly run?: string;
  /** Of that run. */
  readonly lane?: string;
  /** Unique per session, so that a turn recorded twice counts once (`<run>/<effect id>`). */
  readonly key?: string;
  /** Made by a rewind: our id of the session that holds what was said behind the message it went back to. */
  readonly setAside?: string;
}

export interface SessionCheckpoint extends NewCheckpoint {
  /** Our id of the session. */
  readonly session: string;
  /** From 1, in the order they were made. */
  readonly number: number;
  /** The number of the last message kept here then; 0: none. */
  readonly seq: number;
}

export interface CheckpointFilter {
  readonly session?: string;
  readonly messageId?: string;
  readonly commit?: string;
  /** 1 to 1000, default 50. */
  readonly limit?: number;
}
