import { didYouMean } from '../diagnostics/nearest.ts';
import { listed, quote } from '../diagnostics/quote.ts';
import { type Entry, entryOf, type MapNode, type Node } from '../parse/node.ts';
import type { Check } from './check.ts';
import { type JsonObject, toObject } from './json.ts';
import { mapOf } from './values.ts';

const types = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];
const example = 'write a JSON Schema, such as `output: { type: object, required: [summary] }`';

/** The JSON Schema of a step's output. Checked as far as slips go: a wrong one would refuse every answer. */
export function checkOutput(check: Check, entry: Entry | undefined, kind: string): JsonObject | undefined {
  if (entry === undefined) return undefined;
  const map = mapOf(check, entry, example);
  if (map === undefined) return undefined;
  if (kind !== 'artifact' && kind !== 'validate') {
    const message = `\`output\` is the schema of an artifact or of a verdict; a ${kind} step has neither`;
    check.report.error('misplaced', entry.keyRange, message);
  }
  checkSchema(check, map);
  return toObject(check, map, 'a schema');
}

function checkSchema(check: Check, map: MapNode): void {
  const type = entryOf(map, 'type');
  if (type !== undefined) for (const word of scalars(type.value)) checkType(check, word);
  const properties = entryOf(map, 'properties');
  if (properties !== undefined) {
    const inner = mapOf(check, properties, 'write `properties: { name: { type: string } }`');
    for (const { value } of inner?.entries ?? []) if (value.kind === 'map') checkSchema(check, value);
  }
  const items = entryOf(map, 'items');
  if (items?.value.kind === 'map') checkSchema(check, items.value);
  const required = entryOf(map, 'required');
  if (required !== undefined && required.value.kind !== 'list') {
    check.report.error('wrong-type', required.value.range, '`required` is a list of names', 'write `required: [name]`');
  }
}

function checkType(check: Check, node: Node): void {
  const word = node.kind === 'scalar' ? node.text : '';
  if (types.includes(word)) return;
  const message = `${quote(word)} is no type of JSON Schema`;
  check.report.error('unknown-value', node.range, message, didYouMean(word, types, `types: ${listed(types, 'and')}`));
}

const scalars = (node: Node): readonly Node[] => (node.kind === 'list' ? node.items : [node]);
