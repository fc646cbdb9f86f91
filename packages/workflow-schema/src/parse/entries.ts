import type { Range } from '../diagnostics/diagnostic.ts';
import { quote } from '../diagnostics/quote.ts';
import type { Report } from '../diagnostics/report.ts';
import type { Entry, Node } from './node.ts';

/** The keys of one mapping while it is read: each once; what is written wins over what `<<` brings. */
export interface Entries {
  add(entry: Entry): void;
  merge(value: Node, keyRange: Range): void;
  all(): Entry[];
}

export function createEntries(report: Report): Entries {
  const written = new Map<string, Entry>();
  const merged = new Map<string, Entry>();
  return {
    add(entry) {
      const first = written.get(entry.key);
      if (first === undefined) written.set(entry.key, entry);
      else {
        const where = `it stands in line ${first.keyRange.line} already`;
        report.error('duplicate-key', entry.keyRange, `duplicate key ${quote(entry.key)}`, where);
      }
    },
    merge(value, keyRange) {
      const maps = value.kind === 'list' ? value.items : [value];
      for (const map of maps) {
        if (map.kind !== 'map') {
          report.error('yaml-syntax', keyRange, '`<<` takes a mapping or a list of mappings');
          continue;
        }
        for (const entry of map.entries) if (!merged.has(entry.key)) merged.set(entry.key, entry);
      }
    },
    all: () => [...written.values(), ...[...merged.values()].filter(({ key }) => !written.has(key))],
  };
}
