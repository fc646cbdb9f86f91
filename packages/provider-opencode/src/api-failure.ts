import type { Exit, Json, JsonObject, SerializedProviderError } from '@pawl/provider';
import {
  type ApiReason,
  apiFailure,
  asFigure,
  asObject,
  asString,
  reasonOfStatus,
  reasonOfWords,
} from '@pawl/provider-kit';
import { plain } from './said.ts';

const hints = {
  'sign-in': 'Run `opencode auth login`, or set the key of the model provider in the environment.',
  model:
    "Check the model's name, provider/model, in the workflow or in .pawl/config.yaml; `opencode models` shows what there is.",
};

/** What the API or OpenCode's log says, before any status: a 400 may be any of these. */
const words: readonly (readonly [RegExp, ApiReason])[] = [
  [/context_length_exceeded|ContextOverflow|maximum context length|prompt is too long|too many tokens/i, 'too-long'],
  [/insufficient_quota|credit balance|billing|payment required|usage limit|out of credits/i, 'quota'],
  [/ProviderModelNotFoundError|model_not_found|model .*(not found|does not exist)/i, 'model'],
  [/ProviderAuthError|LoadAPIKeyError|API key is missing|invalid_api_key|authentication_error/i, 'sign-in'],
  [/overloaded/i, 'busy'],
];

/** The `error` of an error line, in our words. */
export function refused(error: JsonObject, exit: Exit): SerializedProviderError {
  const data = asObject(error.data);
  const status = asFigure(data?.statusCode);
  const name = asString(error.name) ?? '';
  const unknown = name === 'UnknownError' ? reason(exit) : undefined;
  const message = unknown ?? asString(data?.message) ?? name;
  const why = reasonOf(status, [name, message, asString(data?.responseBody)].join('\n'));
  const told = `${status === undefined ? '' : `${status}: `}${message || 'OpenCode failed without saying why'}`;
  const retryAfterMs = why === 'rate' ? waitOf(data?.responseHeaders) : undefined;
  return apiFailure(why, told, { exit, hints, retryAfterMs });
}

function reasonOf(status: number | undefined, said: string): ApiReason {
  const worded = reasonOfWords(said, words);
  if (worded) return worded;
  if (status === undefined) return said.startsWith('APIError') ? 'network' : 'other';
  return reasonOfStatus(status);
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
