import { plainText } from '@pawl/report';
import type { Screen } from '../terminal.ts';

/** A patch for a person: in colour, without what a terminal would obey. */
export function coloredPatch(patch: string, { color }: Screen): string {
  return plainText(patch)
    .split('\n')
    .map((line) => {
      if (/^(diff|index|---|\+\+\+|new file|deleted file|old mode|new mode|similarity) ?/.test(line))
        return color('bold', line);
      if (line.startsWith('@@')) return color('cyan', line);
      if (line.startsWith('+')) return color('green', line);
      return line.startsWith('-') ? color('red', line) : line;
    })
    .join('\n');
}

/** Its beginning, indented, without git's own lines; `more` tells how the rest is seen. */
export function patchExcerpt(patch: string, screen: Screen, most: number, more: string): readonly string[] {
  const lines = plainText(patch).trimEnd().split('\n');
  const told = lines.filter((line) => !/^(diff --git|index |--- |new file mode|deleted file mode)/.test(line));
  const shown = told.slice(0, most).map((line) => {
    if (line.startsWith('+++ ')) return screen.line('    ', ['bold', line.slice(4).replace(/^b\//, '')]);
    const style = line.startsWith('@@')
      ? 'cyan'
      : line.startsWith('+')
        ? 'green'
        : line.startsWith('-')
          ? 'red'
          : 'dim';
    return screen.line('    ', [style, line]);
  });
  const left = told.length - shown.length;
  return [...shown, ...(left > 0 ? [screen.line(['dim', `    ${left} more lines: ${more}`])] : [])];
}
