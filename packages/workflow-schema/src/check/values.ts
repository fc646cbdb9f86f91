import type { z } from 'zod';
import { didYouMean } from '../diagnostics/nearest.ts';
import { listed, quote } from '../diagnostics/quote.ts';
import { type Entry, kindOf, type ListNode, type MapNode, type Node, type ScalarNode } from '../parse/node.ts';
import { readTemplate } from '../parse/template.ts';
import type { Written, WrittenTemplate } from '../workflow.ts';
import type { Check } from './check.ts';

/** A value that must be there; `key` names it in messages. */
export function scalarOf(check: Check, { key, keyRange, value }: Entry, what: string): ScalarNode | undefined {
  if (value.kind === 'scalar' && value.value !== null) return value;
  if (value.kind === 'scalar') check.report.error('missing-value', keyRange, `${quote(key)} has no value`);
  else
    check.report.error('wrong-type', value.range, `${quote(key)} must be ${what}, not ${kindOf(value)}`, braces(value));
  return undefined;
}

/** `prompt: {spec}` is a YAML mapping. */
function braces(value: Node): string | undefined {
  if (value.kind !== 'map' || !value.flow || value.entries.length !== 1) return undefined;
  const [entry] = value.entries;
  if (entry === undefined || entry.value.kind !== 'scalar' || entry.value.value !== null) return undefined;
  return `a value that starts with a placeholder needs quotes: "{${entry.key}}"`;
}

export function textOf(check: Check, entry: Entry): Written | undefined {
  const scalar = scalarOf(check, entry, 'text');
  if (scalar === undefined) return undefined;
  if (scalar.text.trim() !== '') return { text: scalar.text, range: scalar.range };
  check.report.error('missing-value', scalar.range, `${quote(entry.key)} is empty`);
  return undefined;
}

export function templateOf(check: Check, entry: Entry): WrittenTemplate | undefined {
  const scalar = scalarOf(check, entry, 'text');
  if (scalar === undefined || textOf(check, entry) === undefined) return undefined;
  return readTemplate(scalar, check.lines);
}

/** A scalar that keeps a zod schema; the schema's description says what is expected. */
export function checkedValue<T>(check: Check, entry: Entry | undefined, schema: z.ZodType<T>): T | undefined {
  if (entry === undefined) return undefined;
  const what = schema.description ?? 'valid';
  const scalar = scalarOf(check, entry, what);
  if (scalar === undefined) return undefined;
  const result = schema.safeParse(scalar.value);
  if (result.success) return result.data;
  check.report.error('invalid-value', scalar.range, `${quote(entry.key)} must be ${what}, not ${quote(scalar.text)}`);
  return undefined;
}

/** One of some words. */
export function wordOf<T extends string>(check: Check, entry: Entry, words: readonly T[]): T | undefined {
  const scalar = scalarOf(check, entry, listed(words));
  if (scalar === undefined) return undefined;
  const word = words.find((candidate) => candidate === scalar.text);
  if (word === undefined) {
    const hint = didYouMean(scalar.text, words);
    check.report.error(
      'unknown-value',
      scalar.range,
      `${quote(entry.key)} must be ${listed(words)}, not ${quote(scalar.text)}`,
      hint,
    );
  }
  return word;
}

export function mapOf(check: Check, { key, keyRange, value }: Entry, hint?: string): MapNode | undefined {
  if (value.kind === 'map') return value;
  const empty = value.kind === 'scalar' && value.value === null;
  if (empty) check.report.error('missing-value', keyRange, `${quote(key)} has no value`, hint);
  else check.report.error('wrong-type', value.range, `${quote(key)} must be a mapping, not ${kindOf(value)}`, hint);
  return undefined;
}

export function listOf(check: Check, { key, keyRange, value }: Entry, hint: string): ListNode | undefined {
  if (value.kind === 'list' && value.items.length > 0) return value;
  const empty = value.kind === 'list' || (value.kind === 'scalar' && value.value === null);
  if (empty) check.report.error('missing-value', keyRange, `${quote(key)} is empty`, hint);
  else check.report.error('wrong-type', value.range, `${quote(key)} must be a list, not ${kindOf(value)}`, hint);
  return undefined;
}
