import type {
  Access,
  AgentEvent,
  Capabilities,
  Command,
  Exit,
  Host,
  JsonObject,
  OutputLine,
  Provider,
  SerializedProviderError,
  SessionRef,
  SessionStart,
  Silence,
  StandardSchema,
  TurnOutcome,
  Usage,
} from '@pawl/provider';

/** Everything an adapter may say within a turn. The first and the last event are the kit's. */
export type BodyEvent = Exclude<AgentEvent, { readonly type: 'turn-start' | 'turn-end' }>;

/** One run of the CLI: what was asked for, with nothing in it that the capabilities do not list. */
export interface Launch<Options> {
  readonly cwd: string;
  readonly options: Options;
  readonly model?: string;
  readonly access: Access;
  /** What this run has to do: from the second turn of a session on it is `resume`. */
  readonly start: SessionStart;
  readonly prompt: string;
  readonly limits: { readonly turns?: number; readonly costUsd?: number };
  readonly outputSchema?: JsonObject;
  /** What the agent will see of the environment. For decisions; it is handed on by the kit. */
  readonly env: Readonly<Record<string, string>>;
  /** A random UUID, the same for all turns of one session: for adapters that name sessions themselves. */
  readonly freshId: string;
  /** What {@link CliProviderDefinition.prepare} returned. */
  readonly prepared?: JsonObject;
}

/**
 * One per turn. Pure: no clock, no I/O, so that its tests are recorded files. It may assume nothing about the lines:
 * half ones, unknown ones and none at all must all lead to an `end`.
 */
export interface Translator {
  /** A line it does not know is answered with a `native` event; one it knows and does not need with nothing. */
  line(native: OutputLine): Iterable<BodyEvent>;
  /** Called once, after the last line. */
  end(exit: Exit): Verdict;
  /**
   * For an agent that is talked to (`stdinOpen`): what to write to it next, whole lines, in order; a promise where an answer
   * has to be looked up first. Asked once at the start, and after each line and `cancel`.
   */
  outgoing?(): readonly (string | Promise<string>)[];
  /** The turn is to be stopped: whatever `outgoing` then gives is written, and a moment later the process is stopped. */
  cancel?(): void;
  /**
   * Everything has been said, whether or not the process ends by itself: standard input is closed, and after five seconds
   * the process is stopped. The verdict stays.
   */
  readonly over?: boolean;
}

export interface Verdict {
  readonly outcome: TurnOutcome;
  readonly usage: Usage;
  /** Undefined: the agent told none. Never invented. */
  readonly session: SessionRef | undefined;
  /** The model that answered, where the CLI tells. */
  readonly model?: string;
  readonly messageId?: string;
}

/** An adapter for a CLI that runs once per turn. `command` and `translate` are pure. */
export interface CliProviderDefinition<Options> {
  readonly id: string;
  readonly title: string;
  /** How to install it, one sentence; shown when the program is not there. */
  readonly install: string | ((options: Options) => string);
  readonly options: StandardSchema<Options>;
  readonly models: Readonly<Record<string, string>>;
  readonly environment: readonly string[];
  readonly sessionDirVariable?: string;
  readonly silence?: Silence;
  readonly capabilities: Capabilities;
  readonly probe: Provider<Options>['probe'];
  /**
   * The command line of one turn. Throws a `ProviderError` for what cannot be asked for (also called once by `open`,
   * with an empty prompt, so that such a refusal comes before the first turn).
   */
  readonly command: (launch: Launch<Options>) => Command;
  readonly translate: (launch: Launch<Options>, host: Host) => Translator;
  /** Looks at files before the command line is made; a `ProviderError` it throws ends the turn. */
  readonly prepare?: (launch: Launch<Options>, host: Host) => Promise<JsonObject>;
  /** Whether the model that answered is the one asked for. Default: the names are equal. */
  readonly sameModel?: (asked: string, answered: string, launch: Launch<Options>) => boolean;
  /** What is wrong with the session that answered, besides what the kit compares by itself (resume, fork, chosen id). */
  readonly checkSession?: (launch: Launch<Options>, answered: SessionRef) => SerializedProviderError | undefined;
  readonly listSessions?: NonNullable<Provider<Options>['listSessions']>;
  readonly exportSession?: NonNullable<Provider<Options>['exportSession']>;
  readonly packSession?: NonNullable<Provider<Options>['packSession']>;
  readonly placeSession?: NonNullable<Provider<Options>['placeSession']>;
  readonly readSession?: NonNullable<Provider<Options>['readSession']>;
  readonly renameSession?: NonNullable<Provider<Options>['renameSession']>;
  readonly tagSession?: NonNullable<Provider<Options>['tagSession']>;
  readonly interactive?: NonNullable<Provider<Options>['interactive']>;
  readonly sessionRetention?: NonNullable<Provider<Options>['sessionRetention']>;
}

/** Of the outside world; tests hand in their own. */
export interface Surroundings {
  readonly clock: Clock;
  readonly newId: () => string;
}

export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Calls `run` once after `ms`; returns what calls it off. */
  after(ms: number, run: () => void): () => void;
}
