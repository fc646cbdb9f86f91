import type { RunEvent } from '@pawl/core';
import type { RunFilter, RunRecord } from '@pawl/session-store';
import { pageLimit, prefixEnd, statusAfter, toRunRecord } from '@pawl/session-store/adapter';
import type { Database, Queries } from './database.ts';
import { Where } from './where.ts';

const columns = `runs.*, leases.pid, leases.start_time, leases.host,
  coalesce((SELECT json_agg(tag ORDER BY tag) FROM run_tags WHERE run = runs.id), '[]')::text AS tags
  FROM runs LEFT JOIN leases ON leases.kind = 'run' AND leases.name = runs.id`;
const order = 'ORDER BY runs.started_at DESC, runs.id DESC LIMIT';

/** Keeps the run's row in step with one event of its log. */
export async function keepRecord(queries: Queries, run: string, event: RunEvent): Promise<void> {
  if (event.type === 'run-started') {
    const { base, spec, workflow, owner, tags = [] } = event.plan;
    await queries.run(
      `INSERT INTO runs (id, workflow, repository, base_commit, branch, spec, owner, status, started_at, last_seq)
       VALUES ($1, $2, $3, $4, $5, $6, $7, 'running', $8, 0)`,
      ...[run, workflow.name, base.repository, base.commit, base.branch ?? null, spec.source, owner ?? null, event.at],
    );
    for (const tag of tags)
      await queries.run('INSERT INTO run_tags (run, tag) VALUES ($1, $2) ON CONFLICT DO NOTHING', run, tag);
  }
  const after = statusAfter(event);
  if (after)
    await queries.run(
      'UPDATE runs SET status = $2, ended_at = $3, reason = $4 WHERE id = $1',
      ...[run, after.status, after.endedAt, after.reason],
    );
}

export function listRuns(database: Database, filter: RunFilter): Promise<readonly RunRecord[]> {
  return database.use(async (queries) => {
    const where = new Where();
    for (const column of ['repository', 'owner', 'workflow'] as const) where.equal(`runs.${column}`, filter[column]);
    if (filter.tag !== undefined)
      where.add(`runs.id IN (SELECT run FROM run_tags WHERE tag = ${where.bind(filter.tag)})`);
    where.within('runs.started_at', filter);
    if (filter.status !== undefined) where.among('runs.status', [filter.status].flat());
    if (filter.before !== undefined)
      where.add(
        `(runs.started_at, runs.id) < (SELECT started_at, id FROM runs WHERE id = ${where.bind(filter.before)})`,
      );
    const limit = where.bind(pageLimit(filter.limit));
    const rows = await queries.all(`SELECT ${columns} ${where.sql} ${order} ${limit}`, ...where.values);
    return rows.map(toRunRecord);
  });
}

export function findRuns(database: Database, idOrPrefix: string): Promise<readonly RunRecord[]> {
  return database.use(async (queries) => {
    const exact = await queries.all(`SELECT ${columns} WHERE runs.id = $1`, idOrPrefix);
    if (exact.length > 0 || idOrPrefix === '') return exact.map(toRunRecord);
    const rows = await queries.all(
      `SELECT ${columns} WHERE runs.id >= $1 AND runs.id < $2 ${order} 20`,
      ...[idOrPrefix, prefixEnd(idOrPrefix)],
    );
    return rows.map(toRunRecord);
  });
}
