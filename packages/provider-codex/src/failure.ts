import type { Exit, ProviderErrorCode, SerializedProviderError } from '@pawl/provider';
import { failure } from '@pawl/provider-kit';
import type { Told } from './journal.ts';
import { retryAfter } from './retry-after.ts';

interface Kind {
  readonly code: ProviderErrorCode;
  readonly retryable: boolean;
  readonly hint?: string;
}

/** Why a turn failed. The rollout has Codex's own word for it; where there is none, its sentence must do. */
export function turnFailure(said: string, told: Told | undefined, exit: Exit): SerializedProviderError {
  const message = plain(said);
  const kind = kindOf(message, told);
  const sentence = message.replace(/[.\s]*$/, '.');
  const retryAfterMs = retryAfter(message, told?.at);
  // A limit of the account that says when it ends is one to wait for.
  const retryable = kind.retryable || (kind.code === 'quota-exhausted' && retryAfterMs !== undefined);
  return failure(kind.code, kind.hint === undefined ? sentence : `${sentence} ${kind.hint}`, {
    ...{ retryable, exit },
    ...(retryable && retryAfterMs !== undefined ? { retryAfterMs } : {}),
  });
}

function kindOf(message: string, told: Told | undefined): Kind {
  const status = told?.httpStatus ?? statusIn(message);
  const byStatus = status === undefined ? undefined : (statuses[status] ?? (status >= 500 ? server : undefined));
  const bySentence = sentences.find(([pattern]) => pattern.test(message))?.[1];
  return reasons.get(told?.reason ?? '') ?? byStatus ?? bySentence ?? other;
}

const signIn: Kind = {
  code: 'not-signed-in',
  retryable: false,
  hint: 'Run `codex login`, or set CODEX_API_KEY (or the variable that the configured model provider names).',
};
/** It may well be set: what pawl does not know of does not reach Codex. */
const variable: Kind = {
  code: 'not-signed-in',
  retryable: false,
  hint: 'Set it, and hand it on by its name: PAWL_AGENT_ENVIRONMENT="codex=NAME".',
};
const model: Kind = {
  code: 'model-not-found',
  retryable: false,
  hint: "Check the model's name in the workflow or in .pawl/config.yaml.",
};
const quota: Kind = { code: 'quota-exhausted', retryable: false };
const rate: Kind = { code: 'rate-limited', retryable: true };
const busy: Kind = { code: 'overloaded', retryable: true };
const network: Kind = { code: 'network', retryable: true };
const server: Kind = { code: 'internal', retryable: true };
const other: Kind = { code: 'internal', retryable: false };
const tooLong: Kind = { code: 'context-too-long', retryable: false };
const badSchema: Kind = {
  code: 'bad-option',
  retryable: false,
  hint: 'The output schema is not one that the API takes: give every object its properties.',
};

const reasons = new Map<string, Kind>([
  ['unauthorized', signIn],
  ['model_not_found', model],
  ['context_window_exceeded', tooLong],
  ['usage_limit_exceeded', quota],
  ['session_budget_exceeded', quota],
  ['rate_limit_exceeded', rate],
  ['server_overloaded', busy],
  ['policy_capacity_unavailable', busy],
  ['flex_unavailable', busy],
  ['internal_server_error', server],
]);

const statuses: Readonly<Record<number, Kind>> = {
  ...{ 401: signIn, 402: quota, 403: signIn, 404: model, 413: tooLong, 429: rate, 503: busy, 529: busy },
};

const sentences: readonly (readonly [RegExp, Kind])[] = [
  [/Missing environment variable/, variable],
  [/usage limit|Quota exceeded/, quota],
  [/invalid_json_schema|Invalid schema for response_format/, badSchema],
  [/model .*(does not exist|is not supported)|model_not_found/, model],
  [/ran out of room|context window|context_length_exceeded/, tooLong],
  [/rate limit/i, rate],
  [/at capacity|overloaded/i, busy],
  [/high demand/, server],
  // The server's own fault within a stream is told as one of the stream.
  [/stream disconnected before completion: (?!Transport|error sending|stream closed|idle timeout)/, server],
  [/stream disconnected|error sending request|timed? ?out|connection/i, network],
];

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
