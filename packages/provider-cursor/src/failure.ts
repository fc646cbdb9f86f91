import type { Exit, ProviderErrorCode, SerializedProviderError } from '@pawl/provider';
import { crashed, failure } from '@pawl/provider-kit';

type Kind = readonly [RegExp, ProviderErrorCode, hint: string];

/** Only what is known to be said. What Cursor says of quotas and rate limits was never seen: it stays unclassified. */
const kinds: readonly Kind[] = [
  [
    /authentication required|not (logged in|authenticated)|invalid api key/i,
    'not-signed-in',
    'Run `cursor-agent login`, or set CURSOR_API_KEY.',
  ],
  [/pass --trust/i, 'protocol', 'This version does not take `--trust`: update it.'],
  [/unknown option|unknown argument/i, 'protocol', 'This version lacks a flag that pawl needs: update it.'],
];

/** It ended without a result line. */
export function ended(exit: Exit): SerializedProviderError {
  const found = kindOf(exit.stderrTail);
  if (!found) return crashed('Cursor', exit);
  const [, code, hint] = found;
  const said = exit.stderrTail.trim().split('\n').at(-1) ?? '';
  return failure(code, `Cursor: ${said.replace(/[.\s]*$/, '.')} ${hint}`, { exit });
}

/** Its result line says that it failed. */
export function failed(said: string, exit: Exit): SerializedProviderError {
  const message = said.trim() === '' ? 'it failed without saying why' : said.trim();
  const [, code, hint] = kindOf(message) ?? [];
  const sentence = `Cursor: ${message.replace(/[.\s]*$/, '.')}`;
  return failure(code ?? 'internal', hint === undefined ? sentence : `${sentence} ${hint}`, { exit });
}

function kindOf(text: string): Kind | undefined {
  return kinds.find(([pattern]) => pattern.test(text));
}
