import { indexLines, type Lines, withoutByteOrderMark } from '../diagnostics/lines.ts';
import type { Report } from '../diagnostics/report.ts';

const most = 1_000_000;
/** Of characters that are told: a binary file is full of them. */
const mostCharacters = 5;

// Control characters but tab and line ends; a byte order mark inside; the reader's own mark.
const forbidden = /(?![\t\n]|\r\n)[\p{Cc}\uFEFF\uE000]/gu;

/** The text that is read, or undefined when it must not be given to a YAML parser at all. */
export function checkSource(raw: string, report: Report): Lines | undefined {
  const text = withoutByteOrderMark(raw);
  if (text.length > most) {
    const start = { line: 1, column: 1, endLine: 1, endColumn: 1 };
    report.error('too-large', start, `a workflow file has at most 1 MB, this one has ${text.length} characters`);
    return undefined;
  }
  const lines = indexLines(text);
  let found = 0;
  for (const match of text.matchAll(forbidden)) {
    found += 1;
    if (found > mostCharacters) break;
    const code = (match[0].codePointAt(0) ?? 0).toString(16).padStart(4, '0').toUpperCase();
    report.error(
      'control-character',
      lines.range(match.index, match.index + 1),
      match[0] === '\r' ? 'a carriage return without a line feed' : `the character U+${code} is not allowed`,
      'remove it, or write it as an escape in double quotes',
    );
  }
  return report.failed() ? undefined : lines;
}
