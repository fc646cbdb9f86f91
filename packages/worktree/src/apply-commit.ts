import type { ApplyPlan, ApplyRunOptions } from './apply-plan.ts';
import { commitMessage } from './commit-object.ts';
import { WorktreeError } from './errors.ts';
import { git, runGit } from './git.ts';
import { mergeTrees, type Picked, pickOnto, withScratch } from './pick.ts';
import { commitsOnto, type RawCommit } from './raw-commit.ts';
import type { Repository } from './repository.ts';
import { pawl } from './settings.ts';
import { withShadow } from './shadow.ts';

/**
 * The commit that the branch would move to, made without a checkout. With `dry` nothing is kept of it: what counts is
 * whether there is a conflict.
 */
export function resultOf(plan: ApplyPlan, options: ApplyRunOptions, dry: boolean): Promise<Picked> {
  const { repository, head, target } = plan;
  const { context } = repository;
  const common = commonOf(plan, options);
  return withShadow(repository, async (shadow) => {
    const { stdout } = await git(
      context,
      shadow.call(['rev-parse', ...[head, target, common].map((one) => `${one}^{tree}`)]),
    );
    const [ours = '', theirs = '', base = ''] = stdout.split('\n');
    if (options.how === 'rebase') {
      const commits = await commitsOnto(context, shadow, common, target);
      if (plan.forward) return { commit: target, tree: theirs, commits: commits.map(({ id }) => id) };
      const onto = { commit: head, tree: ours };
      return pickOnto({ context, repository, shadow, onto, base: { commit: common, tree: base }, commits, dry });
    }
    if (options.how !== 'squash' && plan.forward) return { commit: target, tree: theirs, commits: [] };
    const merged = await withScratch((scratch) =>
      mergeTrees({ context, repository, shadow, scratch, dry }, base, ours, theirs),
    );
    if (merged.files) return { conflict: { files: merged.files, commit: target } };
    if (dry) return { commit: target, tree: merged.tree, commits: [] };
    const parents = options.how === 'squash' ? [head] : [head, target];
    const subjects = options.how === 'squash' ? await commitsOnto(context, shadow, common, target) : [];
    const commit = await commitAsUser(repository, merged.tree, parents, messageOf(options, subjects));
    return { commit, tree: merged.tree, commits: [commit] };
  });
}

/** Of a merge commit, or of the one that stands for all. */
export function messageOf(options: ApplyRunOptions, commits: readonly RawCommit[] = []): string {
  const { run, how, body } = options;
  const subjects = commits.map(({ subject }) => `* ${subject}`).join('\n');
  const text = body ?? (subjects || undefined);
  return commitMessage({
    subject: options.subject ?? (how === 'squash' ? `Apply run ${run}` : `Merge run ${run}`),
    ...(text !== undefined && { body: text }),
    trailers: { 'Pawl-Run': run },
  });
}

export function commonOf({ common, branch }: ApplyPlan, { run }: ApplyRunOptions): string {
  if (common !== undefined) return common;
  throw new WorktreeError('not-linear', `The run ${run} and ${branch ?? 'HEAD'} have no commit in common.`);
}

/** With the user's identity, and signed where the user signs. */
async function commitAsUser(repository: Repository, tree: string, parents: readonly string[], message: string) {
  const { context, root, settings } = repository;
  const config = { 'i18n.commitEncoding': 'utf-8', ...(!settings.person && identity) };
  const question = ['config', '--type=bool', '--get', 'commit.gpgSign'];
  const asked = await runGit(context, { cwd: root, args: question, as: 'user' });
  const sign = asked.stdout.trim() === 'true' ? ['-S'] : [];
  const args = ['commit-tree', ...sign, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-', tree];
  const stdin = Buffer.from(message).toString('latin1');
  return (await git(context, { cwd: root, args, config, stdin, as: 'user' })).stdout.trim();
}

export const identity = { 'user.name': pawl.name, 'user.email': pawl.email };
