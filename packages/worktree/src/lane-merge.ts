import { WorktreeError } from './errors.ts';
import type { Merged, MergeOptions } from './lane.ts';
import type { LaneParts } from './lane-parts.ts';
import { settleWorktree } from './lane-place.ts';
import { branchMoved } from './lane-refs.ts';
import { checkedCommit } from './names.ts';
import { type Conflict, mergeTrees, type Picked, type PickRequest, pickOnto, withScratch } from './pick.ts';
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
  const { repository, record, snapshots, refs, keeper } = parts;
  const { context } = repository;
  const from = laneOrCommit(options.from);
  const resolution = options.resolution === undefined ? [] : [checkedCommit(options.resolution)];
  const names = [from, checkedCommit(options.base), checkedCommit(options.head), refs.branch, ...resolution];
  const [theirs, base, head, tip, resolved] = await refs.resolve(names);
  if (!theirs || !base || !head || !tip) throw new WorktreeError('unknown-commit', `Unknown: ${names.join(', ')}`);
  const commits = await commitsOnto(context, await snapshots.shadow(), base.commit, theirs.commit);
  if (commits.length === 0) return { commit: head.commit, commits: [] };
  const forward = { ...theirs, commits: commits.map(({ id }) => id) };
  const place = { context, repository, shadow: await snapshots.shadow(), onto: head, base, commits };
  const request = { ...place, ...(resolved && { resolution: resolved.tree }) };
  const result = head.commit === base.commit && !resolved ? forward : await pickAll(request);
  if ('conflict' in result) return result;
  const merged = { commit: result.commit, commits: result.commits };
  if (tip.commit !== head.commit) {
    if (tip.commit !== result.commit && !(await refs.isIn(result.commit, tip.commit))) {
      throw branchMoved(parts.place.branch, tip.commit, head.commit);
    }
    if (tip.commit === result.commit) await settleWorktree(parts.place, record.adminDir, snapshots.index);
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
    throw new WorktreeError('branch-moved', `${parts.place.branch} moved during the merge: ${move.stderr.trim()}`);
  }
  keeper.know(result.commit, result.tree);
  await settleWorktree(parts.place, record.adminDir, snapshots.index);
  return merged;
}

/** Commits that conflict one by one may fit as a whole: what one of them did another has undone. */
async function pickAll(request: PickRequest): Promise<Picked> {
  const picked = await pickOnto(request);
  const last = request.commits.at(-1);
  if (!('conflict' in picked) || !last || request.commits.length === 1) return picked;
  const { base, onto } = request;
  const whole = await withScratch((scratch) =>
    mergeTrees({ ...request, scratch, dry: false }, base.tree, onto.tree, last.tree),
  );
  return whole.files
    ? { conflict: { ...picked.conflict, files: whole.files } }
    : pickOnto({ ...request, resolution: whole.tree });
}

function laneOrCommit(from: string): string {
  if (!from.startsWith('pawl/')) return checkedCommit(from);
  if (/^[A-Za-z0-9._/-]+$/.test(from) && !from.includes('..')) return `refs/heads/${from}`;
  throw new WorktreeError('unknown-commit', `${JSON.stringify(from.slice(0, 80))} is no lane's branch.`);
}
