import type { Exit, ProviderErrorCode, SerializedProviderError } from '@pawl/provider';
import { asObject, asString, failure, readObject } from '@pawl/provider-kit';

interface Kind {
  readonly code: ProviderErrorCode;
  readonly retryable?: boolean;
  readonly hint?: string;
}

const signIn: Kind = {
  code: 'not-signed-in',
  hint: 'Run `pi` and sign in with /login, or set the key of the model provider in the environment.',
};
const tooLong: Kind = { code: 'context-too-long', hint: 'Start a new session, or give it less to read.' };
const noCredit: Kind = { code: 'quota-exhausted', hint: 'Add credit to the account, or use another agent.' };
const model: Kind = {
  code: 'model-not-found',
  hint: "Check the model's name in the workflow or in .pawl/config.yaml; `pi --list-models` shows what there is.",
};
const rate: Kind = { code: 'rate-limited', retryable: true };
const busy: Kind = { code: 'overloaded', retryable: true };
const network: Kind = { code: 'network', retryable: true };
const server: Kind = { code: 'internal', retryable: true };

/** Words of the model providers, before the status: a 400 may be any of these. */
const words: readonly (readonly [RegExp, Kind])[] = [
  [/context_length_exceeded|maximum context length|prompt is too long|context window|too many tokens/i, tooLong],
  [/insufficient_quota|credit balance|billing|payment required|usage limit|out of credits/i, noCredit],
  [/No API key|invalid_api_key|authentication_error|invalid x-api-key/i, signIn],
  [/model_not_found|model .*(not found|does not exist)/i, model],
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

const broken =
  /connection|socket|fetch failed|terminated|ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|timed? ?out|network|stream ended/i;

/** What a model provider refused, in our words. Pi writes `<status>: <body>`, or what broke the connection. */
export function apiFailure(said: string, exit: Exit, retryDelayMs: number | undefined): SerializedProviderError {
  const status = Number(/^\s*(\d{3})\b/.exec(said)?.[1] ?? 0);
  const { code, retryable = false, hint } = kindOf(status, said);
  const told = (readable(said) || 'The model failed without saying why').replace(/[.\s]*$/, '.');
  return failure(code, hint === undefined ? told : `${told} ${hint}`, {
    ...{ retryable, exit },
    // How long Pi waited before its own last try.
    ...(code === 'rate-limited' && retryDelayMs !== undefined ? { retryAfterMs: retryDelayMs } : {}),
  });
}

function kindOf(status: number, said: string): Kind {
  const worded = words.find(([pattern]) => pattern.test(said))?.[1];
  if (worded) return worded;
  const known = statuses[status];
  if (known) return known;
  if (status >= 500) return server;
  return status === 0 && broken.test(said) ? network : { code: 'internal' };
}

/** The words in `<status>: {"message":"…"}`; what is no such thing stays as it is. */
function readable(said: string): string {
  const [, status = '', body = ''] = /^\s*(\d{3}): *(\{.*\})\s*$/s.exec(said) ?? [];
  const object = readObject({ line: 1, text: body });
  const message = asString(object?.message) ?? asString(asObject(object?.error)?.message);
  return message === undefined ? said.trim() : `${status}: ${message}`;
}
