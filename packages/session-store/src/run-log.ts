import { eventVersion, type RunEvent } from '@pawl/core';
import type { StoredEvent } from './contract.ts';
import type { Database } from './database.ts';
import { decode } from './event-codec.ts';
import type { Redact } from './redact.ts';
import { encodeEvents, staleSequence } from './run-append.ts';
import { checkRunId } from './run-id.ts';
import { keepRecord } from './run-records.ts';
import { changesRecord } from './run-row.ts';
import type { Statements } from './sqlite.ts';

export function appendEvents(
  database: Database,
  redact: Redact,
  run: string,
  expected: number,
  events: readonly RunEvent[],
): Promise<number> {
  return database.transact((statements) => {
    checkRunId(run);
    const last = lastSequence(statements, run);
    if (last !== expected) throw staleSequence(run, expected, last);
    for (const { event, seq, text } of encodeEvents(run, last, events, redact)) {
      if (changesRecord(event)) keepRecord(statements, run, event);
      statements.run('INSERT INTO events (run, seq, version, event) VALUES (?, ?, ?, ?)', run, seq, eventVersion, text);
    }
    statements.run('UPDATE runs SET last_seq = ? WHERE id = ?', last + events.length, run);
    return last + events.length;
  });
}

export function readEvents(
  database: Database,
  run: string,
  after: number,
  limit = -1,
): Promise<readonly StoredEvent[]> {
  return database.use((statements) =>
    statements
      .all('SELECT seq, version, event FROM events WHERE run = ? AND seq > ? ORDER BY seq LIMIT ?', run, after, limit)
      .map((row) => {
        const seq = Number(row.seq);
        return { seq, event: decode(run, seq, Number(row.version), String(row.event)) };
      }),
  );
}

function lastSequence(statements: Statements, run: string): number {
  return Number(statements.get('SELECT last_seq FROM runs WHERE id = ?', run)?.last_seq ?? 0);
}
