import { checkClean, checkState } from './apply-checks.ts';
import { identity, messageOf, resultOf } from './apply-commit.ts';
import { type ApplyPlan, type ApplyRunOptions, appliedAlready, planApply } from './apply-plan.ts';
import { WorktreeError } from './errors.ts';
import { type GitCall, git, readable, runGit } from './git.ts';
import type { Repository } from './repository.ts';

export interface Applied {
  /** How many commits the user's branch gained, without a merge commit. */
  readonly commits: number;
  readonly kind: 'fast-forward' | 'merge' | 'squash' | 'rebase';
  /** Where the user's branch is now. */
  readonly commit: string;
  readonly branch: string;
  /** The checkout that moved with it. Undefined: the branch is checked out nowhere. */
  readonly path?: string;
}

/**
 * Brings a run into a branch of the user. The one call that runs under the user's own hooks, filters, signing and
 * identity; what is committed without a checkout (`squash`, `rebase`, a branch that is checked out nowhere) runs no
 * hooks for commits. Local changes to other files stay as they are. A conflict is left as git leaves it where a merge
 * in a checkout has one; everywhere else it changes nothing.
 */
export async function applyRun(options: ApplyRunOptions): Promise<Applied> {
  const { run, how = 'merge' } = options;
  const plan = await planApply(options);
  const { repository, here } = plan;
  const branch = here ? await checkState(repository) : (plan.branch ?? '');
  if (plan.alreadyApplied) throw appliedAlready(run, branch);
  const commits = how === 'squash' ? 1 : await countOf(plan);
  const kind = how !== 'merge' ? how : plan.forward ? 'fast-forward' : 'merge';
  if (here && how === 'merge') {
    const { common, head, target, forward } = plan;
    await checkClean(repository, { from: common ?? head, to: target, forward });
    const commit = await mergeHere(plan, options, forward ? undefined : messageOf(options), target);
    return { commits, kind, commit, branch, path: repository.root };
  }
  const result = await resultOf(plan, options, false);
  if ('conflict' in result) throw conflicting(run, how, branch, result.conflict.files);
  if (!here) {
    await moveBranch(plan, branch, result.commit);
    return { commits, kind, commit: result.commit, branch };
  }
  await checkClean(repository, { from: plan.head, to: result.commit, forward: true });
  const commit = await mergeHere(plan, options, undefined, result.commit);
  return { commits, kind, commit, branch, path: repository.root };
}

async function countOf({ repository, head, target }: ApplyPlan): Promise<number> {
  const args = ['rev-list', '--count', `${head}..${target}`];
  return Number((await git(repository.context, { cwd: repository.root, args })).stdout.trim());
}

/** Without a message: forward only. */
async function mergeHere(plan: ApplyPlan, options: ApplyRunOptions, message: string | undefined, commit: string) {
  const { repository } = plan;
  const { context, root } = repository;
  const result = await runGit(context, mergeCall(repository, message, commit));
  if (result.code !== 0) {
    const inside = options.repository.root !== root || options.repository.prefix ? ` in ${root}` : '';
    throw await mergeFailed(repository, options.run, inside, result.stderr || readable(result.stdout));
  }
  return (await git(context, { cwd: root, args: ['rev-parse', 'HEAD'] })).stdout.trim();
}

function mergeCall(repository: Repository, message: string | undefined, commit: string): GitCall {
  const how = message === undefined ? ['--ff-only'] : ['--no-ff', '-m', message];
  const plain = ['--commit', '--no-squash', '--no-edit', '--no-autostash', '--no-stat'];
  return {
    cwd: repository.root,
    args: ['merge', ...plain, ...how, '--end-of-options', commit],
    config: repository.settings.person ? {} : identity,
    as: 'user',
  };
}

async function moveBranch({ repository, head, isNew }: ApplyPlan, branch: string, commit: string): Promise<void> {
  const ref = Buffer.from(`refs/heads/${branch}`).toString('latin1');
  const stdin = isNew ? `create ${ref} ${commit}\n` : `update ${ref} ${commit} ${head}\n`;
  const call = { cwd: repository.root, args: ['update-ref', '--no-deref', '-m', 'pawl apply', '--stdin'], stdin };
  const result = await runGit(repository.context, call);
  if (result.code === 0) return;
  throw new WorktreeError('branch-moved', `The branch ${branch} could not be moved: ${result.stderr.trim()}`);
}

function conflicting(run: string, how: string, branch: string, files: readonly string[]): WorktreeError {
  const names = files.slice(0, 10).join(', ');
  const next = `check out ${branch} and apply by a merge there, which leaves them for you to solve`;
  const message = `The run ${run} conflicts with ${branch} in ${names}. Nothing was changed by this ${how}: ${next}`;
  return new WorktreeError('merge-conflict', message, { files });
}

async function mergeFailed(repository: Repository, run: string, inside: string, said: string): Promise<WorktreeError> {
  const { context, root } = repository;
  const plain = ['--no-ext-diff', '--no-textconv', '--ignore-submodules'];
  const args = ['diff', '--name-only', '--diff-filter=U', '-z', ...plain];
  const { stdout } = await git(context, { cwd: root, args });
  const files = readable(stdout).split('\0').slice(0, -1);
  if (files.length === 0) {
    return new WorktreeError(
      'git-failed',
      `git merge failed: ${said.trim()} (git merge --abort undoes a half-done one)`,
    );
  }
  const names = files.slice(0, 10).join(', ');
  // By their names: what the user has changed elsewhere is no part of the merge.
  const listed = files.length <= 10 && files.every((file) => /^[A-Za-z0-9_][A-Za-z0-9_./+@-]*$/.test(file));
  const add = listed ? `git add ${files.join(' ')}` : 'git add them';
  const next = `solve them, then ${add} && git commit; or back out with git merge --abort`;
  const message = `The run ${run} conflicts with your branch in ${names}: ${next}${inside}`;
  return new WorktreeError('merge-conflict', message, { files });
}
