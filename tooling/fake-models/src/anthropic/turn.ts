import type { MessagesRequest } from './request.ts';

/** One answer of the model. Without `text`, `thinking` and `tools` it is an empty message. */
export interface Turn {
  readonly thinking?: string;
  readonly text?: string;
  /** Become `tool_use` blocks; the stop reason is then `tool_use`. */
  readonly tools?: readonly ToolUse[];
  readonly usage?: TurnUsage;
  readonly stopReason?: string;
  /** The model that says it answered; default: the one asked for. */
  readonly model?: string;
  /** Before the first byte. */
  readonly delayMs?: number;
  /** Between two deltas. */
  readonly chunkMs?: number;
  /** Characters of a delta; default 40. */
  readonly chunkSize?: number;
  /** Instead of a whole answer, after the first delta: `hang` sends nothing more, `cut` drops the connection. */
  readonly stopAfterFirstDelta?: 'hang' | 'cut' | ApiError;
  /** Instead of an answer: drop the connection, or answer this HTTP error. */
  readonly refuse?: 'close' | HttpError;
}

/** An error as the API words it. Within a stream it comes as an `error` event. */
export interface ApiError {
  readonly type: string;
  readonly message: string;
}
export interface HttpError extends ApiError {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ToolUse {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Default: a new one. */
  readonly id?: string;
}

/** Tokens of one answer. */
export interface TurnUsage {
  readonly input?: number;
  readonly output?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

/** A turn, or what makes one from the request. `index` counts turns from 0. */
export type TurnSource = Turn | ((request: MessagesRequest, index: number) => Turn);

export const defaultUsage: Required<TurnUsage> = { input: 12, output: 34, cacheRead: 15_000, cacheWrite: 800 };
