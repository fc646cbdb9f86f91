import type { RunReport } from '@pawl/report';
import { movedOn, openRepository } from '@pawl/worktree';
import type { Context } from './context.ts';
import type { StoredRun } from './runs.ts';

/** The report with how far the branch has moved on since the run began. Told also where the repository is gone. */
export async function withStaleness({ env }: Pick<Context, 'env'>, { record, report }: StoredRun): Promise<RunReport> {
  const { base } = report;
  if (base.branch === undefined) return report;
  const behind = await openRepository(record.repository, { env })
    .then((repository) => movedOn(repository, base.commit, base.branch ?? ''))
    .catch(() => undefined);
  return behind === undefined ? report : { ...report, base: { ...base, behind } };
}
