import type { ProcessIdentity } from './identity.ts';

export interface ProcessCommand {
  /** A program's name (looked up in `env.PATH`) or path. Never a shell line. */
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment: nothing is inherited. See `cleanEnvironment`. */
  readonly env: Readonly<Record<string, string>>;
  /** Written to standard input, which is then closed. Without it standard input is empty. */
  readonly stdin?: string | Uint8Array;
  /** Standard input stays open behind `stdin`, for `write`, until `endInput` or the end of the process. */
  readonly stdinOpen?: true;
  /**
   * Files by name, written to a folder for this process alone, which is removed when no process of the tree is left.
   * An argument or a value of `env` that equals a name becomes the file's path.
   */
  readonly files?: Readonly<Record<string, string>>;
  /** Value of `PAWL_PROCESS` in the child's environment, by which `sweepMarked` finds what was left behind. */
  readonly marker?: string;
  /** A longer line arrives cut to its head, with `truncatedBytes`. Default 8 MiB. */
  readonly maxLineBytes?: number;
  /**
   * Every chunk of standard output, before it is split. A promise holds the child back until it settles.
   * If it throws or rejects it is not called again, and `lines` ends with its error.
   */
  onStdout?(chunk: Uint8Array): void | Promise<void>;
  /** How much of the end of standard error `exit.stderrTail` keeps. Default 16 KiB. */
  readonly stderrTailBytes?: number;
  onStderr?(chunk: Uint8Array): void;
  /** From SIGTERM to SIGKILL. Default 5000. */
  readonly stopGraceMs?: number;
}

export interface RunningProcess {
  /** Undefined when it could not be started; `exit` then tells why. */
  readonly pid: number | undefined;
  /** The process id with its start time. Also undefined on Windows. */
  readonly identity: ProcessIdentity | undefined;
  /**
   * Standard output by lines, without line ends (LF or CRLF), to be iterated once. A reader that pauses holds the
   * child back. While nobody reads, 1 MiB is kept; past that, and after a reader has left, lines are dropped (the
   * numbers still count them). Ends when the tree is gone, even if some other process still holds the pipe.
   */
  readonly lines: AsyncIterable<OutputLine>;
  /** Settles when no process of the tree is left (or the system refuses to end one); never rejects. */
  readonly exit: Promise<Exit>;
  /** Stops the whole tree: SIGTERM, then SIGKILL. Idempotent, bounded in time, never rejects. */
  stop(): Promise<void>;
  /**
   * There when `stdinOpen` was asked for. True once the process's pipe has taken all of the text, false when it no longer
   * can (the process is gone or has closed its input, `endInput` was called); never rejects. A process that does not read leaves it open:
   * to be awaited before the next one, what waits is kept.
   */
  write?(text: string): Promise<boolean>;
  /** There with `write`: closes standard input behind what was written. Idempotent. */
  endInput?(): void;
}

export interface OutputLine {
  /** From 1, in everything the child printed. */
  readonly line: number;
  readonly text: string;
  /** How many bytes of the line were cut off. */
  readonly truncatedBytes?: number;
}

export interface Exit {
  /** Undefined when it was ended by a signal or could not be started. */
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly stderrTail: string;
  /** It could not be started. */
  readonly error?: StartFailure;
}

export interface StartFailure {
  readonly code: 'not-found' | 'not-executable' | 'bad-cwd' | 'spawn-failed';
  readonly message: string;
}
