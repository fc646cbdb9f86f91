/** A word, a string's content, or one character of punctuation (`...` is one token, `?.` is `.`). */
export interface Token {
  readonly kind: 'word' | 'string' | 'mark';
  readonly text: string;
  readonly line: number;
}

const wordStart = /[\p{ID_Start}$_#]/u;
const word = /[\p{ID_Continue}$_#]*/uy;
/** After these words a slash begins a regular expression. */
const beforeExpression = new Set('return typeof case in of do else void delete throw new await yield'.split(' '));

/**
 * TypeScript source as tokens, without comments, regular expressions and the text of templates. Enough to find imports
 * and names; not a parser.
 */
export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  /** Depth of braces at which each open `${` ends. */
  const templates: number[] = [];
  let depth = 0;
  let line = 1;
  let at = 0;

  const push = (kind: Token['kind'], text: string) => tokens.push({ kind, text, line });
  const skipTo = (end: number) => {
    const stop = Math.min(end, source.length);
    for (; at < stop; at += 1) if (source[at] === '\n') line += 1;
  };
  const skipPast = (mark: string) => {
    const end = source.indexOf(mark, at + 2);
    skipTo(end === -1 ? source.length : end + mark.length);
  };
  const templateText = () => {
    const end = endOfTemplateText(source, at);
    skipTo(end);
    if (source.startsWith('${', at)) {
      templates.push(depth);
      depth += 1;
      at += 2;
    } else at += 1;
  };

  while (at < source.length) {
    const char = source[at] ?? '';
    if (/\s/.test(char)) skipTo(at + 1);
    else if (source.startsWith('//', at)) skipTo(endOfLine(source, at));
    else if (source.startsWith('/*', at)) skipPast('*/');
    else if (char === "'" || char === '"') {
      const end = endOfQuoted(source, at + 1, char);
      push('string', source.slice(at + 1, end));
      skipTo(end + 1);
    } else if (char === '`') {
      at += 1;
      templateText();
    } else if (char === '/' && expressionMayStart(tokens.at(-1))) skipTo(endOfRegExp(source, at));
    else if (wordStart.test(char)) {
      word.lastIndex = at;
      const text = word.exec(source)?.[0] || char;
      push('word', text);
      at += text.length;
    } else if (source.startsWith('...', at)) {
      push('mark', '...');
      at += 3;
    } else if (source.startsWith('?.', at) && !/\d/.test(source[at + 2] ?? '')) {
      push('mark', '.');
      at += 2;
    } else {
      if (char === '{') depth += 1;
      if (char === '}') depth -= 1;
      at += 1;
      if (char === '}' && templates.at(-1) === depth) {
        templates.pop();
        templateText();
      } else push('mark', char);
    }
  }
  return tokens;
}

function expressionMayStart(before: Token | undefined): boolean {
  if (before === undefined) return true;
  if (before.kind === 'string') return false;
  if (before.kind === 'word') return beforeExpression.has(before.text);
  // `</p>` of JSX; nothing is compared with an expression.
  return !/[)\]}\d<]/.test(before.text);
}

function endOfLine(source: string, at: number): number {
  const end = source.indexOf('\n', at);
  return end === -1 ? source.length : end;
}

function endOfQuoted(source: string, from: number, quote: string): number {
  let at = from;
  while (at < source.length && source[at] !== quote && source[at] !== '\n') at += source[at] === '\\' ? 2 : 1;
  return at;
}

function endOfTemplateText(source: string, from: number): number {
  let at = from;
  while (at < source.length && source[at] !== '`' && !source.startsWith('${', at)) at += source[at] === '\\' ? 2 : 1;
  return at;
}

function endOfRegExp(source: string, from: number): number {
  let at = from + 1;
  let inClass = false;
  while (at < source.length && source[at] !== '\n' && (inClass || source[at] !== '/')) {
    if (source[at] === '[') inClass = true;
    if (source[at] === ']') inClass = false;
    at += source[at] === '\\' ? 2 : 1;
  }
  return at + 1;
}
