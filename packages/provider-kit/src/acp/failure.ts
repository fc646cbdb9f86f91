import type { JsonObject, SerializedProviderError } from '@pawl/provider';
import { type ApiReason, apiFailure, reasonOfStatus, reasonOfWords } from '../api-failure.ts';
import { failure } from '../failure.ts';
import { asFigure, asObject, asString } from '../json.ts';
import { type RequestName, rpcCodes } from './protocol.ts';

const words: readonly (readonly [RegExp, ApiReason])[] = [
  [
    /\b401\b|\b403\b|unauthori[sz]ed|unauthenticated|api key|auth\w* (is )?required|not (signed|logged) in|permission_denied/i,
    'sign-in',
  ],
  [/quota (exceeded|exhausted)|usage limit|insufficient_quota|billing|credit balance|\b402\b/i, 'quota'],
  [/\b429\b|rate.?limit|too many requests|resource.?exhausted/i, 'rate'],
  [/\b503\b|\b529\b|overloaded|unavailable|at capacity|\bbusy\b/i, 'busy'],
  [/context (length|window)|too (long|many tokens)|prompt is too|maximum context|\b413\b/i, 'too-long'],
  [/model\b.*(not (found|exist|supported)|does not exist|unknown|invalid)|(unknown|invalid|no such) model/i, 'model'],
  [
    /ECONN|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|fetch failed|network|socket|terminated|connection|timed? ?out|premature|stream (ended|closed)/i,
    'network',
  ],
  [/\b50[0-9]\b|internal server error/i, 'server'],
];

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
  const status = reasonOfStatus(code);
  const told = reasonOfWords(message, words);
  // A server that was not reached is told as one that failed; JSON-RPC's own codes are none of HTTP.
  const reason = status === 'other' || status === 'server' ? (told ?? status) : status;
  if (reason === 'sign-in') return signIn(title, text);
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
  const found = reason === 'other' && ofApi ? 'server' : reason;
  return apiFailure(found, text, {
    retryAfterMs: retryAfter(message),
  });
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
