import type { Exit, SerializedProviderError } from '@pawl/provider';
import { type ApiReason, apiFailure, reasonOfStatus, reasonOfWords } from '@pawl/provider-kit';

const hints = { 'sign-in': 'Run `qwen` and sign in with /auth, or set OPENAI_API_KEY.' };

export function refused(said: string, exit: Exit): SerializedProviderError {
  return apiFailure(reasonOf(said), plain(said), { exit, hints });
}

/** Those that no status tells. */
const words: readonly (readonly [RegExp, ApiReason])[] = [
  [/No auth type is selected|API key.*(not found|missing|required)|missing credentials/i, 'sign-in'],
  [
    /Context is too large to send|maximum context length|context_length_exceeded|input length.*exceed|context window|prompt is too long/i,
    'too-long',
  ],
  [
    /insufficient_quota|exceeded your current quota|quota (has been )?(exceeded|exhausted)|free tier|Arrearage|billing/i,
    'quota',
  ],
  [/model.*(does not exist|not found)|no such model/i, 'model'],
];

const unnumbered: readonly (readonly [RegExp, ApiReason])[] = [
  [/connection error|fetch failed|ECONN|ENOTFOUND|socket|terminated|network|timed? ?out|premature close/i, 'network'],
  // An answer with nothing in it, a stream without an end: the next one may be whole.
  [/empty|without|no response|stream|loop/i, 'server'],
];

function reasonOf(said: string): ApiReason {
  const [, status] = /^\[API Error: (\d{3})\b/.exec(said) ?? [];
  return (
    reasonOfWords(said, words) ??
    (status === undefined ? (reasonOfWords(said, unnumbered) ?? 'other') : reasonOfStatus(Number(status)))
  );
}

function plain(said: string): string {
  return said.replace(/^\[API Error: (?:\d{3} )?([\s\S]*?)\](\n[\s\S]*)?$/, '$1').trim() || said;
}
