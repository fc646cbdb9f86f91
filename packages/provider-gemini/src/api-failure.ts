import type { Exit, SerializedProviderError } from '@pawl/provider';
import { asFigure, asObject, failure, readObject } from '@pawl/provider-kit';

/** What the API refused, in our words. What the CLI said stays in the message. */
export function apiFailure(said: string, exit: Exit): SerializedProviderError {
  const told = plain(said).replace(/[.\s]*$/, '.');
  const retryAfterMs = delayOf(said);
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  switch (word(said, exit)) {
    case 'too-long':
      return failure('context-too-long', `${told} Start a new session, or give it less to read.`, { exit });
    case 'sign-in':
      return failure('not-signed-in', `${told} Run \`gemini\` and sign in, or set GEMINI_API_KEY.`, { exit });
    case 'model':
      return failure('model-not-found', `${told} Check the model's name in the workflow or in .pawl/config.yaml.`, {
        exit,
      });
    case 'quota':
      return failure('quota-exhausted', `${told} Wait until it is renewed, or use another model or agent.`, {
        ...{ exit, ...wait },
      });
    case 'rate':
      return failure('rate-limited', told, { retryable: true, exit, ...wait });
    case 'busy':
      return failure('overloaded', told, { retryable: true, exit, ...wait });
    case 'network':
      return failure('network', told, { retryable: true, exit });
    case 'server':
      return failure('internal', told, { retryable: true, exit });
    default:
      return failure('internal', told, { exit });
  }
}

function word(said: string, exit: Exit): string {
  if (/API_KEY_INVALID|API key (not valid|expired|not found)|Please log in again/i.test(said)) return 'sign-in';
  if (/token count.*exceeds|exceeds the maximum number of tokens|prompt is too long/i.test(said)) return 'too-long';
  if (/daily quota|limit:\s*0(?!\d|\.\d)|billing|prepay|credits/i.test(said)) return 'quota';
  const status = statusOf(said, exit);
  if (status === undefined)
    return /fetch failed|socket|ECONN|ENOTFOUND|network|terminated|abort/i.test(said) ? 'network' : 'other';
  // The CLI tells waits that it would not wait for, and quotas that do not come back soon, by the name of its error.
  if (status === 429 && /TerminalQuotaError/.test(exit.stderrTail) && delayOf(said) === undefined) return 'quota';
  return words[status] ?? (status >= 500 ? 'server' : 'other');
}

const words: Readonly<Record<number, string>> = {
  ...{ 401: 'sign-in', 402: 'quota', 403: 'sign-in', 404: 'model', 413: 'too-long' },
  ...{ 408: 'network', 429: 'rate', 499: 'rate', 503: 'busy', 529: 'busy' },
};

/** From the body that the CLI quotes, from its own name for an error, else from its exit code: a status modulo 256. */
function statusOf(said: string, exit: Exit): number | undefined {
  const quoted = asFigure(asObject(bodyOf(said)?.error)?.code);
  if (quoted !== undefined) return quoted;
  if (/ModelNotFoundError/.test(exit.stderrTail)) return 404;
  const { code = 0 } = exit;
  // 144 to 255 are 400 to 511.
  return code >= 144 && code <= 255 ? code + 256 : undefined;
}

function bodyOf(said: string) {
  const text = /\{[\s\S]*\}/.exec(said)?.[0];
  return text === undefined ? undefined : readObject({ line: 1, text });
}

function plain(said: string): string {
  const message = asObject(bodyOf(said)?.error)?.message;
  const text = typeof message === 'string' && message !== '' ? message : said;
  return text.replace(/^\[API Error: ([\s\S]*?)\](\n[\s\S]*)?$/, '$1').trim();
}

function delayOf(said: string): number | undefined {
  const [, amount, unit] = /(?:retry after|retry in|retryDelay"?:\s*"?)\s*([\d.]+)(ms|s)/i.exec(said) ?? [];
  const value = Number(amount);
  if (!Number.isFinite(value) || amount === undefined) return undefined;
  return Math.ceil(unit === 'ms' ? value : value * 1000);
}
