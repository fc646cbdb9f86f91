import type { Exit, SerializedProviderError } from '@pawl/provider';
import {
  type ApiReason,
  apiFailure,
  asFigure,
  asObject,
  readObject,
  reasonOfStatus,
  reasonOfWords,
} from '@pawl/provider-kit';

const hints = {
  'sign-in': 'Run `gemini` and sign in, or set GEMINI_API_KEY.',
  quota: 'Wait until it is renewed, or use another model or agent.',
};

export function refused(said: string, exit: Exit): SerializedProviderError {
  const reason = reasonOf(said, exit);
  const limited = reason === 'quota' || reason === 'rate' || reason === 'busy';
  return apiFailure(reason, plain(said), { exit, hints, retryAfterMs: limited ? delayOf(said) : undefined });
}

const words: readonly (readonly [RegExp, ApiReason])[] = [
  [/API_KEY_INVALID|API key (not valid|expired|not found)|Please log in again/i, 'sign-in'],
  [/token count.*exceeds|exceeds the maximum number of tokens|prompt is too long/i, 'too-long'],
  [/daily quota|limit:\s*0(?!\d|\.\d)|billing|prepay|credits/i, 'quota'],
];

const unnumbered: readonly (readonly [RegExp, ApiReason])[] = [
  [/fetch failed|socket|ECONN|ENOTFOUND|network|terminated|abort/i, 'network'],
];

function reasonOf(said: string, exit: Exit): ApiReason {
  const worded = reasonOfWords(said, words);
  if (worded) return worded;
  const status = statusOf(said, exit);
  if (status === undefined) return reasonOfWords(said, unnumbered) ?? 'other';
  // The CLI tells waits that it would not wait for, and quotas that do not come back soon, by the name of its error.
  if (status === 429 && /TerminalQuotaError/.test(exit.stderrTail) && delayOf(said) === undefined) return 'quota';
  return reasonOfStatus(status);
}

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
