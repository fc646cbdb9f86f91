import type { Exit, SerializedProviderError } from '@pawl/provider';
import { failure } from '@pawl/provider-kit';

/** What the API refused, in our words. What the CLI said stays in the message. */
export function apiFailure(said: string, exit: Exit): SerializedProviderError {
  const told = plain(said).replace(/[.\s]*$/, '.');
  switch (word(said)) {
    case 'too-long':
      return failure('context-too-long', `${told} Start a new session, or give it less to read.`, { exit });
    case 'sign-in':
      return failure('not-signed-in', `${told} Run \`qwen\` and sign in with /auth, or set OPENAI_API_KEY.`, { exit });
    case 'model':
      return failure('model-not-found', `${told} Check the model's name in the workflow or in .pawl/config.yaml.`, {
        exit,
      });
    case 'quota':
      return failure('quota-exhausted', `${told} Add credit to the account, or use another agent.`, { exit });
    case 'rate':
      return failure('rate-limited', told, { retryable: true, exit });
    case 'busy':
      return failure('overloaded', told, { retryable: true, exit });
    case 'network':
      return failure('network', told, { retryable: true, exit });
    case 'server':
      return failure('internal', told, { retryable: true, exit });
    default:
      return failure('internal', told, { exit });
  }
}

/** Those that no status tells; the first that fits. */
const patterns: readonly (readonly [pattern: RegExp, word: string])[] = [
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

function word(said: string): string {
  for (const [pattern, found] of patterns) if (pattern.test(said)) return found;
  const [, status] = /^\[API Error: (\d{3})\b/.exec(said) ?? [];
  if (status === undefined) return unnumbered(said);
  const code = Number(status);
  return words[code] ?? (code >= 500 ? 'server' : 'other');
}

function unnumbered(said: string): string {
  if (/connection error|fetch failed|ECONN|ENOTFOUND|socket|terminated|network|timed? ?out|premature close/i.test(said))
    return 'network';
  // An answer with nothing in it, a stream without an end: the next one may be whole.
  return /empty|without|no response|stream|loop/i.test(said) ? 'server' : 'other';
}

const words: Readonly<Record<number, string>> = {
  ...{ 401: 'sign-in', 402: 'quota', 403: 'sign-in', 404: 'model', 408: 'network', 413: 'too-long' },
  ...{ 429: 'rate', 503: 'busy', 529: 'busy' },
};

function plain(said: string): string {
  return said.replace(/^\[API Error: (?:\d{3} )?([\s\S]*?)\](\n[\s\S]*)?$/, '$1').trim() || said;
}
