import type { JsonObject, ToolKind } from '@pawl/provider';
import { asString, type BodyEvent } from '@pawl/provider-kit';

const kinds: readonly ToolKind[] = ['read', 'edit', 'execute', 'search', 'fetch', 'think', 'delegate', 'other'];
const statuses = ['ok', 'error', 'denied'] as const;

/** A `tool` line tells a call and its result at once. */
export function toolEvents(object: JsonObject, id: string): readonly BodyEvent[] {
  return [
    {
      type: 'tool-call',
      id,
      kind: kinds.find((kind) => kind === object.kind) ?? 'other',
      name: asString(object.name) ?? '',
      input: object.input ?? null,
    },
    {
      type: 'tool-result',
      id,
      status: statuses.find((status) => status === object.status) ?? 'ok',
      output: object.output ?? null,
    },
  ];
}
