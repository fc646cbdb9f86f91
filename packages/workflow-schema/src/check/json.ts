import type { PlannedAgent } from '@pawl/core';
import { kindOf, type MapNode, type Node } from '../parse/node.ts';
import type { Check } from './check.ts';

export type JsonObject = PlannedAgent['options'];

/** A mapping as JSON; `what` it is stands in messages. */
export function toObject(check: Check, map: MapNode, what: string): JsonObject {
  // defines keys, so that `__proto__` is a key like any other
  return Object.fromEntries(map.entries.map(({ key, value }) => [key, toJson(check, value, what)]));
}

function toJson(check: Check, node: Node, what: string): JsonObject[string] {
  if (node.kind === 'map') return toObject(check, node, what);
  if (node.kind === 'list') return node.items.map((item) => toJson(check, item, what));
  if (typeof node.value !== 'number' || Number.isFinite(node.value)) return node.value;
  const message = `${what} is JSON, which has no such number as ${node.text} (${kindOf(node)})`;
  check.report.error('invalid-value', node.range, message);
  return null;
}
