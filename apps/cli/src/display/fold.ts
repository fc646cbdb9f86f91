import { displayWidth } from '@pawl/report';

/**
 * Lines that are too long for a width, broken between words. A word stays whole, and so does a command, also that of a
 * line `  command   purpose`: they are there to be copied.
 */
export function fold(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => folded(line, width))
    .join('\n');
}

function folded(line: string, width: number): readonly string[] {
  if (displayWidth(line) <= width) return [line];
  const [, command, purpose] = /^( +\S.*?) {3,}(\S.*)$/.exec(line) ?? [];
  if (command !== undefined && purpose !== undefined) return [command, ...broken(purpose, ' '.repeat(6), width)];
  if (/^(?: +|more: )(?:pawl|git) /.test(line)) return [line];
  const [indent = ''] = /^ */.exec(line) ?? [];
  const [first = '', ...rest] = broken(line.trim(), `${indent}  `, width);
  return [`${indent}${first.trimStart()}`, ...rest];
}

function broken(text: string, indent: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/ +/)) {
    const last = lines.at(-1);
    const longer = last === undefined ? undefined : `${last} ${word}`;
    if (longer !== undefined && displayWidth(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(`${indent}${word}`);
  }
  return lines;
}
