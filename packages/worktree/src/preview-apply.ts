import { checkClean, checkState } from './apply-checks.ts';
import { commonOf, resultOf } from './apply-commit.ts';
import { type ApplyRunOptions, planApply } from './apply-plan.ts';
import type { Applied } from './apply-run.ts';
import type { FileChange } from './diff.ts';
import { diffBetween } from './diff-between.ts';
import { WorktreeError } from './errors.ts';
import { commitsBetween } from './moved-on.ts';
import { commitsOnto } from './raw-commit.ts';
import { withShadow } from './shadow.ts';

export interface ApplyPreview {
  readonly kind: Applied['kind'];
  readonly branch: string;
  /** The checkout that would move. Undefined: the branch is checked out nowhere. */
  readonly path?: string;
  readonly alreadyApplied: boolean;
  /** Commits of the branch that the run does not know: it began before them. */
  readonly behind: number;
  /** Of the run, oldest first. */
  readonly commits: readonly { readonly commit: string; readonly subject: string }[];
  /** What the run changes. */
  readonly files: readonly FileChange[];
  readonly insertions: number;
  readonly deletions: number;
  /** Files that both sides changed in a way that cannot be brought together. */
  readonly conflicts: readonly string[];
  /** Files with local changes: `applyRun` refuses because of them. */
  readonly blockedBy: readonly string[];
}

/** What `applyRun` with the same options would do. Touches nothing, and writes nothing to the repository. */
export async function previewApply(options: ApplyRunOptions): Promise<ApplyPreview> {
  const plan = await planApply(options);
  const { repository, target, head, forward, here, alreadyApplied } = plan;
  const { how = 'merge' } = options;
  const branch = here ? await checkState(repository) : (plan.branch ?? '');
  const common = commonOf(plan, options);
  const commits = await withShadow(repository, (shadow) => commitsOnto(repository.context, shadow, common, target));
  const { files, insertions, deletions } = await diffBetween(repository, common, target, { maxDiffBytes: 0 });
  const result = alreadyApplied ? undefined : await resultOf(plan, options, true);
  const range = { from: common, to: target, forward: forward || how !== 'merge' };
  return {
    kind: how !== 'merge' ? how : forward ? 'fast-forward' : 'merge',
    branch,
    ...(here && { path: repository.root }),
    alreadyApplied,
    behind: plan.forward ? 0 : ((await commitsBetween(repository, target, head)) ?? 0),
    commits: commits.map(({ id, subject }) => ({ commit: id, subject })),
    files,
    insertions,
    deletions,
    conflicts: result && 'conflict' in result ? result.conflict.files : [],
    blockedBy: here && !alreadyApplied && head ? await blockers(checkClean(repository, range)) : [],
  };
}

async function blockers(check: Promise<void>): Promise<readonly string[]> {
  try {
    await check;
    return [];
  } catch (error) {
    if (WorktreeError.is(error) && error.code === 'local-changes') return error.files;
    throw error;
  }
}
