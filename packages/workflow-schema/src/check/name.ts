import { quote } from '../diagnostics/quote.ts';
import type { Entry } from '../parse/node.ts';
import { nameRule, stepNameRule } from '../shape/scalars.ts';
import type { Written } from '../workflow.ts';
import type { Check } from './check.ts';
import { textOf } from './values.ts';

/** Namespaces of placeholders: a step of that name cannot be read from a template. */
const reserved = ['task', 'gate', 'prev'];
/** Below a step, its address goes on with one of these for what its gates, `get`, `retry` and `on_conflict` run. */
const taken = ['gate', 'get', 'retry', 'on_conflict'];

/** A step's name: it becomes a segment of paths, branches and addresses. `inner`: below another step. */
export function checkName(check: Check, entry: Entry, inner: boolean): Written | undefined {
  const name = textOf(check, entry);
  if (name === undefined) return undefined;
  if (!stepNameRule.test(name.text)) {
    const message = `the name of a step cannot be ${quote(name.text)}: it is one part of a path: no slash, none of \`# : @ |\`, no dot or dash at its beginning, at most 100 characters`;
    check.report.error('invalid-name', name.range, message, suggestion(name.text));
  } else if (!nameRule.test(name.text)) {
    const message = `no placeholder can read the step ${quote(name.text)}`;
    check.report.warning('reserved-name', name.range, message, suggestion(name.text));
  }
  if (inner && isTaken(name.text)) {
    const message = `no step below another one can be called ${quote(name.text)}`;
    check.report.error('reserved-name', name.range, message, 'give it another name');
  } else if (reserved.includes(name.text)) {
    const message = `no placeholder can read the step ${quote(name.text)}: \`{${name.text}.…}\` means something else`;
    check.report.warning('reserved-name', name.range, message, 'give it another name');
  }
  return name;
}

export const isTaken = (name: string): boolean => taken.includes(name);

export function checkNameText(check: Check, { text, range }: Written, what: string): void {
  if (nameRule.test(text)) return;
  const message = `the name of ${what} has letters, digits, \`_\`, \`-\` and \`.\` only and at most 100 of them, not ${quote(text)}`;
  check.report.error('invalid-name', range, message, suggestion(text));
}

function suggestion(text: string): string | undefined {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .trim()
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[^A-Za-z0-9_]+|[^A-Za-z0-9_]+$/g, '')
    .slice(0, 100);
  return plain === '' ? undefined : `write ${quote(plain)}`;
}
