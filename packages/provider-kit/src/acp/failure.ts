import type { JsonObject, ProviderErrorCode, SerializedProviderError } from '@pawl/provider';
import { failure } from '../failure.ts';
import { asFigure, asObject, asString } from '../json.ts';
import { type RequestName, rpcCodes } from './protocol.ts';

type Kind = readonly [ProviderErrorCode, retryable: boolean];

const bySentence: readonly (readonly [RegExp, Kind])[] = [
  [
    /\b401\b|\b403\b|unauthori[sz]ed|unauthenticated|api key|auth\w* (is )?required|not (signed|logged) in|permission_denied/i,
    ['not-signed-in', false],
  ],
  [
    /quota (exceeded|exhausted)|usage limit|insufficient_quota|billing|credit balance|\b402\b/i,
    ['quota-exhausted', false],
  ],
  [/\b429\b|rate.?limit|too many requests|resource.?exhausted/i, ['rate-limited', true]],
  [/\b503\b|\b529\b|overloaded|unavailable|at capacity|\bbusy\b/i, ['overloaded', true]],
  [
    /context (length|window)|too (long|many tokens)|prompt is too|maximum context|\b413\b/i,
    ['context-too-long', false],
  ],
  [
    /model\b.*(not (found|exist|supported)|does not exist|unknown|invalid)|(unknown|invalid|no such) model/i,
    ['model-not-found', false],
  ],
  [
    /ECONN|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|fetch failed|network|socket|terminated|connection|timed? ?out|premature|stream (ended|closed)/i,
    ['network', true],
  ],
  [/\b50[0-9]\b|internal server error/i, ['internal', true]],
];

const byStatus: Readonly<Record<number, Kind>> = {
  ...{ 401: ['not-signed-in', false], 403: ['not-signed-in', false], 402: ['quota-exhausted', false] },
  ...{ 404: ['model-not-found', false], 413: ['context-too-long', false], 429: ['rate-limited', true] },
  ...{ 500: ['internal', true], 502: ['internal', true], 503: ['overloaded', true], 529: ['overloaded', true] },
};

const noSession =
  /session.*(not found|identifier|unknown|no such|does not exist)|not found|no (such|previous) session|no rollout found|service failure/i;

/** What an agent answered instead of a result. The code is JSON-RPC's, or with some an HTTP status. */
export function rpcFailure(
  title: string,
  name: RequestName | 'known-session',
  error: JsonObject,
): SerializedProviderError {
  const code = typeof error.code === 'number' ? error.code : 0;
  const message = sentenceOf(error);
  const text = `${title}: ${message}`.replace(/[.\s]*$/, '.');
  if (code === rpcCodes.authRequired && name !== 'prompt') return signIn(title, text);
  const status = byStatus[code];
  const sentence = bySentence.find(([pattern]) => pattern.test(message))?.[1];
  // A server that was not reached is told as one that failed.
  const found = status === undefined || status[0] === 'internal' ? (sentence ?? status) : status;
  if (found?.[0] === 'not-signed-in') return signIn(title, text);
  if (
    name === 'known-session' &&
    (code === rpcCodes.notFound || code === rpcCodes.invalidParams || noSession.test(message))
  )
    return failure('session-not-found', `${text} It does not know this session, or not for this folder.`);
  if (name === 'mode') return failure('unsupported', `${text} The access word cannot be kept without that mode.`);
  if (name === 'model') return failure('model-not-found', `${text} Check the model's name in the workflow.`);
  if (code === rpcCodes.methodNotFound) return failure('unsupported', text);
  // OpenCode tells no more of a model's API that failed, and has tried again by then.
  const ofApi = asString(asObject(error.data)?.errorName) === 'APIError';
  const [kind, retryable] = found ?? (['internal', ofApi] as const);
  const retryAfterMs = retryable ? retryAfter(message) : undefined;
  return failure(kind, text, { retryable, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}

function signIn(title: string, text: string): SerializedProviderError {
  return failure('not-signed-in', `${text} Sign in with ${title} itself, or set its key in the environment.`);
}

function sentenceOf(error: JsonObject): string {
  const data = asObject(error.data);
  const parts = [asString(error.message), asString(error.data), asString(data?.details), asString(data?.message)];
  const told = [...new Set(parts.filter((part) => part !== undefined && part.trim() !== ''))];
  return told.length === 0 ? 'it failed without saying why' : told.join(': ').slice(0, 4_000);
}

function retryAfter(message: string): number | undefined {
  const [, figure, unit = 's'] = /(?:retry|again|wait)\D{0,20}?(\d+(?:\.\d+)?)\s*(ms|s|m)\b/i.exec(message) ?? [];
  const value = figure === undefined ? undefined : asFigure(Number(figure));
  return value === undefined ? undefined : Math.ceil(value * (unit === 'ms' ? 1 : unit === 'm' ? 60_000 : 1_000));
}
