import { Lexer } from 'yaml';

/** Stands in for the second colon while YAML is read. Private use; refused in source text. */
const standIn = '\uE000';

/** Offset of a rewritten scalar to the offset of its colon. */
export type SessionLines = ReadonlyMap<number, number>;

/**
 * `session: from: tests` is not YAML: a mapping cannot start inside a one-line value. The second colon is replaced by a
 * character of the same length, so that every position stays what it was; {@link SessionLines} tells where. Tokens
 * decide what is a key: text inside quotes, comments and block scalars is never touched.
 */
export function rewriteSessionLines(text: string): { text: string; rewritten: SessionLines } {
  const rewritten = new Map<number, number>();
  if (!/\bsession\b.*\b(?:from|fork)[ \t]*:/.test(text)) return { text, rewritten };
  let offset = 0;
  let line: { token: string; offset: number }[] = [];
  for (const token of new Lexer().lex(text)) {
    // marks of the lexer, not of the text
    if (token === '\u0002' || token === '\u0018' || token === '\u001F') continue;
    if (token === ':') {
      const [key, colon, word] = line.slice(-3);
      if (isSession(key?.token) && colon?.token === ':' && (word?.token === 'from' || word?.token === 'fork')) {
        rewritten.set(word.offset, offset);
      }
    }
    if (token.includes('\n')) line = [];
    else if (token.trim() !== '') line.push({ token, offset });
    offset += token.length;
  }
  return { text: replaceAt(text, [...rewritten.values()]), rewritten };
}

function isSession(token: string | undefined): boolean {
  return token === 'session' || token === '"session"' || token === "'session'";
}

function replaceAt(text: string, offsets: readonly number[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const offset of offsets) {
    parts.push(text.slice(from, offset), standIn);
    from = offset + 1;
  }
  return parts.join('') + text.slice(from);
}
