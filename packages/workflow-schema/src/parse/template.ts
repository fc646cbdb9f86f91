import type { Lines } from '../diagnostics/lines.ts';
import type { WrittenTemplate } from '../workflow.ts';
import type { ScalarNode } from './node.ts';
import { splitLines, splitPlaceholders } from './placeholders.ts';

/**
 * The template that a scalar holds. A placeholder has no blank in it, so folding never splits it: the third `{a}` of
 * the value is the third `{a}` of the file. Where escapes in quotes make the counts differ, the whole scalar is told.
 */
export function readTemplate(scalar: ScalarNode, lines: Lines): WrittenTemplate {
  const places = new Map<string, ReadonlyMap<number, number>>();
  const rangeOf = (name: string, at: number) => {
    const written = `{${name}}`;
    const known = places.get(name) ?? placesOf(scalar, written);
    places.set(name, known);
    const place = known.get(at);
    if (place === undefined) return scalar.range;
    const start = scalar.body.offset + place;
    return lines.range(start, start + written.length);
  };
  return {
    range: scalar.range,
    lines: splitLines(splitPlaceholders(scalar.text)).map((line) =>
      line.map((part) => (typeof part === 'string' ? part : { name: part.name, range: rangeOf(part.name, part.at) })),
    ),
  };
}

/** Offsets in the value to offsets in the file's text; empty when they cannot be matched. */
function placesOf({ text, body }: ScalarNode, written: string): ReadonlyMap<number, number> {
  const value = occurrences(text, written);
  const file = occurrences(body.text, written);
  return value.length === file.length ? new Map(value.map((at, index) => [at, file[index] ?? 0])) : new Map();
}

function occurrences(text: string, wanted: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + wanted.length)) found.push(at);
  return found;
}
