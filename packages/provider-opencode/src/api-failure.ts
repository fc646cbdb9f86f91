import type { Exit, Json, JsonObject, ProviderErrorCode, SerializedProviderError } from '@pawl/provider';
import { asFigure, asObject, asString, failure } from '@pawl/provider-kit';
import { plain } from './said.ts';

interface Kind {
  readonly code: ProviderErrorCode;
  readonly retryable?: boolean;
  readonly hint?: string;
}

const signIn: Kind = {
  code: 'not-signed-in',
  hint: 'Run `opencode auth login`, or set the key of the model provider in the environment.',
};
const tooLong: Kind = { code: 'context-too-long', hint: 'Start a new session, or give it less to read.' };
const noCredit: Kind = { code: 'quota-exhausted', hint: 'Add credit to the account, or use another agent.' };
const model: Kind = {
  code: 'model-not-found',
  hint: "Check the model's name, provider/model, in the workflow or in .pawl/config.yaml; `opencode models` shows what there is.",
};
const rate: Kind = { code: 'rate-limited', retryable: true };
const busy: Kind = { code: 'overloaded', retryable: true };
const network: Kind = { code: 'network', retryable: true };
const server: Kind = { code: 'internal', retryable: true };

/** What the API or OpenCode's log says, before any status: a 400 may be any of these. */
const words: readonly (readonly [RegExp, Kind])[] = [
  [/context_length_exceeded|ContextOverflow|maximum context length|prompt is too long|too many tokens/i, tooLong],
  [/insufficient_quota|credit balance|billing|payment required|usage limit|out of credits/i, noCredit],
  [/ProviderModelNotFoundError|model_not_found|model .*(not found|does not exist)/i, model],
  [/ProviderAuthError|LoadAPIKeyError|API key is missing|invalid_api_key|authentication_error/i, signIn],
  [/overloaded/i, busy],
];

const statuses: Readonly<Record<number, Kind>> = {
  401: signIn,
  402: noCredit,
  403: signIn,
  404: model,
  413: tooLong,
  429: rate,
  503: busy,
  529: busy,
};

/** The `error` of an error line, in our words. */
export function apiFailure(error: JsonObject, exit: Exit): SerializedProviderError {
  const data = asObject(error.data);
  const status = asFigure(data?.statusCode);
  const name = asString(error.name) ?? '';
  const unknown = name === 'UnknownError' ? reason(exit) : undefined;
  const message = unknown ?? asString(data?.message) ?? name;
  const { code, retryable = false, hint } = kindOf(status, [name, message, asString(data?.responseBody)].join('\n'));
  const told = `${status === undefined ? '' : `${status}: `}${message || 'OpenCode failed without saying why'}`;
  const sentence = told.replace(/[.\s]*$/, '.');
  const retryAfterMs = code === 'rate-limited' ? waitOf(data?.responseHeaders) : undefined;
  return failure(code, hint === undefined ? sentence : `${sentence} ${hint}`, {
    ...{ retryable, exit },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function kindOf(status: number | undefined, said: string): Kind {
  const worded = words.find(([pattern]) => pattern.test(said))?.[1];
  if (worded) return worded;
  if (status === undefined) return said.startsWith('APIError') ? network : { code: 'internal' };
  return statuses[status] ?? (status >= 500 ? server : { code: 'internal' });
}

/** An UnknownError says "check server logs": the reason is in the log alone, which goes to standard error. */
function reason({ stderrTail }: Exit): string | undefined {
  return [...plain(stderrTail).matchAll(/level=ERROR .*?message=failed .*?error="([^"]+)"/g)].at(-1)?.[1];
}

function waitOf(headers: Json | undefined): number | undefined {
  const known = asObject(headers);
  const milliseconds = Number(asString(known?.['retry-after-ms']) ?? Number.NaN);
  const seconds = Number(asString(known?.['retry-after']) ?? Number.NaN);
  return asFigure(Number.isFinite(milliseconds) ? milliseconds : seconds * 1_000);
}
