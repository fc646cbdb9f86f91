import { isContained } from './contained.ts';
import { WorktreeError } from './errors.ts';
import { git, readable, runGit } from './git.ts';
import { openRepository, type Repository } from './repository.ts';
import { withShadow } from './shadow.ts';
import { checkedBranch } from './undo.ts';

export interface ApplyRunOptions {
  readonly repository: Repository;
  /** The commit to bring in, or the branch `pawl/<run>/main`. */
  readonly commit: string;
  readonly run: string;
  /**
   * `merge`: forward where that is possible, else a merge commit. `squash`: one commit. `rebase`: each commit again,
   * on the branch. Default `merge`.
   */
  readonly how?: 'merge' | 'squash' | 'rebase';
  /**
   * Into this branch instead of the one that is checked out, in the checkout where it is, if any; a new one begins
   * where the run began, with `rebase` at HEAD.
   */
  readonly branch?: string;
  /** Of the merge commit, or of the one of a squash. */
  readonly subject?: string;
  readonly body?: string;
}

/** What will move, and from where to where. */
export interface ApplyPlan {
  readonly repository: Repository;
  /** Undefined: a detached HEAD. */
  readonly branch: string | undefined;
  /** The branch is checked out in `repository`. */
  readonly here: boolean;
  /** Where the branch is; for one that is not there yet: where it would begin. */
  readonly head: string;
  readonly isNew: boolean;
  readonly target: string;
  /** The last commit that both have. */
  readonly common: string | undefined;
  readonly forward: boolean;
  readonly alreadyApplied: boolean;
}

export async function planApply(options: ApplyRunOptions): Promise<ApplyPlan> {
  const given = await openRepository(options.repository.root, options.repository.context);
  const target = await resolveTarget(given, options.commit);
  const place = await placeOf(given, options, target);
  const common = await commonOf(place.repository, place.head, target);
  const { head } = place;
  const alreadyApplied =
    common === target || (common !== undefined && common !== head && (await hasAll(place.repository, target, head)));
  return { ...place, target, common, forward: common === head, alreadyApplied };
}

export function appliedAlready(run: string, branch: string | undefined): WorktreeError {
  const what = `The run ${run} is already in ${branch ?? 'HEAD'}: there is nothing to do.`;
  return new WorktreeError('already-applied', what);
}

type Where = Pick<ApplyPlan, 'repository' | 'branch' | 'here' | 'head' | 'isNew'>;

async function placeOf(given: Repository, options: ApplyRunOptions, target: string): Promise<Where> {
  const { commit: head, branch: current } = given.head;
  if (options.branch === undefined || options.branch === current) {
    return { repository: given, branch: current, here: true, head, isNew: false };
  }
  const branch = await checkedBranch(given, options.branch);
  const { context, root } = given;
  const elsewhere = await checkoutOf(given, branch);
  if (elsewhere !== undefined) {
    const repository = await openRepository(elsewhere, context);
    return { repository, branch, here: true, head: repository.head.commit, isNew: false };
  }
  const args = ['rev-parse', '--quiet', '--verify', '--end-of-options', `refs/heads/${branch}^{commit}`];
  const found = await runGit(context, { cwd: root, args });
  const tip = found.stdout.trim().split('\n').at(-1) ?? '';
  if (found.code === 0) return { repository: given, branch, here: false, head: tip, isNew: false };
  const start = options.how === 'rebase' ? head : ((await commonOf(given, head, target)) ?? head);
  return { repository: given, branch, here: false, head: start, isNew: true };
}

async function checkoutOf({ context, root }: Repository, branch: string): Promise<string | undefined> {
  const { stdout } = await git(context, { cwd: root, args: ['worktree', 'list', '--porcelain'] });
  for (const block of readable(stdout).split('\n\n')) {
    const lines = block.split('\n');
    if (lines.includes(`branch refs/heads/${branch}`)) return lines[0]?.slice('worktree '.length);
  }
  return undefined;
}

async function commonOf({ context, root }: Repository, one: string, other: string): Promise<string | undefined> {
  const result = await runGit(context, { cwd: root, args: ['merge-base', one, other] });
  return result.stdout.trim() || undefined;
}

/** In other commits: after a squash, a rebase, or because somebody did the same. */
function hasAll(repository: Repository, target: string, head: string): Promise<boolean> {
  return withShadow(repository, (shadow) => isContained(repository, shadow, target, head));
}

async function resolveTarget(repository: Repository, name: string): Promise<string> {
  const ref = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(name) ? name : `refs/heads/${name}`;
  const args = ['rev-parse', '--quiet', '--verify', '--end-of-options', `${ref}^{commit}`];
  const result = await runGit(repository.context, { cwd: repository.root, args });
  const commit = result.stdout.trim().split('\n').at(-1) ?? '';
  if (result.code === 0) return commit;
  throw new WorktreeError('unknown-commit', `There is no branch or commit ${name} in ${repository.root}.`);
}
