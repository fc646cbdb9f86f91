import { formatCount } from './format-figures.ts';
import type { AttemptReport } from './model.ts';
import { plainLine, plainText } from './plain-text.ts';

/**
 * What stood behind a failure, beyond its one-line message: output of the gates that failed, or the comments of a
 * verdict. At most about `lines` lines. Plain text.
 */
export function failureExcerpt(attempt: AttemptReport, lines: number): string[] {
  const gates = attempt.gates.flatMap(({ name, status, message }) =>
    status === 'failed' && message !== undefined ? [{ name: plainLine(name), message }] : [],
  );
  if (gates.length === 0)
    return attempt.failure?.reason === 'verdict' ? last(toldLines(attempt.failure.text), lines) : [];
  const each = Math.max(2, Math.floor(lines / gates.length));
  return gates.flatMap(({ name, message }) => [...(gates.length > 1 ? [`${name}:`] : []), ...excerpt(message, each)]);
}

/**
 * The lines of a gate's output that tell most: from the first that speaks of a failure on, else the last ones. A line
 * that stands alone above the rest says why, and is kept.
 */
export function excerpt(output: string, lines: number): string[] {
  const [first = '', ...rest] = plainText(output).trim().split('\n');
  const why = rest[0] === '' ? [first.trimEnd()] : [];
  return [...why, ...telling(toldLines(why.length > 0 ? rest.join('\n') : output), lines)];
}

const failureLine = /^\s*(?:not ok|✖|✗|×|FAIL|FAILED|--- FAIL|E {3})|\b(?:\w*Error|error|panicked at)\b(?!s?: 0| 0)/;

function telling(told: readonly string[], lines: number): string[] {
  const first = told.findIndex((line) => failureLine.test(line));
  if (first === -1 || told.length <= lines) return last(told, lines);
  const from = Math.min(first, told.length - lines);
  const shown = told.slice(from, from + lines);
  const below = told.length - from - lines;
  return [
    ...(from > 0 ? [`(${formatCount(from, 'line')} above)`] : []),
    ...shown,
    ...(below > 0 ? [`(${formatCount(below, 'line')} below)`] : []),
  ];
}

function toldLines(text: string): string[] {
  return plainText(text)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
}

function last(told: readonly string[], lines: number): string[] {
  const hidden = told.length - lines;
  return hidden > 0 ? [`(${formatCount(hidden, 'line')} above)`, ...told.slice(-lines)] : [...told];
}
