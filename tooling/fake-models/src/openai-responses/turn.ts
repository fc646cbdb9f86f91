import type { ResponsesRequest } from './request.ts';

/** One answer of the model. Without `text`, `reasoning` and `tools` it is an empty response. */
export interface ResponsesTurn {
  /** Sent as a summary of reasoning. */
  readonly reasoning?: string;
  readonly text?: string;
  readonly tools?: readonly ResponsesToolUse[];
  readonly usage?: ResponsesUsage;
  /** The model that says it answered; default: the one asked for. */
  readonly model?: string;
  /** Before the first byte. */
  readonly delayMs?: number;
  /** Between two deltas. */
  readonly chunkMs?: number;
  /** Characters of a delta; default 40. */
  readonly chunkSize?: number;
  /** Instead of a whole answer, after the first delta: `hang` sends nothing more, `cut` drops the connection. */
  readonly stopAfterFirstDelta?: 'hang' | 'cut' | ResponsesError;
  /** The response ends as incomplete, for this reason: `max_output_tokens`, `content_filter`. */
  readonly incomplete?: string;
  /** Instead of an answer: drop the connection, or answer this HTTP error. */
  readonly refuse?: 'close' | ResponsesHttpError;
}

/** An error as the API words it. Within a stream it comes as `response.failed`. */
export interface ResponsesError {
  readonly message: string;
  readonly type?: string;
  readonly code?: string;
  /** What else the body's `error` has, such as `resets_at`. */
  readonly more?: Readonly<Record<string, unknown>>;
}
export interface ResponsesHttpError extends ResponsesError {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** With `input` as an object it is a function call, with a text a call of a freeform tool. */
export interface ResponsesToolUse {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>> | string;
  /** Of the tool's name, where the client groups them. */
  readonly namespace?: string;
  /** Default: a new one. */
  readonly id?: string;
}

/** Tokens of one answer. `input` holds `cacheRead`, `output` holds `reasoning`, as the API counts. */
export interface ResponsesUsage {
  readonly input?: number;
  readonly output?: number;
  readonly cacheRead?: number;
  readonly reasoning?: number;
}

/** A turn, or what makes one from the request. `index` counts turns from 0. */
export type ResponsesTurnSource = ResponsesTurn | ((request: ResponsesRequest, index: number) => ResponsesTurn);

export const defaultResponsesUsage: Required<ResponsesUsage> = {
  input: 9_000,
  output: 40,
  cacheRead: 6_000,
  reasoning: 16,
};
