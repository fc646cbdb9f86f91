import type { Range } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/nearest.ts';
import { quote } from '../diagnostics/quote.ts';
import { type Entry, entryOf, kindOf, type Node, type ScalarNode } from '../parse/node.ts';
import type { WrittenValue } from '../workflow.ts';
import { checkValues } from './call.ts';
import type { Check } from './check.ts';

export const knownGates = [
  'compile',
  'test',
  'lint',
  'coverage',
  'tests_found',
  'schema',
  'touched',
  'untouched',
  'bash',
  'validate',
];

/** A gate as written: its word, its argument, the inputs beside it, and where to point. */
export interface WrittenGate {
  readonly word: string;
  readonly range: Range;
  readonly argument?: { readonly text: string; readonly range: Range };
  readonly inputs: readonly WrittenValue[];
}

export function readGate(check: Check, item: Node): WrittenGate | undefined {
  if (item.kind === 'scalar') {
    if (item.value !== null) return readText(item);
    check.report.error('missing-value', item.range, 'an empty entry in `gate`');
    return undefined;
  }
  if (item.kind === 'list' || item.entries.length === 0) {
    const found = item.kind === 'list' ? 'a list' : 'an empty mapping';
    check.report.error('wrong-type', item.range, `a gate is a word or \`word: argument\`, not ${found}`);
    return undefined;
  }
  const validate = entryOf(item, 'validate');
  const first = validate ?? item.entries[0];
  if (first === undefined) return undefined;
  // what stands beside a validator is its input
  if (validate !== undefined) {
    const given = checkValues(
      check,
      item.entries.filter((entry) => entry !== validate),
    );
    return fromEntry(check, validate, given);
  }
  for (const extra of item.entries.slice(1)) {
    const hint = knownGates.includes(extra.key)
      ? `start a new entry: \`- ${extra.key}: …\``
      : didYouMean(extra.key, knownGates);
    const message = `${quote(extra.key)} in the gate ${quote(first.key)}: a gate has one key`;
    check.report.error('unknown-key', extra.keyRange, message, hint);
  }
  return fromEntry(check, first, []);
}

function fromEntry(
  check: Check,
  { key, keyRange, value }: Entry,
  inputs: readonly WrittenValue[],
): WrittenGate | undefined {
  if (value.kind !== 'scalar') {
    const hint = key === 'validate' ? 'write the inputs as keys beside `validate`' : undefined;
    check.report.error(
      'wrong-type',
      value.range,
      `the argument of ${quote(key)} must be text, not ${kindOf(value)}`,
      hint,
    );
    return undefined;
  }
  if (value.value === null) return { word: key, range: keyRange, inputs };
  return { word: key, range: keyRange, argument: { text: value.text, range: value.range }, inputs };
}

/** `touched: *.ts` in quotes, split at the first colon. */
function readText({ text, range }: ScalarNode): WrittenGate {
  const colon = text.indexOf(':');
  if (colon === -1) return { word: text.trim(), range, inputs: [] };
  const argument = text.slice(colon + 1).trim();
  const word = text.slice(0, colon).trim();
  return { word, range, ...(argument !== '' && { argument: { text: argument, range } }), inputs: [] };
}
