import type { Text } from '@pawl/core';
import { agentRows } from '@pawl/report';
import { diffBetween, listBranches, openRepository, type Repository } from '@pawl/worktree';
import type { ApplyPreview, Checkpoints, Costs, Diff, PlanPage } from '../../wire.ts';
import { applyHow } from '../acting/asked.ts';
import { typed, wordsOf } from '../acting/words.ts';
import { DashboardError, notFound } from '../errors.ts';
import type { House } from '../house.ts';
import { type Answer, ok, type Request } from '../http.ts';
import { planPageOf } from '../plan/plan-page.ts';
import { attemptOf, stepOf } from '../runs/attempts.ts';
import type { OpenRun } from '../runs/cache.ts';
import { figuresOf } from '../runs/figures.ts';
import { runId } from './run.ts';

/** The commit of its last passed step; the base where none has passed yet. */
const headOf = ({ folded, record }: OpenRun): string => folded.head ?? record.baseCommit;

const mostPatch = 2 * 1024 * 1024;

/** What the run changed, or an attempt, as it was recorded. */
export async function readDiff(house: House, { params, query }: Request): Promise<Answer> {
  const id = runId(params.run);
  const run = await house.runs.open(id);
  const { folded, record } = run;
  const path = query.get('path');
  if (path === null) {
    const changes = await between(house, record.repository, record.baseCommit, headOf(run));
    return ok({ ...changes, title: 'what the passed steps changed', command: typed(['diff', id]) } satisfies Diff);
  }
  const step = stepOf(folded, path);
  const { attempt, index } = attemptOf(step, query.get('index'));
  const command = typed(['diff', id, `--step=${step.path}`]);
  const against = query.get('against');
  if (against !== null) {
    const other = attemptOf(step, against).attempt;
    if (!other.checkpoint || !attempt.checkpoint) throw notFound('record of the files of one of these attempts');
    const changes = await between(house, record.repository, other.checkpoint.commit, attempt.checkpoint.commit);
    return ok({
      ...changes,
      title: `attempt ${attempt.attempt} against attempt ${other.attempt}`,
      command,
    } satisfies Diff);
  }
  const patchOf = async (at: number): Promise<string> => {
    const text: Text | undefined = folded.filesOf(step.path, at).diff;
    return text === undefined ? '' : typeof text === 'string' ? text : house.files.blob(id, text);
  };
  const patch = await patchOf(index);
  const { files = [], insertions = 0, deletions = 0 } = attempt.checkpoint ?? {};
  return ok({
    title: `what attempt ${attempt.attempt} of ${step.path} left, against the state before the step`,
    files,
    insertions,
    deletions,
    patch: cut(patch),
    command,
  } satisfies Diff);
}

const cut = (patch: string): string =>
  patch.length <= mostPatch ? patch : `${patch.slice(0, patch.lastIndexOf('\n', mostPatch) + 1)}`;

async function between(house: House, root: string, from: string, to: string): Promise<Omit<Diff, 'title' | 'command'>> {
  const repository = await opened(house, root);
  const { files, insertions, deletions, diff } = await diffBetween(repository, from, to, { maxDiffBytes: mostPatch });
  return { files, insertions, deletions, patch: diff };
}

const opened = (house: House, root: string): Promise<Repository> =>
  openRepository(root, { env: house.env }).catch((error: unknown) => {
    throw new DashboardError(409, 'refused', error instanceof Error ? error.message : String(error));
  });

/** Of the user: a run may be brought to any of them. */
export const branchesOf = async (house: House, root: string): Promise<readonly string[]> =>
  listBranches(await opened(house, root));

/** What the run was begun with: the plan as it stands in its first event. */
export async function readPlan(house: House, { params }: Request): Promise<Answer> {
  const id = runId(params.run);
  const { plan } = (await house.runs.open(id)).folded;
  if (!plan) throw notFound('plan of that run');
  return ok(planPageOf(plan, [], typed(['report', id])) satisfies PlanPage);
}

export async function readCosts(house: House, { params }: Request): Promise<Answer> {
  const report = (await house.runs.open(runId(params.run))).folded.report();
  const agents = agentRows(report).map(({ agent, models, passed, totals }) => ({
    agent,
    models,
    passed,
    figures: figuresOf(totals),
  }));
  return ok({
    agents,
    total: figuresOf(report.totals),
    otherMs: report.totals.wall.pawlMs + report.totals.wall.stoodMs,
  } satisfies Costs);
}

interface Saved {
  readonly commit: string;
  readonly name: string;
  readonly lane?: string;
  readonly time: string;
  readonly files: number;
  readonly insertions: number;
  readonly deletions: number;
}

/** What was saved before anything was changed. */
export async function readCheckpoints(house: House, { params }: Request): Promise<Answer> {
  const id = runId(params.run);
  const { record } = await house.runs.open(id);
  const told = (await house.pawl.call(['undo', '--run', id, '--limit', '200'], record.repository)) as {
    readonly checkpoints: readonly Saved[];
  };
  const checkpoints = told.checkpoints.map(({ commit, name, lane, time, files, insertions, deletions }) => ({
    commit,
    name,
    ...(lane !== undefined && { lane }),
    at: Date.parse(time),
    files,
    insertions,
    deletions,
  }));
  return ok({ checkpoints } satisfies Checkpoints);
}

/** What `pawl apply` would do. */
export async function previewApply(house: House, { params, query }: Request): Promise<Answer> {
  const id = runId(params.run);
  const { repository } = (await house.runs.open(id)).record;
  const asked = query.get('branch') ?? '';
  const branches = await branchesOf(house, repository);
  if (asked !== '' && !branches.includes(asked)) throw notFound('such branch here');
  const how = applyHow(query.get('how') ?? 'merge');
  const words = wordsOf(id, { action: 'apply', how, ...(asked !== '' && { branch: asked }) });
  const preview = (await house.pawl.call([...words, '--dry-run'], repository)) as Omit<
    ApplyPreview,
    'command' | 'branches'
  >;
  const { kind, branch, alreadyApplied, behind, commits, files, insertions, deletions, conflicts, blockedBy } = preview;
  return ok({
    kind,
    branch,
    branches,
    alreadyApplied,
    behind,
    commits,
    files,
    insertions,
    deletions,
    conflicts,
    blockedBy,
    command: typed(words),
  } satisfies ApplyPreview);
}
