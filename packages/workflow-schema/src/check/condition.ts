import { quote } from '../diagnostics/quote.ts';
import { parseCondition } from '../parse/condition.ts';
import type { Entry } from '../parse/node.ts';
import { scalarPlaces } from '../parse/places.ts';
import type { WrittenCondition } from '../workflow.ts';
import type { Check } from './check.ts';
import { scalarOf, textOf } from './values.ts';

const longest = 4000;

/** `bareGate`: a word alone is the name of a gate. */
export function checkCondition(
  check: Check,
  entry: Entry,
  { bareGate = false }: { readonly bareGate?: boolean } = {},
): WrittenCondition | undefined {
  const scalar = scalarOf(check, entry, 'a condition');
  if (scalar === undefined || textOf(check, entry) === undefined) return undefined;
  if (scalar.text.length > longest) {
    check.report.error('too-large', scalar.range, `a condition has at most ${longest} characters`);
    return undefined;
  }
  const rangeOf = scalarPlaces(scalar, check.lines);
  const parsed = parseCondition(scalar.text, rangeOf, bareGate);
  if ('condition' in parsed) return parsed.condition;
  const { start, end, message, hint } = parsed;
  check.report.error('condition', rangeOf(start, end), `${quote(entry.key)}: ${message}`, hint);
  return undefined;
}
