import { Lexer } from 'yaml';

/** Offset of a `validate` key to the stretch of its value, which was blanked. */
export type ValidateLines = ReadonlyMap<number, { readonly start: number; readonly end: number }>;

/**
 * Inputs indented below `- validate: name`, as Gump's pages show them, are not YAML: a mapping cannot follow a value.
 * The value is blanked, so that the inputs are the mapping of `validate` and every position stays what it was;
 * {@link ValidateLines} tells where the value stood. Tokens decide what is a key: block scalars, comments and quoted
 * text are never touched.
 */
export function rewriteValidateLines(text: string): { text: string; rewritten: ValidateLines } {
  const rewritten = new Map<number, { start: number; end: number }>();
  if (!/^[ \t]*-[ \t]+validate[ \t]*:[ \t]+\S/m.test(text)) return { text, rewritten };
  let offset = 0;
  let line: { readonly token: string; readonly offset: number }[] = [];
  for (const token of new Lexer().lex(text)) {
    // marks of the lexer, not of the text
    if (token === '\u0002' || token === '\u0018' || token === '\u001F') continue;
    const [dash, key, colon] = line.slice(-3);
    if (dash?.token === '-' && key?.token === 'validate' && colon?.token === ':' && /^[\w"'./-]/.test(token)) {
      const value = token.split('\n', 1)[0]?.trimEnd() ?? '';
      const end = offset + value.length;
      if (inputsFollow(text, key.offset, end)) rewritten.set(key.offset, { start: offset, end });
    }
    if (token.includes('\n')) line = [];
    else if (token.trim() !== '') line.push({ token, offset });
    offset += token.length;
  }
  return { text: blank(text, [...rewritten.values()]), rewritten };
}

/** The next line that says something is a key, deeper than this one. */
function inputsFollow(text: string, key: number, valueEnd: number): boolean {
  const column = key - (text.lastIndexOf('\n', key) + 1);
  const [rest = '', ...lines] = text.slice(valueEnd, valueEnd + 10_000).split('\n');
  if (!/^\s*(#.*)?$/.test(rest)) return false;
  const next = lines.find((line) => !/^\s*(#.*)?$/.test(line));
  const found = next === undefined ? undefined : /^( *)["']?[A-Za-z_][\w.-]*["']?[ \t]*:(?:\s|$)/.exec(next);
  return (found?.[1]?.length ?? 0) > column;
}

function blank(text: string, stretches: readonly { start: number; end: number }[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of stretches) {
    parts.push(text.slice(from, start), ' '.repeat(end - start));
    from = end;
  }
  return parts.join('') + text.slice(from);
}
