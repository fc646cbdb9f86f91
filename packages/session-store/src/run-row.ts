import type { RunEvent } from '@pawl/core';
import type { RunRecord, RunStatus } from './contract.ts';
import type { LeaseHolder } from './lease.ts';
import type { Row } from './row.ts';

export function changesRecord(event: RunEvent): boolean {
  return event.type === 'run-started' || statusAfter(event) !== undefined;
}

/** What an event makes of the run's row. */
export function statusAfter(
  event: RunEvent,
): { status: RunStatus; endedAt: number | null; reason: string | null } | undefined {
  if (event.type === 'abort-requested') return { status: 'stopping', endedAt: null, reason: event.reason };
  if (event.type === 'run-resumed') return { status: 'running', endedAt: null, reason: null };
  if (event.type === 'run-ended')
    return { status: event.end, endedAt: event.at, reason: event.failure?.message ?? event.reason ?? null };
  return undefined;
}

/** A row of the table `runs`, with `tags` (as JSON) and the columns of its lease. */
export function toRunRecord(row: Row): RunRecord {
  const holder = holderOf(row);
  return {
    id: String(row.id),
    workflow: String(row.workflow),
    repository: String(row.repository),
    baseCommit: String(row.base_commit),
    ...(row.branch === null ? {} : { branch: String(row.branch) }),
    spec: String(row.spec),
    status: String(row.status) as RunStatus,
    startedAt: Number(row.started_at),
    ...(row.ended_at === null ? {} : { endedAt: Number(row.ended_at) }),
    ...(row.reason === null ? {} : { reason: String(row.reason) }),
    lastSeq: Number(row.last_seq),
    ...(row.owner === null ? {} : { owner: String(row.owner) }),
    tags: JSON.parse(String(row.tags)) as readonly string[],
    ...(holder ? { holder } : {}),
  };
}

/** Of a row that may have none: the lease of a run is joined to it. */
export function holderOf(row: Row): LeaseHolder | undefined {
  if (row.pid === null || row.pid === undefined) return undefined;
  return { pid: Number(row.pid), started: String(row.start_time), host: String(row.host) };
}
