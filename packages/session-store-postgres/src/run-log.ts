import { eventVersion, type RunEvent } from '@pawl/core';
import type { Redact, StoredEvent } from '@pawl/session-store';
import { changesRecord, checkRunId, decodeEvent, encodeEvents, staleSequence } from '@pawl/session-store/adapter';
import type { Database } from './database.ts';
import { keepRecord } from './run-records.ts';

export async function appendEvents(
  database: Database,
  redact: Redact,
  run: string,
  expected: number,
  events: readonly RunEvent[],
): Promise<number> {
  checkRunId(run);
  return database.transact(async (queries) => {
    // Before the row is read: a run that is just being made has none to lock.
    await queries.get('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', `pawl run ${database.schema} ${run}`);
    const last = Number((await queries.get('SELECT last_seq FROM runs WHERE id = $1', run))?.last_seq ?? 0);
    if (last !== expected) throw staleSequence(run, expected, last);
    const encoded = encodeEvents(run, last, events, redact);
    if (encoded.length === 0) return last;
    for (const { event } of encoded) if (changesRecord(event)) await keepRecord(queries, run, event);
    await queries.run(
      `INSERT INTO events (run, seq, version, event)
       SELECT $1, seq, $2::integer, event FROM json_to_recordset($3::text::json) AS events (seq bigint, event text)`,
      ...[run, eventVersion, JSON.stringify(encoded.map(({ seq, text }) => ({ seq, event: text })))],
    );
    await queries.run('UPDATE runs SET last_seq = $2 WHERE id = $1', run, last + encoded.length);
    return last + encoded.length;
  });
}

export function readEvents(
  database: Database,
  run: string,
  after: number,
  limit?: number,
): Promise<readonly StoredEvent[]> {
  return database.use(async (queries) => {
    const rows = await queries.all(
      'SELECT seq, version, event FROM events WHERE run = $1 AND seq > $2 ORDER BY seq LIMIT $3',
      ...[run, after, limit ?? null],
    );
    return rows.map((row) => {
      const seq = Number(row.seq);
      return { seq, event: decodeEvent(run, seq, Number(row.version), String(row.event)) };
    });
  });
}
