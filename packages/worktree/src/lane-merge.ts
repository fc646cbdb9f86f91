import { WorktreeError } from './errors.ts';
import type { Merged, MergeOptions } from './lane.ts';
import type { LaneParts } from './lane-parts.ts';
import { settleWorktree } from './lane-place.ts';
import { checkedCommit } from './names.ts';
import { type Conflict, pickOnto } from './pick.ts';
import { commitsOnto } from './raw-commit.ts';
import { restore } from './restore.ts';

/**
 * The files move before the branch does: the branch is the mark that all is done. After a crash in between, the same
 * call computes the same commits and goes on.
 */
export async function mergeLane(
  parts: LaneParts,
  options: MergeOptions,
): Promise<Merged | { readonly conflict: Conflict }> {
  const { repository, record, snapshots, refs, keeper, place } = parts;
  const { context } = repository;
  const from = laneOrCommit(options.from);
  const names = [from, checkedCommit(options.base), checkedCommit(options.head), refs.branch];
  const [theirs, base, head, tip] = await refs.resolve(names);
  if (!theirs || !base || !head || !tip) throw new WorktreeError('unknown-commit', `Unknown: ${names.join(', ')}`);
  const commits = await commitsOnto(context, await snapshots.shadow(), base.commit, theirs.commit);
  if (commits.length === 0) return { commit: head.commit, commits: [] };
  const forward = { ...theirs, commits: commits.map(({ id }) => id) };
  const request = { context, repository, shadow: await snapshots.shadow(), onto: head, base, commits };
  const result = head.commit === base.commit ? forward : await pickOnto(request);
  if ('conflict' in result) return result;
  const merged = { commit: result.commit, commits: result.commits };
  if (tip.commit !== head.commit) {
    if (tip.commit !== result.commit && !(await refs.isIn(result.commit, tip.commit))) {
      throw new WorktreeError('branch-moved', `The branch ${place.branch} is at ${tip.commit}: read it anew.`);
    }
    if (tip.commit === result.commit) await settleWorktree(place, record.adminDir, snapshots.index);
    return merged;
  }
  refs.know(result.commit, result.tree);
  await keeper.save({ to: result.commit, name: 'before-merge', message: 'what was there before a merge' });
  await restore(context, await snapshots.shadow(), result.commit, record.submodules);
  const move = await refs.tryUpdate([
    `update ${refs.branch} ${result.commit} ${head.commit}`,
    `update HEAD ${result.commit}`,
  ]);
  if (move.code !== 0) {
    throw new WorktreeError('branch-moved', `${place.branch} moved during the merge: ${move.stderr.trim()}`);
  }
  keeper.know(result.commit, result.tree);
  await settleWorktree(place, record.adminDir, snapshots.index);
  return merged;
}

function laneOrCommit(from: string): string {
  if (!from.startsWith('pawl/')) return checkedCommit(from);
  if (/^[A-Za-z0-9._/-]+$/.test(from) && !from.includes('..')) return `refs/heads/${from}`;
  throw new WorktreeError('unknown-commit', `${JSON.stringify(from.slice(0, 80))} is no lane's branch.`);
}
