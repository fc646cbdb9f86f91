import type { Access, AgentEvent, Host, JsonObject, Provider, SessionStart, TurnEnd } from '@pawl/provider';

/** Everything that one turn needs. */
export interface TurnRequest {
  readonly provider: Provider;
  readonly host: Host;
  /** An existing folder; the agent works there. */
  readonly cwd: string;
  readonly model?: string;
  /** As written in the configuration; checked here. Undefined stands for none. */
  readonly options?: unknown;
  readonly access: Access;
  readonly start: SessionStart;
  readonly prompt: string;
  readonly limits?: TurnLimits;
  /** A JSON Schema; ignored by agents that cannot be held to one. */
  readonly outputSchema?: JsonObject;
  /** Added to the agent's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the agent keeps its sessions; refused (`unsupported`) for one that cannot be told. */
  readonly sessionDir?: string;
  /** Stops the agent: the turn ends as `cancelled`. */
  readonly signal?: AbortSignal;
  /** No first event within it: the turn fails with `timeout`. */
  readonly firstEventMs?: number;
  /** No event for so long: the turn fails with `timeout`. */
  readonly idleMs?: number;
  /** Every event, in order, `turn-start` first and one `turn-end` last. A promise holds the agent back. */
  onEvent?(event: AgentEvent): void | Promise<void>;
}

/**
 * `turns` (answers of the model) and `costUsd` are passed to agents that keep them themselves; the others, and
 * `tokens` (input and output) and `wallMs`, are kept here: past one the agent's whole process tree is stopped.
 * A figure that the agent does not report while it works cannot be kept.
 */
export interface TurnLimits {
  readonly turns?: number;
  readonly costUsd?: number;
  readonly tokens?: number;
  readonly wallMs?: number;
}
export type LimitName = keyof TurnLimits;

export interface TurnReport {
  readonly end: TurnEnd;
  /** The turn was stopped here; `value` is the figure reached. `end` is then `cancelled` or a failure by it. */
  readonly stoppedBy?: { readonly limit: LimitName; readonly value: number };
  /** The final message; of a turn that was cut off, as much as there was of the last one. */
  readonly text: string;
  /** Native lines that the adapter did not know. */
  readonly unknownLines: number;
}
