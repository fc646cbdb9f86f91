import { quote } from '../diagnostics/quote.ts';
import { type Entry, entryOf, kindOf, type MapNode } from '../parse/node.ts';
import { readTemplate } from '../parse/template.ts';
import { givenNameRule, workflowNameRule } from '../shape/scalars.ts';
import type { WorkflowCallStep, Written, WrittenTemplate, WrittenValue } from '../workflow.ts';
import type { Check } from './check.ts';
import { mapOf, textOf } from './values.ts';

/** The name of a workflow that is called. It becomes a path below a folder of workflows. */
export function checkWorkflowName(check: Check, entry: Entry): Written | undefined {
  const written = textOf(check, entry);
  if (written === undefined) return undefined;
  const name = { text: written.text.trim(), range: written.range };
  if (workflowNameRule.test(name.text)) return name;
  const message = `${quote(name.text)} cannot name a workflow: names of letters, digits, \`_\`, \`-\` and \`.\`, with \`/\` between them`;
  const file = name.text.replace(/\.ya?ml$/, '').replace(/^(?:\.?\/)+/, '');
  const hint = workflowNameRule.test(file) && !file.includes('..') ? `write ${quote(file)}` : undefined;
  check.report.error('invalid-name', name.range, message, hint);
  return undefined;
}

/** The inputs given to a workflow: each a text, or a template for one. */
export function checkValues(check: Check, entries: readonly Entry[]): WrittenValue[] {
  return entries.flatMap((entry): WrittenValue[] => {
    const { key, keyRange } = entry;
    if (!givenNameRule.test(key)) {
      const message = `the name of an input starts with a letter or \`_\` and has letters, digits, \`_\`, \`-\` and \`.\`, not ${quote(key)}`;
      check.report.error('input-name', keyRange, message);
      return [];
    }
    const value = inputTemplateOf(check, entry);
    return value ? [{ name: { text: key, range: keyRange }, value }] : [];
  });
}

/** Trimmed, so that a block scalar does not add a line. */
export function inputTemplateOf(check: Check, { key, keyRange, value }: Entry): WrittenTemplate | undefined {
  if (value.kind !== 'scalar') {
    const [only] = value.kind === 'map' && value.flow ? value.entries : [];
    const hint =
      only === undefined ? undefined : `a value that starts with a placeholder needs quotes: "{${only.key}}"`;
    check.report.error('wrong-type', value.range, `${quote(key)} must be text, not ${kindOf(value)}`, hint);
    return undefined;
  }
  if (value.value === null) {
    check.report.error('missing-value', keyRange, `${quote(key)} has no value`, 'write `""` for an empty text');
    return undefined;
  }
  return trimmed(readTemplate(value, check.lines));
}

export function trimmed({ range, lines }: WrittenTemplate): WrittenTemplate {
  const kept = lines.map((line) => [...line]);
  const blank = (line: (typeof kept)[number] | undefined) =>
    line?.every((part) => typeof part === 'string' && part.trim() === '') === true;
  while (kept.length > 1 && blank(kept[0])) kept.shift();
  while (kept.length > 1 && blank(kept.at(-1))) kept.pop();
  const first = kept[0];
  if (typeof first?.[0] === 'string') first[0] = first[0].trimStart();
  const last = kept.at(-1);
  const end = last?.at(-1);
  if (last !== undefined && typeof end === 'string') last[last.length - 1] = end.trimEnd();
  return { range, lines: kept.map((line) => line.filter((part) => part !== '')) };
}

export interface CallParts {
  readonly name: Written;
  readonly workflow: Written;
  readonly validator: boolean;
  readonly inputs: readonly WrittenValue[];
}

/** A call that is no step of its own: of a `get`, of a gate, of a retry entry. */
export function plainCall(parts: CallParts): WorkflowCallStep {
  return { kind: 'call', ...parts, gates: [], retry: { attempts: 1, entries: [] } };
}

/** `with` beside `workflow` or `validate`. */
export function checkWith(check: Check, map: MapNode): WrittenValue[] {
  const entry = entryOf(map, 'with');
  const inputs = entry && mapOf(check, entry, 'write `with: { topic: "{spec}" }`');
  return inputs ? checkValues(check, inputs.entries) : [];
}
