import type { Access } from './capabilities.ts';
import type { SerializedProviderError } from './errors.ts';
import type { Json } from './json.ts';
import type { SessionRef } from './session.ts';

/**
 * What happens in a turn, `<noun>-<what happened>`. Text and reasoning come as start, delta, end with one id.
 * `line` points into the stored native stream.
 */
export type AgentEvent = { readonly line?: number } & (
  | { readonly type: 'turn-start' }
  | SessionReady
  | { readonly type: 'text-start' | 'text-end' | 'reasoning-start' | 'reasoning-end'; readonly id: string }
  | { readonly type: 'text-delta' | 'reasoning-delta'; readonly id: string; readonly delta: string }
  | ToolCall
  | {
      readonly type: 'tool-result';
      readonly id: string;
      readonly status: 'ok' | 'error' | 'denied';
      readonly output: Json;
    }
  /** Totals of this turn so far, not of the session. */
  | UsageUpdate
  /** The CLI retries by itself; a retry of ours is the second layer. */
  | { readonly type: 'retry-notice'; readonly attempt: number; readonly delayMs?: number; readonly reason: string }
  | { readonly type: 'compaction'; readonly trigger: 'auto' | 'manual'; readonly tokensBefore?: number }
  /** A native line that this adapter does not know: counted, so that a new CLI version shows as a rising figure. */
  | { readonly type: 'native'; readonly name: string }
  | TurnEnd
);

export interface UsageUpdate {
  readonly type: 'usage-update';
  readonly usage: Usage;
  /** What the conversation fills of the model's context window now, where the agent tells. */
  readonly context?: { readonly tokens: number; readonly window?: number };
}

/** The conversation is known. `model` is the one that answers, as the agent reports it. */
export interface SessionReady {
  readonly type: 'session-ready';
  readonly session: SessionRef;
  readonly model?: string;
  /** Where the agent works, and what it may do there: added by `@pawl/agent`, which asked for it. */
  readonly cwd?: string;
  readonly access?: Access;
  /** The file in which the agent keeps this conversation, where it tells or its adapter knows. */
  readonly transcript?: string;
  readonly cliVersion?: string;
  readonly tools?: readonly string[];
  readonly mcpServers?: readonly string[];
}

/** `parent` is the call of a sub-agent that this one belongs to. */
export interface ToolCall {
  readonly type: 'tool-call';
  readonly id: string;
  readonly kind: ToolKind;
  readonly name: string;
  readonly title?: string;
  readonly input: Json;
  readonly parent?: string;
}
export type ToolKind = 'read' | 'edit' | 'execute' | 'search' | 'fetch' | 'think' | 'delegate' | 'other';

/** Always the last event. `messageId` is the agent's id of its last message, for forking there. */
export interface TurnEnd {
  readonly type: 'turn-end';
  readonly outcome: TurnOutcome;
  readonly usage: Usage;
  readonly session: SessionRef | undefined;
  readonly model?: string;
  readonly messageId?: string;
  /** Milliseconds from `turn-start`. */
  readonly durationMs: number;
  /** Native lines this adapter did not know. */
  readonly unknownLines: number;
}

export type TurnOutcome =
  /** `json` is the structured output, where a schema was asked for and kept. */
  | { readonly kind: 'completed'; readonly text: string; readonly json?: Json }
  /** A limit the agent itself kept; the session can go on with a higher one. */
  | {
      readonly kind: 'limited';
      readonly limit: 'turns' | 'costUsd' | 'output-tokens' | 'context';
      readonly text: string;
    }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly error: SerializedProviderError };

/**
 * Totals of one turn. A field that is absent was not reported, which is not zero.
 * `inputTokens` counts all input, cached or not; `cachedInputTokens` the part read from a cache, `cacheWriteTokens` the part written to one.
 */
export interface Usage {
  readonly inputTokens?: number;
  readonly cachedInputTokens?: number;
  readonly cacheWriteTokens?: number;
  readonly outputTokens?: number;
  readonly reasoningTokens?: number;
  /** What the agent says this turn cost. */
  readonly costUsd?: number;
  /** Answers of the model in this turn. */
  readonly turns?: number;
}
