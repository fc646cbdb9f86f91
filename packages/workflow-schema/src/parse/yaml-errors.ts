import { type ErrorCode, Lexer, type YAMLParseError } from 'yaml';

/** What is wrong with YAML, in our words where the parser's do not help. */
export interface SyntaxProblem {
  readonly message: string;
  readonly hint?: string;
  readonly start: number;
  readonly end: number;
}

const explanations: Partial<Record<ErrorCode, { readonly message?: string; readonly hint: string }>> = {
  TAB_AS_INDENT: { message: 'a tab is used as indentation', hint: 'indent with spaces' },
  BAD_INDENT: { hint: 'keys of one mapping start in the same column' },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'a second `: ` in a one-line value',
    hint: 'put the value in quotes, or start the inner mapping on a line of its own',
  },
  MULTILINE_IMPLICIT_KEY: {
    message: 'this value goes on in the next line, which looks like a key',
    hint: 'keys of one mapping start in the same column',
  },
  BAD_SCALAR_START: { hint: 'put the value in quotes' },
  BAD_DQ_ESCAPE: { hint: 'write a backslash in double quotes as `\\\\`, or use single quotes' },
  MULTIPLE_DOCS: { message: 'a second document in one file', hint: 'write one workflow per file; remove this `---`' },
  MISSING_CHAR: { hint: 'look for a quote, bracket or brace that is not closed' },
};

export function explainErrors(errors: readonly YAMLParseError[], text: string): SyntaxProblem[] {
  // the same slip in other words
  const multiline = new Set(errors.flatMap(({ code, pos }) => (code === 'MULTILINE_IMPLICIT_KEY' ? [pos[0]] : [])));
  return errors
    .filter(({ code, pos }) => code !== 'BLOCK_AS_IMPLICIT_KEY' || !multiline.has(pos[0]))
    .map(({ code, message, pos: [start, end] }) => {
      const open = code === 'MISSING_CHAR' ? openQuote(text, start) : undefined;
      if (open !== undefined) return open;
      const unclosed = code === 'BAD_INDENT' && /^Flow (map|sequence) /.test(message);
      if (unclosed) return { message: 'a `{` or `[` before this is not closed', start, end };
      const known = explanations[code];
      return { message: known?.message ?? lowerFirst(message), ...(known && { hint: known.hint }), start, end };
    });
}

export function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

/** The parser points at the end of the file; the quote that opens is where to look. */
function openQuote(text: string, at: number): SyntaxProblem | undefined {
  let offset = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '\u0002' || token === '\u0018' || token === '\u001F') continue;
    const quote = token[0];
    const end = offset + token.length;
    if (
      (quote === '"' || quote === "'") &&
      offset < at &&
      at <= end &&
      (token.length === 1 || token.at(-1) !== quote)
    ) {
      return { message: `this ${quote} is never closed`, start: offset, end: offset + 1 };
    }
    offset = end;
  }
  return undefined;
}
