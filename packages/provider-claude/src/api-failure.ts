import type { Exit, SerializedProviderError } from '@pawl/provider';
import { type ApiReason, apiFailure, reasonOfStatus } from '@pawl/provider-kit';

interface ApiError {
  /** The HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  /** The CLI's own word: `authentication_failed`, `rate_limit`, `billing_error`, … */
  readonly kind: string | undefined;
  readonly tooLong: boolean;
  readonly said: string;
  readonly retryDelayMs: number | undefined;
  readonly exit: Exit;
}

const hints = { 'sign-in': 'Run `claude` and sign in, or set ANTHROPIC_API_KEY.' };

export function refused({ status, kind, tooLong, said, retryDelayMs, exit }: ApiError): SerializedProviderError {
  const credit = /credit balance|usage credits/i.test(said);
  const reason = tooLong ? 'too-long' : credit ? 'quota' : reasonOf(status, kind);
  // How long it waited before its own last try: what the server asked for, where it did.
  return apiFailure(reason, said, { exit, hints, retryAfterMs: reason === 'rate' ? retryDelayMs : undefined });
}

const reasonOf = (status: number | undefined, kind: string | undefined): ApiReason =>
  status === undefined ? (words.get(kind ?? '') ?? 'server') : reasonOfStatus(status);

/** The CLI's words, for where no HTTP answer came. `unknown` is what it calls a connection that broke. */
const words = new Map<string, ApiReason>([
  ['authentication_failed', 'sign-in'],
  ['billing_error', 'quota'],
  ['rate_limit', 'rate'],
  ['overloaded', 'busy'],
  ['model_not_found', 'model'],
  ['invalid_request', 'other'],
  ['connection_failed', 'network'],
  ['unknown', 'network'],
]);
