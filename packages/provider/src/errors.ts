export type ProviderErrorCode =
  | 'not-installed'
  | 'not-signed-in'
  | 'bad-option'
  | 'unsupported'
  | 'session-not-found'
  /** Another conversation or another model answered than the one asked for. */
  | 'wrong-session'
  | 'wrong-model'
  | 'model-not-found'
  | 'rate-limited'
  | 'overloaded'
  | 'quota-exhausted'
  | 'context-too-long'
  | 'network'
  /** No event within the deadline. */
  | 'timeout'
  /** Output that is not what this CLI is known to print. */
  | 'protocol'
  | 'crashed'
  | 'internal';

/** A failure as data: what is stored, sent and shown. */
export interface SerializedProviderError {
  readonly code: ProviderErrorCode;
  /** Says what happened and what to do next. */
  readonly message: string;
  /** The same request may succeed later without a change. */
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  readonly exitCode?: number;
  readonly stderrTail?: string;
}

const marker = Symbol.for('pawl.provider-error.v1');

/** Thrown by `open`; within a turn failures are values. Use {@link ProviderError.is}: `instanceof` fails across copies. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly details: SerializedProviderError;

  constructor(details: SerializedProviderError, options?: ErrorOptions) {
    super(details.message, options);
    this.details = details;
    Object.defineProperty(this, marker, { value: true });
  }

  get code(): ProviderErrorCode {
    return this.details.code;
  }

  static is(value: unknown): value is ProviderError {
    return typeof value === 'object' && value !== null && marker in value;
  }
}
