import type { Access, AgentEvent, Host, Json, JsonObject, SessionRef, TurnOutcome, Usage } from '@pawl/provider';
import type { SessionStore } from '@pawl/session-store';
import type { NotRecorded } from './kept-turn.ts';
import type { TurnLimits } from './turn-request.ts';

export interface AgentOptions {
  /** Where the agent works. Default: the folder of the session that goes on, else the current one. */
  readonly cwd?: string;
  /** Default: the agent's own. */
  readonly model?: string;
  /** Default `edit`. */
  readonly access?: Access;
  /** The provider's own options; wrong ones end each run as `failed` with `bad-option`. */
  readonly options?: unknown;
  /** A limit of every run: `limits.wallMs`. */
  readonly timeoutMs?: number;
  /** Of every run, unless the run says otherwise. */
  readonly limits?: TurnLimits;
  /** No first event of a run within it: the run fails with `timeout`. Default: the agent is waited for. */
  readonly firstEventMs?: number;
  /** No event of a run for so long: the run fails with `timeout`. Default: the agent is waited for. */
  readonly idleMs?: number;
  /** Added to the agent's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: real processes and files, with what the provider needs of `process.env`. */
  readonly host?: Host;
  /**
   * Where each turn is recorded with its messages as they come, and session ids are looked up. With one, a session that
   * another process works in is refused (`session-busy`). Not closed by the agent.
   */
  readonly store?: SessionStore;
  /**
   * Keeps the files at the end of every turn, whatever its outcome: the store then knows them with the turn's last message and
   * the length of the agent's transcript, so that `pawl sessions fork --at` and `rewind` bring them back. Needs `store`.
   * `checkoutCheckpoints()` of `@pawl/worktree` is one.
   */
  readonly checkpoint?: KeepFiles;
  /** Recorded with each turn. */
  readonly owner?: string;
  readonly repository?: string;
  /** Of a new session in the store. Default: the first line of its first prompt. */
  readonly title?: string;
}

/** Keeps the files of a folder as they are now; undefined where there is nothing to keep them in. */
export type KeepFiles = (moment: {
  readonly folder: string;
  readonly name: string;
  readonly message: string;
}) => Promise<KeptFiles | undefined>;

/** A commit that holds them, its tree, what it stands on, and the checkout whose repository has it. */
export interface KeptFiles {
  readonly commit: string;
  readonly tree: string;
  readonly base?: string;
  readonly repository: string;
}

export interface RunOptions {
  readonly limits?: TurnLimits;
  /** A JSON Schema for `json`; ignored by agents that cannot be held to one. */
  readonly outputSchema?: JsonObject;
  /** Stops the run: it ends as `cancelled`. */
  readonly signal?: AbortSignal;
  /** As in {@link AgentOptions}, for this run. */
  readonly firstEventMs?: number;
  readonly idleMs?: number;
  /** Every event as it comes. A promise holds the agent back. */
  onEvent?(event: AgentEvent): void | Promise<void>;
}

/**
 * A conversation with one agent. It keeps its session from run to run. One run at a time: a second one rejects with
 * `busy`. What goes wrong in a run is its `outcome`; wrong use throws an {@link AgentError}.
 */
export interface Agent {
  /**
   * One prompt, one answer. Also rejects with a `StoreError` when a session cannot be looked up (nothing was run) or
   * another process works in it (`session-busy`).
   */
  run(prompt: string, options?: RunOptions): Promise<RunResult>;
  /**
   * The same, event by event. `session-ready` tells the session's id, cwd, model, access, tools and MCP servers, as far
   * as the agent does. Starts at once; leaving the loop does not stop it, `abort` does.
   */
  stream(prompt: string, options?: RunOptions): RunStream;
  /** What the next run goes on with. Undefined until the agent told it; never invented. */
  readonly session: SessionRef | undefined;
  /** Another conversation: the newest session of the folder. */
  continueLatest(): Agent;
  /**
   * Another conversation that goes on with this one. A string is an id of the store (or the beginning of one), else
   * the agent's own. With `at` it goes on behind that message in a copy, and the original stays as it was.
   */
  resume(session: SessionRef | string, options?: { readonly at?: string }): Agent;
  /** A copy, cut behind message `at` if given; of this conversation when no other is named. The original stays. */
  fork(session?: SessionRef | string, options?: { readonly at?: string; readonly title?: string }): Agent;
  /** Another one that keeps nothing: each run is a conversation of its own, and nothing is recorded. */
  ephemeral(): Agent;
  /**
   * The same conversation, kept by the agent in this folder; a session that it goes on with must lie there already. Runs
   * of an agent that keeps its sessions in one place fail with `unsupported`.
   */
  withSessionDir(folder: string): Agent;
  /** Stops the run there is; resolves when no process of it is left. The session stays. */
  abort(): Promise<void>;
  /** `abort`, and the session is let go: the next run starts a new one. */
  close(): Promise<void>;
}

/**
 * Iterating never throws: `turn-start` first, `turn-end` last; to be iterated once. A slow reader holds the agent back.
 * `result` settles whether or not anyone iterates; it rejects only for wrong use.
 */
export interface RunStream extends AsyncIterable<AgentEvent> {
  readonly result: Promise<RunResult>;
}

export interface RunResult {
  readonly outcome: RunOutcome;
  /** The final message; of a run that was cut off, as much as there was of the last one. */
  readonly text: string;
  /** Structured output, where a schema was asked for and kept. */
  readonly json?: Json;
  /** Undefined: the agent gave none, or keeps none. */
  readonly session: SessionRef | undefined;
  /** The agent's id of its last message: where a fork can be cut. */
  readonly messageId: string | undefined;
  /** The model that answered, as the agent reports it. */
  readonly model: string | undefined;
  /** Of this run; a figure that is absent was not reported. */
  readonly usage: Usage;
  readonly cost: RunCost;
  /** Answers of the model; undefined: not reported. */
  readonly turns: number | undefined;
  readonly durationMs: number;
  /** Native lines that the adapter did not know. */
  readonly unknownLines: number;
  /** The store refused the turn, or its files were not kept; the result is complete without it. */
  readonly notRecorded?: NotRecorded;
}

/** `limited` also when a limit was kept here: the session can go on with a higher one. */
export type RunOutcome =
  | Exclude<TurnOutcome, { readonly kind: 'limited' }>
  | {
      readonly kind: 'limited';
      readonly limit: 'turns' | 'costUsd' | 'tokens' | 'wallMs' | 'output-tokens' | 'context';
      readonly by: 'agent' | 'pawl';
      readonly text: string;
    };

/** Unknown is never zero. */
export type RunCost = { readonly state: 'measured'; readonly usd: number } | { readonly state: 'unknown' };
