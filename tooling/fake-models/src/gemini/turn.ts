import type { GeminiRequest } from './request.ts';

/** One answer of the model. Without `thought`, `text` and `calls` it is an empty message. */
export interface GeminiTurn {
  readonly thought?: string;
  readonly text?: string;
  /** Become `functionCall` parts of one chunk; the finish reason stays `STOP`, as the API has it. */
  readonly calls?: readonly GeminiCall[];
  readonly usage?: GeminiUsage;
  readonly finishReason?: string;
  /** The model that says it answered; default: the one asked for. */
  readonly model?: string;
  /** Before the first byte. */
  readonly delayMs?: number;
  /** Between two chunks. */
  readonly chunkMs?: number;
  /** Characters of a chunk of text; default 40. */
  readonly chunkSize?: number;
  /** Instead of a whole answer, after the first chunk: `hang` sends nothing more, `cut` drops the connection. */
  readonly stopAfterFirstChunk?: 'hang' | 'cut';
  /** Instead of an answer: drop the connection, or answer this HTTP error. */
  readonly refuse?: 'close' | GeminiError;
}

/** An error as Google's APIs word it. */
export interface GeminiError {
  readonly code: number;
  readonly message: string;
  /** Default: the usual word for the code. */
  readonly status?: string;
  /** `google.rpc` details: `RetryInfo`, `QuotaFailure`, `ErrorInfo`. */
  readonly details?: readonly Readonly<Record<string, unknown>>[];
  readonly headers?: Readonly<Record<string, string>>;
}

export interface GeminiCall {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly id?: string;
}

/** Tokens of one answer; `cached` is a part of `input`, `thoughts` come on top of `output`. */
export interface GeminiUsage {
  readonly input?: number;
  readonly cached?: number;
  readonly output?: number;
  readonly thoughts?: number;
}

/** A turn, or what makes one from the request. `index` counts turns from 0. */
export type GeminiTurnSource = GeminiTurn | ((request: GeminiRequest, index: number) => GeminiTurn);

export const defaultGeminiUsage: Required<GeminiUsage> = { input: 1_200, cached: 1_000, output: 34, thoughts: 0 };
