import { appendFileSync, closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { Audit } from '../../wire.ts';

type Entry = Audit['entries'][number];

/** Every action and who asked for it, one JSON line each; what was refused, too. */
export interface AuditLog {
  note(entry: Omit<Entry, 'at'>): void;
  /** The newest first. */
  newest(limit: number): readonly Entry[];
}

const mostRead = 1024 * 1024;

export function openAudit(folder: string, now: () => number): AuditLog {
  const file = join(folder, 'audit.ndjson');
  return {
    note: (entry) => appendFileSync(file, `${JSON.stringify({ at: now(), ...entry })}\n`, { mode: 0o600 }),
    newest: (limit) =>
      endOf(file)
        .split('\n')
        .filter((line) => line.startsWith('{') && line.endsWith('}'))
        .slice(-limit)
        .reverse()
        .map((line) => JSON.parse(line) as Entry),
  };
}

function endOf(file: string): string {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(handle);
    const bytes = Buffer.alloc(Math.min(size, mostRead));
    readSync(handle, bytes, 0, bytes.length, size - bytes.length);
    return bytes.toString('utf8');
  } finally {
    closeSync(handle);
  }
}
