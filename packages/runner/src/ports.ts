import type { TurnSessions } from '@pawl/agent';
import type { Answer, BlobRef, Checkpoint, Commit, QuestionKind, RunEvent, Settings, Text } from '@pawl/core';
import type { Host, Provider, SessionRef } from '@pawl/provider';

/** Everything a run touches. The runner knows no provider, no database and no git: it is given these. */
export interface Ports {
  readonly log: EventLog;
  readonly worktrees: Worktrees;
  readonly agents: Agents;
  readonly commands: Commands;
  readonly files: RunFiles;
  readonly worktreeFiles: WorktreeFiles;
  /** The catalogue of conversations: what is said in them, and who works in them. */
  readonly sessions: TurnSessions;
  /** Told of every checkpoint at the end of a turn. Absent: nobody wants to know. */
  readonly checkpointed?: (made: SessionCheckpoint) => Promise<unknown>;
  /** Empty, and for the same step always the same path: agents find their conversations by the folder. */
  scratch(of: { readonly run: string; readonly step: string }): Promise<Scratch>;
  /** Without it a run that asks a person stops there, unharmed, until it is answered. */
  readonly people?: People;
  /**
   * Ends what a process that died has left running under a marker (`sweepMarked` of `@pawl/process`). Asked before a run
   * goes on. Absent: nobody looks.
   */
  readonly sweep?: (marker: string) => Promise<unknown>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The only truth about a run. */
export interface EventLog {
  read(run: string): Promise<readonly RunEvent[]>;
  /**
   * All of the events or none. Rejects when `expected` is not the last sequence number: one writer per run. Answers the
   * new last one.
   */
  append(run: string, expected: number, events: readonly RunEvent[]): Promise<number>;
}

export interface Worktrees {
  /**
   * Idempotent: makes the lane's worktree or finds it again. Never the user's checkout. `held`: the files that one which was
   * taken away has again, where its branch is still at `head`.
   */
  open(lane: {
    readonly run: string;
    readonly name: string;
    readonly base: Commit;
    readonly held?: { readonly head: Commit; readonly commit: Commit };
  }): Promise<Lane>;
  /** Paths changed between two commits. */
  changedFiles(from: Commit, to: Commit): Promise<readonly string[]>;
}

export interface Lane {
  readonly path: string;
  readonly branch: string;
  /** Records every file as it is; nothing recorded is ever lost. */
  checkpoint(options: {
    readonly name: string;
    readonly since: Commit;
    readonly message: string;
  }): Promise<Omit<Checkpoint, 'diff'> & { readonly diff: string }>;
  /** Files as in `to`; what was there is recorded first. */
  reset(to: Commit): Promise<void>;
  /**
   * Brings the commits of another lane onto this one, each by a three-way merge; a conflict changes nothing. The files
   * of `resolution` are those of the result.
   */
  merge(options: {
    readonly from: Commit;
    readonly base: Commit;
    readonly head: Commit;
    readonly resolution?: Commit;
  }): Promise<{ readonly commit: Commit } | { readonly conflict: { readonly files: readonly string[] } }>;
  /**
   * Puts into the worktree what a merge onto another lane leaves, with marks where the two conflict; what was there is
   * recorded first.
   */
  stageConflict(options: {
    readonly base: Commit;
    readonly head: Commit;
    readonly onto: Commit;
  }): Promise<{ readonly commit: Commit; readonly files: readonly string[] }>;
  /** Files of the user's checkout that git ignores; never over one that is there. What was left out, and why. */
  bringIn(
    what: NonNullable<Settings['bringIn']> & { readonly values: Readonly<Record<string, string>> },
  ): Promise<{ readonly left: readonly { readonly path: string; readonly why: string }[] }>;
  /** Before something of the agent's runs: what `verify` compares with outlives this process, until it is asked. */
  watch(): Promise<void>;
  /**
   * What has become other than it was in the files that decide what git does (settings, hooks, attributes, where objects
   * lie), since it was asked last: an agent can write them.
   */
  verify(): Promise<readonly { readonly kind: string; readonly words: string }[]>;
  /** Takes the worktree away once its commits are elsewhere; a checkpoint holds what was in it. */
  remove(options: { readonly branch: 'drop' }): Promise<unknown>;
  /** One commit on the run's branch. Called again after a crash it answers the commit that is there. */
  advance(options: {
    readonly from: Commit;
    readonly checkpoint: Commit;
    readonly subject: string;
    readonly trailers: Readonly<Record<string, string>>;
  }): Promise<Commit | undefined>;
}

/** A person who can be asked now. */
export interface People {
  /**
   * Waits as long as it takes; the signal calls the question off. Undefined: nobody is there any more (standard input
   * has ended). Then the run waits as it does without people.
   */
  ask(question: Question, signal: AbortSignal): Promise<Answer | undefined>;
}
export interface Question {
  readonly run: string;
  readonly step: string;
  readonly attempt: number;
  readonly question: QuestionKind;
  /** The worktree's folder. */
  readonly lane: string;
  /** What is asked about: an approval names it. */
  readonly tree?: string;
}

/** A folder of its own for an agent that is to see nothing of the project. */
export interface Scratch {
  readonly path: string;
  remove(): Promise<void>;
}

export interface Agents {
  /** Undefined: not installed. */
  provider(id: string): Promise<Provider | undefined>;
  /** What an adapter may touch, with the provider's part of the environment. */
  host(provider: Provider, options: HostOptions): Host;
}
export interface HostOptions {
  /** Found again in the environment of every process of the turn. */
  readonly marker: string;
  /** The native stream as it comes. */
  onStdout(chunk: Uint8Array): void | Promise<void>;
}

/** The files as they are where a conversation now stands, kept by a commit. */
export interface SessionCheckpoint {
  readonly ref: SessionRef;
  readonly at: number;
  readonly messageId?: string;
  readonly commit: Commit;
  readonly tree: string;
  readonly base: Commit;
  readonly repository: string;
  readonly worktree: string;
  readonly run: string;
  readonly lane: string;
  /** Unique: one that is told twice counts once. */
  readonly key: string;
}

export interface Commands {
  /** Runs `sh -c command`. Rejects only with what `onOutput` threw. Its whole tree is gone when it settles. */
  run(command: {
    readonly command: string;
    readonly cwd: string;
    readonly timeoutMs: number;
    readonly marker: string;
    readonly signal: AbortSignal;
    /** Standard output and error as they come. If it throws the command is stopped. */
    onOutput?(chunk: Uint8Array): void;
  }): Promise<CommandEnd>;
}
export interface CommandEnd {
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly error?: { readonly message: string };
  readonly timedOut: boolean;
  readonly cancelled: boolean;
  readonly stdout: string;
  /** Standard output and error in order of arrival, head and tail kept. */
  readonly output: string;
  readonly durationMs: number;
}

/** A run's own files: prompts, native streams, gate output, blobs. Secrets are taken out before anything is written. */
export interface RunFiles {
  write(run: string, name: string, text: string): Promise<void>;
  /** Undefined when it is absent. */
  read(run: string, name: string): Promise<string | undefined>;
  /** Begins the file anew: an effect that is performed again writes it again. */
  open(run: string, name: string): Promise<FileSink>;
  /** Short text stays as it is; long text becomes a blob. */
  keep(run: string, text: string): Promise<Text>;
  /** Rejects with RunnerError `blob-missing`. */
  blob(run: string, ref: BlobRef): Promise<string>;
}
export interface FileSink {
  /**
   * What it is given is in the file, up to the last whole line, when it returns: nothing waits in memory. Throws when it
   * cannot be written. After `close` it does nothing.
   */
  write(chunk: Uint8Array): void;
  /** Writes what is left. Idempotent. */
  close(): Promise<void>;
}
/** Takes secrets out of what is written. */
export interface Redactor {
  text(text: string): string;
  /** For text that comes in chunks: a secret in the seam of two is found too. */
  stream(): { write(chunk: string): string; end(): string };
}

/** Files of a worktree, which an agent can write: links are never followed out of it. */
export interface WorktreeFiles {
  /**
   * Undefined when it is absent. Rejects with RunnerError `file-too-large`, `outside-worktree` (also for what is not a
   * plain file) or `file-timeout`. `links: 'never'`: no link on the way, not even to a place inside the worktree.
   */
  read(
    worktree: string,
    path: string,
    maxBytes: number,
    options?: { readonly links?: 'inside' | 'never' },
  ): Promise<string | undefined>;
  /** Of what lies in the worktree's top folder; no more than ten thousand. */
  names(worktree: string): Promise<readonly string[]>;
  /** A file or a whole folder; a link itself, never what it leads to. Nothing behind a folder that is a link. */
  remove(worktree: string, path: string): Promise<void>;
  /** An empty folder stands there afterwards; nothing is done behind a folder that is a link or a file. */
  emptyFolder(worktree: string, path: string): Promise<void>;
}
