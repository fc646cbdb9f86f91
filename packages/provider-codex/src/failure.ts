import type { Exit, SerializedProviderError } from '@pawl/provider';
import { type ApiReason, apiFailure, failure, reasonOfStatus, reasonOfWords } from '@pawl/provider-kit';
import type { Told } from './journal.ts';
import { retryAfter } from './retry-after.ts';

const hints = {
  'sign-in': 'Run `codex login`, or set CODEX_API_KEY (or the variable that the configured model provider names).',
  quota: 'Add credit, wait until it is renewed, or use another agent.',
};
/** It may well be set: what pawl does not know of does not reach Codex. */
const missing = { 'sign-in': 'Set it, and hand it on by its name: PAWL_AGENT_ENVIRONMENT="codex=NAME".' };

/** Why a turn failed. The rollout has Codex's own word for it; where there is none, its sentence must do. */
export function turnFailure(said: string, told: Told | undefined, exit: Exit): SerializedProviderError {
  const message = plain(said);
  const known = words.get(told?.reason ?? '') ?? reasonByStatus(told?.httpStatus ?? statusIn(message));
  if (!known && /Missing environment variable/.test(message))
    return apiFailure('sign-in', message, { exit, hints: missing });
  if (!known && /invalid_json_schema|Invalid schema for response_format/.test(message))
    return failure('bad-option', `${message.replace(/[.\s]*$/, '.')} ${badSchema}`, { exit });
  const reason = known ?? reasonOfWords(message, sentences) ?? 'other';
  const retryAfterMs = retryAfter(message, told?.at);
  // A limit of the account that says when it ends is one to wait for.
  const renewed = reason === 'quota' && retryAfterMs !== undefined;
  return apiFailure(reason, message, { exit, hints, retryAfterMs, ...(renewed && { retryable: true }) });
}

const badSchema = 'The output schema is not one that the API takes: give every object its properties.';

const words = new Map<string, ApiReason>([
  ['unauthorized', 'sign-in'],
  ['model_not_found', 'model'],
  ['context_window_exceeded', 'too-long'],
  ['usage_limit_exceeded', 'quota'],
  ['session_budget_exceeded', 'quota'],
  ['rate_limit_exceeded', 'rate'],
  ['server_overloaded', 'busy'],
  ['policy_capacity_unavailable', 'busy'],
  ['flex_unavailable', 'busy'],
  ['internal_server_error', 'server'],
]);

const sentences: readonly (readonly [RegExp, ApiReason])[] = [
  [/usage limit|Quota exceeded/, 'quota'],
  [/model .*(does not exist|is not supported)|model_not_found/, 'model'],
  [/ran out of room|context window|context_length_exceeded/, 'too-long'],
  [/rate limit/i, 'rate'],
  [/at capacity|overloaded/i, 'busy'],
  [/high demand/, 'server'],
  // The server's own fault within a stream is told as one of the stream.
  [/stream disconnected before completion: (?!Transport|error sending|stream closed|idle timeout)/, 'server'],
  [/stream disconnected|error sending request|timed? ?out|connection/i, 'network'],
];

/** A status that tells nothing leaves it to the sentence. */
function reasonByStatus(status: number | undefined): ApiReason | undefined {
  const reason = status === undefined ? 'other' : reasonOfStatus(status);
  return reason === 'other' ? undefined : reason;
}

function statusIn(message: string): number | undefined {
  const found = /(?:unexpected|last) status:? (\d{3})\b/.exec(message)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** For a bad request the sentence is the body of the answer. */
function plain(said: string): string {
  if (said.trim() === '') return 'Codex failed without saying why';
  try {
    const body = JSON.parse(said) as {
      readonly error?: { readonly message?: unknown; readonly code?: unknown };
    } | null;
    const { message, code } = body?.error ?? {};
    if (typeof message === 'string') return typeof code === 'string' ? `${message} (${code})` : message;
  } catch {}
  return said;
}
