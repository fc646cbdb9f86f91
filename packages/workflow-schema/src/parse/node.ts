import type { Range } from '../diagnostics/diagnostic.ts';

/** YAML as a tree with positions; aliases are followed, merge keys applied. A shared node may appear more than once. */
export type Node = MapNode | ListNode | ScalarNode;

export interface MapNode {
  readonly kind: 'map';
  readonly range: Range;
  readonly entries: readonly Entry[];
  /** Written `{ … }`. */
  readonly flow: boolean;
}

export interface Entry {
  readonly key: string;
  readonly keyRange: Range;
  readonly value: Node;
}

export interface ListNode {
  readonly kind: 'list';
  readonly range: Range;
  readonly items: readonly Node[];
}

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly range: Range;
  readonly value: string | number | boolean | null;
  /** As text: what was written for a plain `1.10` or `yes`. */
  readonly text: string;
  /** What stands in the file between the quotes or below the `|`, and where. */
  readonly body: { readonly text: string; readonly offset: number };
}

// A mapping may have ten thousands of keys, and each is asked for.
const indexes = new WeakMap<readonly Entry[], ReadonlyMap<string, Entry>>();

export function entryOf({ entries }: MapNode, key: string): Entry | undefined {
  const index = indexes.get(entries) ?? new Map(entries.map((entry) => [entry.key, entry]));
  indexes.set(entries, index);
  return index.get(key);
}

/** Where to point when something is missing in a mapping: its first key. */
export function headOf(node: Node): Range {
  return node.kind === 'map' ? (node.entries[0]?.keyRange ?? node.range) : node.range;
}

/** What was found, for a message. */
export function kindOf(node: Node): string {
  if (node.kind === 'map') return 'a mapping';
  if (node.kind === 'list') return 'a list';
  if (node.value === null) return 'nothing';
  return typeof node.value === 'string' ? 'text' : `a ${typeof node.value}`;
}
