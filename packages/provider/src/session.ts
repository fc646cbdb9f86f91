import type { Access } from './capabilities.ts';
import type { AgentEvent, TurnEnd } from './events.ts';
import type { JsonObject } from './json.ts';

/** What we keep of a conversation. `token` is the adapter's own, opaque to everyone else; survives JSON. */
export interface SessionRef {
  readonly provider: string;
  readonly id: string;
  readonly cwd: string;
  readonly token?: JsonObject;
}

export interface SessionSummary {
  readonly ref: SessionRef;
  readonly title?: string;
  /** Milliseconds since the epoch. */
  readonly updatedAt?: number;
}

/** When an agent deletes what it keeps. */
export interface SessionRetention {
  /** After so many days without use. */
  readonly days?: number;
  /** Ids of those that it deletes when it is started next, whatever their age. */
  readonly next?: readonly string[];
}

export type SessionStart =
  | { readonly kind: 'new'; readonly id?: string }
  | { readonly kind: 'resume'; readonly ref: SessionRef }
  /** The newest session of `cwd`. Where there is none the turn fails with `session-not-found`, never a silent new one. */
  | { readonly kind: 'continue' }
  /** A new session that starts as a copy, cut after message `at` if given. The source stays as it was. */
  | { readonly kind: 'fork'; readonly ref: SessionRef; readonly at?: string }
  /** Nothing is kept; cannot be resumed. */
  | { readonly kind: 'ephemeral' };

export interface OpenRequest<Options = unknown> {
  /** An existing folder; the agent works there. */
  readonly cwd: string;
  /** Already validated by {@link Provider.options}. */
  readonly options: Options;
  /** Handed to the CLI as it is; undefined leaves the agent's default. */
  readonly model?: string;
  readonly access: Access;
  readonly start: SessionStart;
  /** Added to the agent's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Session {
  /** Known at once if the caller chose it, else after the first turn told it. Never invented. */
  readonly ref: SessionRef | undefined;
  /** One prompt in, one finished turn out. A second call while one runs rejects. Turn 2 goes on with the same conversation. */
  turn(input: TurnInput): Turn;
  /** Idempotent; resolves when no process of this session is left. */
  close(): Promise<void>;
}

export interface TurnInput {
  /** Any length; reaches the agent by stdin or its own prompt flag, never through a shell. */
  readonly prompt: string;
  /** Only those in `capabilities.limits` are passed to the agent; the others are ignored here. */
  readonly limits?: { readonly turns?: number; readonly costUsd?: number };
  /** A JSON Schema; ignored unless `capabilities.output` lists `json-schema`. */
  readonly outputSchema?: JsonObject;
  /** No first event after this many milliseconds: the turn fails with `timeout`. */
  readonly firstEventMs?: number;
  /** No event for this many milliseconds: the turn fails with `timeout`. */
  readonly idleMs?: number;
  /** Stops the turn: it ends as `cancelled`. */
  readonly signal?: AbortSignal;
}

/**
 * Iterating never throws: `turn-start` comes first, exactly one `turn-end` last, cancellation and crash included.
 * To be iterated once. `ended` settles with the last event whether or not anyone iterates.
 */
export interface Turn extends AsyncIterable<AgentEvent> {
  readonly ended: Promise<TurnEnd>;
}
