import { listed, quote } from '../diagnostics/quote.ts';
import { type Entry, entryOf, kindOf, type Node } from '../parse/node.ts';
import { givenNameRule, inputNameRule, inputTypes } from '../shape/scalars.ts';
import { inputWords } from '../shape/words.ts';
import type { DeclaredInput, InputType, WrittenValue } from '../workflow.ts';
import { inputTemplateOf } from './call.ts';
import type { Check } from './check.ts';
import { inputProblem } from './input-value.ts';
import { checkKeys } from './keys.ts';
import { listOf, mapOf, scalarOf, wordOf } from './values.ts';

const form = 'write `inputs: { topic: string, depth: { type: number, default: 2 } }`';

/** Root `inputs`. Undefined when there are none. */
export function checkDeclaredInputs(check: Check, entry: Entry | undefined): DeclaredInput[] | undefined {
  if (entry === undefined) return undefined;
  return mapOf(check, entry, form)?.entries.flatMap((input): DeclaredInput[] => {
    const { key, keyRange, value } = input;
    if (!givenNameRule.test(key)) {
      const message = `the name of an input starts with a letter or \`_\` and has letters, digits, \`_\`, \`-\` and \`.\`, not ${quote(key)}`;
      check.report.error('input-name', keyRange, message);
      return [];
    }
    const name = { text: key, range: keyRange };
    if (value.kind !== 'map') {
      const type = wordOf(check, input, ['string', 'number', 'boolean']);
      return [{ name, type: type ?? 'string', values: [] }];
    }
    check.misspelt.clear();
    checkKeys(check, value, inputWords);
    const values = entryOf(value, 'values');
    const written = entryOf(value, 'type');
    const type: InputType = (written && wordOf(check, written, inputTypes)) ?? (values ? 'enum' : 'string');
    const description = entryOf(value, 'description');
    const described = description && scalarOf(check, description, 'text')?.text;
    const declared: DeclaredInput = {
      name,
      type,
      values: checkEnum(check, values, type, written ?? input),
      ...(described !== undefined && { description: described }),
    };
    const preset = checkDefault(check, entryOf(value, 'default'), declared);
    return [preset === undefined ? declared : { ...declared, default: preset }];
  });
}

function checkEnum(check: Check, entry: Entry | undefined, type: InputType, at: Entry): string[] {
  if (entry === undefined) {
    if (type === 'enum' && !check.misspelt.has('values')) {
      check.report.error('missing-key', at.keyRange, 'an enum needs `values`', 'such as `values: [low, high]`');
    }
    return [];
  }
  if (type !== 'enum') {
    check.report.error('misplaced', entry.keyRange, '`values` belong to `type: enum`', 'write `type: enum`');
  }
  const list = listOf(check, entry, 'write a list, such as `values: [low, high]`');
  return (list?.items ?? []).flatMap((item: Node) => {
    if (item.kind === 'scalar' && item.value !== null) return [item.text];
    check.report.error('wrong-type', item.range, `a value of an enum is text, not ${kindOf(item)}`);
    return [];
  });
}

function checkDefault(check: Check, entry: Entry | undefined, input: DeclaredInput): string | undefined {
  const scalar = entry && scalarOf(check, entry, 'text');
  if (scalar === undefined) return undefined;
  const problem = inputProblem(input, scalar.text);
  if (problem !== undefined) check.report.error('input-value', scalar.range, `the default ${problem}`);
  return scalar.text;
}

/** Root `outputs`: names with templates. */
export function checkOutputs(check: Check, entry: Entry | undefined): WrittenValue[] {
  const map = entry && mapOf(check, entry, 'write `outputs: { summary: "{review.output}" }`');
  return (map?.entries ?? []).flatMap((output): WrittenValue[] => {
    const { key, keyRange } = output;
    if (!inputNameRule.test(key)) {
      const message = `the name of an output starts with a letter or \`_\` and has letters, digits, \`_\` and \`-\`, not ${quote(key)}`;
      check.report.error('invalid-name', keyRange, message);
    } else if (reserved.includes(key)) {
      const message = `no output can be called ${quote(key)}: a step has a field of that name`;
      check.report.error('reserved-name', keyRange, message, `taken: ${listed(reserved, 'and')}`);
    }
    const value = inputTemplateOf(check, output);
    return value ? [{ name: { text: key, range: keyRange }, value }] : [];
  });
}

/** Fields that every call has. */
export const reserved = ['state', 'gate', 'status', 'attempt', 'retries', 'check_result'];
