import type { Exit, SerializedProviderError } from '@pawl/provider';
import {
  type ApiReason,
  apiFailure,
  asObject,
  asString,
  readObject,
  reasonOfStatus,
  reasonOfWords,
} from '@pawl/provider-kit';

const hints = {
  'sign-in': 'Run `pi` and sign in with /login, or set the key of the model provider in the environment.',
  model: "Check the model's name in the workflow or in .pawl/config.yaml; `pi --list-models` shows what there is.",
};

/** Words of the model providers, before the status: a 400 may be any of these. */
const words: readonly (readonly [RegExp, ApiReason])[] = [
  [/context_length_exceeded|maximum context length|prompt is too long|context window|too many tokens/i, 'too-long'],
  [/insufficient_quota|credit balance|billing|payment required|usage limit|out of credits/i, 'quota'],
  [/No API key|invalid_api_key|authentication_error|invalid x-api-key/i, 'sign-in'],
  [/model_not_found|model .*(not found|does not exist)/i, 'model'],
  [/overloaded/i, 'busy'],
];

const broken =
  /connection|socket|fetch failed|terminated|ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|timed? ?out|network|stream ended/i;

/** What a model provider refused. Pi writes `<status>: <body>`, or what broke the connection. */
export function refused(said: string, exit: Exit, retryDelayMs: number | undefined): SerializedProviderError {
  const reason = reasonOf(said);
  const told = readable(said) || 'The model failed without saying why';
  // How long Pi waited before its own last try.
  return apiFailure(reason, told, { exit, hints, retryAfterMs: reason === 'rate' ? retryDelayMs : undefined });
}

function reasonOf(said: string): ApiReason {
  const worded = reasonOfWords(said, words);
  if (worded) return worded;
  const status = /^\s*(\d{3})\b/.exec(said)?.[1];
  if (status !== undefined) return reasonOfStatus(Number(status));
  return broken.test(said) ? 'network' : 'other';
}

/** The words in `<status>: {"message":"…"}`; what is no such thing stays as it is. */
function readable(said: string): string {
  const [, status = '', body = ''] = /^\s*(\d{3}): *(\{.*\})\s*$/s.exec(said) ?? [];
  const object = readObject({ line: 1, text: body });
  const message = asString(object?.message) ?? asString(asObject(object?.error)?.message);
  return message === undefined ? said.trim() : `${status}: ${message}`;
}
