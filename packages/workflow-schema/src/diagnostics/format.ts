import type { Diagnostic } from './diagnostic.ts';
import { withoutByteOrderMark } from './lines.ts';
import { showLine } from './width.ts';

const widest = 120;

/**
 * For people: `file:line:column: error: message [code]`, the line, the offending stretch underlined, the hint.
 * `text` is that of the diagnostic's file. No colour, no trailing newline.
 */
export function formatDiagnostic(diagnostic: Diagnostic, text: string): string {
  const { file, line, column, severity, message, code, hint } = diagnostic;
  const shown = [`${file}:${line}:${column}: ${severity}: ${message} [${code}]`];
  const source = withoutByteOrderMark(text).split('\n')[line - 1]?.replace(/\r$/, '');
  if (source !== undefined) {
    const number = String(line);
    const { code: excerpt, underline } = mark(source, diagnostic);
    shown.push(` ${number} | ${excerpt}`.trimEnd(), ` ${' '.repeat(number.length)} | ${underline}`);
  }
  if (hint !== undefined) shown.push(` hint: ${hint}`);
  return shown.join('\n');
}

function mark(source: string, { line, column, endLine, endColumn }: Diagnostic): { code: string; underline: string } {
  const start = column - 1;
  // of several lines, the rest of the first
  const end = endLine > line ? source.trimEnd().length : endColumn - 1;
  const { cells } = showLine(source);
  const before = cells.filter(({ offset }) => offset < start);
  const first = window(before);
  const visible = cells.slice(first);
  let code = first > 0 ? '…' : '';
  let underline = first > 0 ? ' ' : '';
  let columns = code.length;
  let carets = 0;
  for (const cell of visible) {
    if (columns + cell.columns > widest) {
      code += '…';
      break;
    }
    code += cell.text;
    columns += cell.columns;
    if (cell.offset < start) underline += ' '.repeat(cell.columns);
    else if (cell.offset < end) carets += cell.columns;
  }
  return { code, underline: underline + '^'.repeat(Math.max(1, carets)) };
}

/** Index of the first cell to show, so that the marked stretch is in sight on a very long line. */
function window(before: readonly { readonly columns: number }[]): number {
  const most = widest - 40;
  let columns = before.reduce((sum, cell) => sum + cell.columns, 0);
  let first = 0;
  if (columns <= most) return 0;
  while (columns > most / 2) {
    columns -= before[first]?.columns ?? columns;
    first += 1;
  }
  return first;
}
