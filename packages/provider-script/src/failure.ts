import type { Exit, JsonObject, SerializedProviderError } from '@pawl/provider';
import { asFigure, asString, crashed, failure } from '@pawl/provider-kit';

/** What a script may say of itself, and whether that passes without anybody's doing. */
const told = {
  'rate-limited': true,
  overloaded: true,
  network: true,
  /** Where it tells when the account may go on. */
  'quota-exhausted': 'with a time',
  'not-signed-in': false,
  'model-not-found': false,
  'context-too-long': false,
} as const;

const isTold = (code: string | undefined): code is keyof typeof told => code !== undefined && Object.hasOwn(told, code);

/** Whether a `failure` line says something that a script may say. */
export const isFailure = (object: JsonObject): boolean => isTold(asString(object.code));

/** Why a script ended with another code than 0: what it said itself, else how it ended. */
export function failed(said: JsonObject | undefined, exit: Exit): SerializedProviderError {
  const code = asString(said?.code);
  if (!isTold(code)) return crashed('The script', exit);
  const retryAfterMs = asFigure(said?.retryAfterMs);
  const message = asString(said?.message) ?? 'The script did not say more.';
  const retryable = told[code] === true || (told[code] === 'with a time' && retryAfterMs !== undefined);
  return failure(code, message, { retryable, exit, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
}
