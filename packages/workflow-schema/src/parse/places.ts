import type { Range } from '../diagnostics/diagnostic.ts';
import type { Lines } from '../diagnostics/lines.ts';
import type { ScalarNode } from './node.ts';

/** Where a stretch of a scalar's value stands in the file. The whole scalar where escapes or folding moved it. */
export function scalarPlaces({ text, body, range }: ScalarNode, lines: Lines): (start: number, end: number) => Range {
  const at = text === '' ? -1 : body.text.indexOf(text);
  if (at === -1) return () => range;
  const from = body.offset + at;
  return (start, end) => lines.range(from + start, from + Math.max(start, end));
}
