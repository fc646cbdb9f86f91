import type { Capabilities, Probe } from './capabilities.ts';
import type { Host } from './host.ts';
import type { TranscriptMessage } from './message.ts';
import type { PlaceRequest, SessionPart, SessionPlacement } from './moving.ts';
import type { OpenRequest, Session, SessionRef, SessionRetention, SessionSummary } from './session.ts';

/** Raised only by a breaking change of this contract; a loader refuses any other value by name. */
export type SpecVersion = 'v1';

/**
 * An adapter for one agent. A plug-in is a package whose default export is one of these.
 * Everything but the functions is data; an adapter never spawns, reads the clock or the environment by itself:
 * whatever it may touch comes in as {@link Host}.
 */
export interface Provider<Options = unknown> {
  readonly spec: SpecVersion;
  /** Stable, kebab-case, equal to the suffix of the package name: `claude`, `codex`, `script`. */
  readonly id: string;
  /** What people call it: `Claude Code`. */
  readonly title: string;
  /** Validates `agents.<name>.options` of the configuration. Unknown keys are an issue with their path. */
  readonly options: StandardSchema<Options>;
  /** Short names after `<id>-` in a workflow (`opus`) to the model the CLI is given. Other names pass through. */
  readonly models: Readonly<Record<string, string>>;
  /**
   * Names of the environment variables that this agent needs, with `*` at the end for a prefix (`ANTHROPIC_*`).
   * Nothing else of the caller's environment reaches it, but for the common ones (PATH, HOME, locale, proxy, …).
   */
  readonly environment: readonly string[];
  /**
   * The variable of its environment that names the folder of the agent's sessions and moves nothing else. Absent: they stay
   * where they are.
   */
  readonly sessionDirVariable?: string;
  /** Absent, or a part of it: what holds for all agents. */
  readonly silence?: Silence;
  /** What the agent can do whatever its version; `probe` narrows it for the one that is installed. */
  readonly capabilities: Capabilities;
  /** Is it here, which version, signed in? Absence is an answer, not an error. Makes no paid call. */
  probe(host: Host, options: Options): Promise<Probe>;
  /**
   * One door for new, resumed and forked conversations. Rejects with a {@link ProviderError} for whatever can be known
   * before the first turn: `bad-option`, `unsupported`, `session-not-found` (a reference of another provider).
   */
  open(request: OpenRequest<Options>, host: Host): Promise<Session>;
  /** Sessions the agent itself knows for a folder, newest first. Present exactly when `capabilities` lists `list`. */
  listSessions?(
    query: { readonly cwd: string; readonly limit?: number },
    host: Host,
  ): Promise<readonly SessionSummary[]>;
  /** The agent's own transcript, line by line. Present exactly when `capabilities` lists `export`. */
  exportSession?(ref: SessionRef, host: Host): AsyncIterable<string>;
  /**
   * Everything the agent needs of a conversation, a fork's source included. Present exactly when `capabilities` lists `move`;
   * so is {@link placeSession}. Rejects with `session-not-found`.
   */
  packSession?(ref: SessionRef, host: Host): Promise<readonly SessionPart[]>;
  /** Where the parts belong on this machine, in this folder. Writes nothing; trusts nothing in the parts' names. */
  placeSession?(request: PlaceRequest, host: Host): Promise<SessionPlacement>;
  /**
   * What was said and done, from the agent's own transcript and in its order; lines that cannot be read are left out. Of any
   * size: it is read as it is asked for. Present exactly when `capabilities` lists `read`.
   */
  readSession?(ref: SessionRef, host: Host): AsyncIterable<TranscriptMessage>;
  /**
   * Gives the session this title where the agent keeps it, so that its own picker shows it. Rejects with a
   * {@link ProviderError}; makes no paid call. Present exactly when `capabilities` lists `rename`.
   */
  renameSession?(ref: SessionRef, title: string, host: Host): Promise<void>;
  /** All the tags the session has from now on, likewise. Present exactly when `capabilities` lists `tag`. */
  tagSession?(ref: SessionRef, tags: readonly string[], host: Host): Promise<void>;
  /** The words of the command that opens the session in the agent's own interface, in the session's folder. Absent: none. */
  interactive?(ref: SessionRef): readonly string[];
  /** When the agent by itself deletes sessions of a folder, by its settings; undefined: it does not, as far as is known. */
  sessionRetention?(cwd: string, host: Host): Promise<SessionRetention | undefined>;
}

/** How long an agent at work may say nothing before it is taken to hang, in milliseconds. */
export interface Silence {
  /** Until the first line of a turn. Some say hello at once, some say nothing before the model answers. */
  readonly firstEventMs?: number;
  /** Between two lines. Some tell a command only when it is over. */
  readonly idleMs?: number;
}

/** Standard Schema (https://standardschema.dev), version 1; a zod schema is one. */
export interface StandardSchema<T> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<T> | Promise<SchemaResult<T>>;
  };
}
export type SchemaResult<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}
