/** A piece of a condition; offsets in the value. */
export interface Token {
  readonly kind: 'placeholder' | 'text' | 'number' | 'word' | 'operator' | 'end' | 'wrong';
  /** The name in the braces, the text between the quotes, else as written. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const pieces: readonly (readonly [Token['kind'], RegExp])[] = [
  ['placeholder', /\{([A-Za-z_][A-Za-z0-9_./-]*)\}/y],
  ['text', /'((?:[^']|'')*)'/y],
  ['text', /"((?:[^"\\]|\\["\\])*)"/y],
  ['operator', /==|!=|<=|>=|&&|\|\||[<>!()]/y],
  ['number', /-?(?:\d+\.?\d*|\.\d+)(?![\w.])/y],
  ['word', /[A-Za-z_][A-Za-z0-9_./-]*/y],
];

/** Ends in a token of the kind `end`. */
export function conditionTokens(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text.charAt(at))) at += 1;
    else {
      const token = tokenAt(text, at);
      tokens.push(token);
      at = token.end;
    }
  }
  tokens.push({ kind: 'end', text: '', start: at, end: at });
  return tokens;
}

function tokenAt(text: string, at: number): Token {
  for (const [kind, pattern] of pieces) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) continue;
    const [whole, inner] = match;
    const quoted = whole.startsWith("'") ? inner?.replaceAll("''", "'") : inner?.replaceAll(/\\(["\\])/g, '$1');
    return { kind, text: quoted ?? whole, start: at, end: at + whole.length };
  }
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  return { kind: 'wrong', text: character, start: at, end: at + character.length };
}
