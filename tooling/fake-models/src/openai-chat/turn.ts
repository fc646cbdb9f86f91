import type { ChatRequest } from './request.ts';

/** One answer of the model. Without `text`, `reasoning` and `tools` it is an empty message. */
export interface ChatTurn {
  /** Sent as `reasoning_content`. */
  readonly reasoning?: string;
  readonly text?: string;
  /** Become `tool_calls`; the finish reason is then `tool_calls`. */
  readonly tools?: readonly ChatToolUse[];
  readonly usage?: ChatUsage;
  /** No usage at all, as some servers answer. */
  readonly withoutUsage?: boolean;
  readonly finishReason?: string;
  /** The model that says it answered; default: the one asked for. */
  readonly model?: string;
  /** Before the first byte. */
  readonly delayMs?: number;
  /** Between two deltas. */
  readonly chunkMs?: number;
  /** Characters of a delta; default 40. */
  readonly chunkSize?: number;
  /** Instead of a whole answer, after the first delta: `hang` sends nothing more, `cut` drops the connection. */
  readonly stopAfterFirstDelta?: 'hang' | 'cut' | ChatError;
  /** Instead of an answer: drop the connection, or answer this HTTP error. */
  readonly refuse?: 'close' | ChatHttpError;
}

/** An error as the API words it. Within a stream it comes as a chunk of its own. */
export interface ChatError {
  readonly message: string;
  readonly type?: string;
  readonly code?: string;
}
export interface ChatHttpError extends ChatError {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ChatToolUse {
  readonly name: string;
  /** A string is sent as it is, so that arguments may be broken JSON. */
  readonly input: Readonly<Record<string, unknown>> | string;
  /** Default: a new one. */
  readonly id?: string;
}

/** Tokens of one answer. `input` holds `cacheRead`, `output` holds `reasoning`, as the API counts. */
export interface ChatUsage {
  readonly input?: number;
  readonly output?: number;
  readonly cacheRead?: number;
  readonly reasoning?: number;
}

/** A turn, or what makes one from the request. `index` counts turns from 0. */
export type ChatTurnSource = ChatTurn | ((request: ChatRequest, index: number) => ChatTurn);

export const defaultChatUsage: Required<ChatUsage> = { input: 1_200, output: 34, cacheRead: 1_000, reasoning: 0 };
