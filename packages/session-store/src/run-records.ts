import type { RunEvent } from '@pawl/core';
import type { RunFilter, RunRecord } from './contract.ts';
import type { Database } from './database.ts';
import { pageLimit, prefixEnd, Where } from './queries.ts';
import { statusAfter, toRunRecord } from './run-row.ts';
import type { Statements } from './sqlite.ts';

const columns = `runs.*, leases.pid, leases.start_time, leases.host,
  (SELECT json_group_array(tag) FROM (SELECT tag FROM run_tags WHERE run = runs.id ORDER BY tag)) AS tags
  FROM runs LEFT JOIN leases ON leases.run = runs.id`;
const order = 'ORDER BY runs.started_at DESC, runs.id DESC LIMIT ?';

/** Keeps the run's row in step with one event of its log. */
export function keepRecord(statements: Statements, run: string, event: RunEvent): void {
  if (event.type === 'run-started') insert(statements, run, event);
  const after = statusAfter(event);
  if (after)
    statements.run(
      'UPDATE runs SET status = ?, ended_at = ?, reason = ? WHERE id = ?',
      ...[after.status, after.endedAt, after.reason, run],
    );
}

export function listRuns(database: Database, filter: RunFilter): Promise<readonly RunRecord[]> {
  return database.use((statements) => {
    const where = new Where();
    for (const column of ['repository', 'owner', 'workflow'] as const) where.equal(`runs.${column}`, filter[column]);
    if (filter.tag !== undefined) where.add('runs.id IN (SELECT run FROM run_tags WHERE tag = ?)', filter.tag);
    where.within('runs.started_at', filter);
    if (filter.status !== undefined) where.among('runs.status', [filter.status].flat());
    if (filter.before !== undefined)
      where.add('(runs.started_at, runs.id) < (SELECT started_at, id FROM runs WHERE id = ?)', filter.before);
    return statements
      .all(`SELECT ${columns} ${where.sql} ${order}`, ...where.values, pageLimit(filter.limit))
      .map(toRunRecord);
  });
}

export function findRuns(database: Database, idOrPrefix: string): Promise<readonly RunRecord[]> {
  return database.use((statements) => {
    const exact = statements.all(`SELECT ${columns} WHERE runs.id = ?`, idOrPrefix);
    if (exact.length > 0 || idOrPrefix === '') return exact.map(toRunRecord);
    return statements
      .all(`SELECT ${columns} WHERE runs.id >= ? AND runs.id < ? ${order}`, idOrPrefix, prefixEnd(idOrPrefix), 20)
      .map(toRunRecord);
  });
}

function insert(statements: Statements, run: string, event: Extract<RunEvent, { type: 'run-started' }>): void {
  const { base, spec, workflow, owner, tags = [] } = event.plan;
  statements.run(
    `INSERT INTO runs (id, workflow, repository, base_commit, branch, spec, owner, status, started_at, last_seq)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'running', ?, 0)`,
    run,
    workflow.name,
    base.repository,
    base.commit,
    base.branch ?? null,
    spec.source,
    owner ?? null,
    event.at,
  );
  for (const tag of tags)
    statements.run('INSERT INTO run_tags (run, tag) VALUES (?, ?) ON CONFLICT DO NOTHING', run, tag);
}
