import type { Token } from './tokens.ts';

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Gone when the types are stripped: `import type`, `export type`. Inline `type` words leave an import behind. */
  readonly typeOnly: boolean;
}

/** Static and dynamic imports and re-exports of one file, in order. */
export function importsOf(tokens: readonly Token[]): readonly Import[] {
  const found: Import[] = [];
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word' || tokens[index - 1]?.text === '.') continue;
    if (token.text !== 'import' && token.text !== 'export') continue;
    const next = tokens[index + 1];
    if (next === undefined) continue;
    if (token.text === 'import') {
      const target = next.text === '(' ? tokens[index + 2] : next;
      if (target?.kind === 'string') {
        found.push({ specifier: target.text, line: token.line, typeOnly: false });
        continue;
      }
    }
    const typeOnly = next.text === 'type' && !/^(from|,|=)$/.test(tokens[index + 2]?.text ?? '');
    const clause = typeOnly ? index + 2 : index + 1;
    const from = token.text === 'import' ? fromAfter(tokens, clause) : fromAfterExport(tokens, clause);
    if (from !== undefined) found.push({ specifier: from.text, line: token.line, typeOnly });
  }
  return found;
}

/** Names that are used as values or types: not property names, not keys. */
export function namesOf(tokens: readonly Token[]): readonly Token[] {
  return tokens.filter((token, index) => {
    if (token.kind !== 'word' || tokens[index - 1]?.text === '.') return false;
    const optional = tokens[index + 1]?.text === '?' ? 1 : 0;
    const isKey =
      tokens[index + 1 + optional]?.text === ':' && /^([{,;(]|readonly)$/.test(tokens[index - 1]?.text ?? '{');
    return !isKey;
  });
}

function fromAfterExport(tokens: readonly Token[], at: number): Token | undefined {
  const first = tokens[at]?.text;
  return first === '{' || first === '*' ? fromAfter(tokens, at) : undefined;
}

/** The string behind the `from` that ends an import or export clause. */
function fromAfter(tokens: readonly Token[], start: number): Token | undefined {
  let depth = 0;
  for (let at = start; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.text === '{') depth += 1;
    if (token?.text === '}') depth -= 1;
    const behind = tokens[at + 1];
    if (depth === 0 && token?.kind === 'word' && token.text === 'from' && behind?.kind === 'string') return behind;
    const inClause = token?.kind === 'word' || (token?.kind === 'mark' && /^[{},*]$/.test(token.text));
    if (depth === 0 && !inClause) return undefined;
  }
  return undefined;
}
