/** Everything an adapter may touch. Tests hand in fakes. */
export interface Host {
  /** Starts one process. Never throws: a program that cannot be started ends with `exit.error`. */
  spawn(command: Command): Child;
  /** What this agent is given of the environment; already filtered to {@link Provider.environment}. */
  readonly env: Readonly<Record<string, string>>;
  /** Rejects when the file is absent or larger than a few megabytes. */
  readFile(path: string): Promise<string>;
  /** The beginning of a file of any size; rejects when it is absent. A host need not have it. */
  readHead?(path: string, bytes: number): Promise<string>;
  /** Names in a folder; empty when it is absent. */
  listFolder(path: string): Promise<readonly string[]>;
  /** Line by line, whatever the size of the file. A host need not have it. */
  readLines?(path: string): AsyncIterable<string>;
  /** Adds one line to the end of a file that is there, on a line of its own. A host need not have it. */
  appendLine?(path: string, line: string): Promise<void>;
  log(level: 'debug' | 'warn', message: string): void;
  /** What lies below one folder, for an agent that has its client read and write. A host need not have it. */
  files?(folder: string): FolderFiles;
}

/** Paths are absolute or count from the folder. Links are followed, but never out of it. */
export interface FolderFiles {
  /** Whether the path leads into the folder, or would once it is made; false where that cannot be told. */
  contains(path: string): Promise<boolean>;
  /** Rejects for what is absent (`code: 'ENOENT'`), elsewhere, no file, or larger than a few megabytes. */
  read(path: string): Promise<string>;
  /** Makes the file and the folders it needs. Rejects for what is elsewhere or no file. */
  write(path: string, text: string): Promise<void>;
}

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Added to {@link Host.env}. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written to standard input, which is then closed. Without it standard input is closed at once: some CLIs hang on an open one. */
  readonly stdin?: string;
  /** For an agent that is talked to: standard input stays open behind `stdin`, and the child has `write` and `endInput`. */
  readonly stdinOpen?: true;
  /**
   * Names as in {@link Provider.environment}: of {@link Host.env} this process gets no others but the common ones. For a
   * provider of several agents, none of which needs the keys of the others.
   */
  readonly environment?: readonly string[];
  /**
   * Small files by name, for a CLI that takes something only as a file. They are in a private folder that is gone when the
   * process is; an argument or a value of `env` that equals a name becomes the path.
   */
  readonly files?: Readonly<Record<string, string>>;
}

export interface Child {
  /**
   * Standard output, line by line, in order, without the line end. Ends when the process is gone, even if a
   * grandchild still holds the pipe. A line over the host's cap arrives as `{ text: its head, truncatedBytes }`.
   * To be iterated once.
   */
  readonly lines: AsyncIterable<OutputLine>;
  /** Settles when no process of the tree is left; never rejects. */
  readonly exit: Promise<Exit>;
  /** Stops the whole tree: politely, then by force. Idempotent; resolves when no process is left. */
  stop(): Promise<void>;
  /**
   * True once the process has been handed all of the text, false when it no longer can be; never rejects. A process that
   * does not read leaves it open: await one before the next.
   */
  write?(text: string): Promise<boolean>;
  /** Closes standard input behind what was written. Idempotent. */
  endInput?(): void;
}

/** `line` counts from 1 in the stored native stream, so that an event can be explained by where it came from. */
export interface OutputLine {
  readonly line: number;
  readonly text: string;
  readonly truncatedBytes?: number;
}

export interface Exit {
  /** Undefined when it was ended by a signal or could not be started. */
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly stderrTail: string;
  /** It could not be started: `not-found` (no such program), else the system's code. */
  readonly error?: {
    readonly code: 'not-found' | 'not-executable' | 'bad-cwd' | 'spawn-failed';
    readonly message: string;
  };
}
