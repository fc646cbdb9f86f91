import { rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { WorktreeError } from './errors.ts';
import { openLane } from './open-lane.ts';
import type { OpenRepositoryOptions } from './repository.ts';
import { findWorktrees, sizeOf } from './worktree-entry.ts';
import { examine, openedFor, type WorktreeEntry } from './worktrees.ts';

export interface RemoveWorktreeOptions extends OpenRepositoryOptions {
  readonly folder: string;
  /** As `worktreesOf` told it. */
  readonly worktree: Pick<WorktreeEntry, 'path'>;
  /** Also what is dirty or unmerged: a checkpoint keeps it. Never what a living process works in. */
  readonly force?: boolean;
}

export interface RemovedWorktree {
  readonly path: string;
  /** Freed on the disk. */
  readonly bytes: number;
  /** Holds the files as they were, on the commits of the lane. Undefined: it held none. */
  readonly checkpoint: string | undefined;
}

/**
 * Takes a worktree and its branch away, behind a checkpoint. Fails with `worktree-in-use`, `worktree-dirty` or
 * `worktree-unmerged`, and with `lane-broken` where no checkpoint can be made.
 */
export async function removeWorktree(options: RemoveWorktreeOptions): Promise<RemovedWorktree> {
  const { path } = options.worktree;
  const found = (await findWorktrees(options.folder)).find((one) => one.path === path);
  if (!found) throw new WorktreeError('lane-broken', `${path} is no worktree of pawl: look at the list again.`);
  const opened = found.record && (await openedFor(found.record, options));
  const entry = await examine(found, opened, true);
  const bytes = entry.bytes ?? 0;
  if (entry.owner === 'alive') {
    throw new WorktreeError('worktree-in-use', `A process works in ${path}: stop the run ${entry.run} first.`);
  }
  if (entry.state !== 'whole' || !opened || !found.record) {
    if ((await sizeOf(path)) > 0) throw broken(entry);
    await rm(path, { recursive: true, force: true });
    await rm(found.own, { recursive: true, force: true });
    await rmdir(dirname(path)).catch(() => undefined);
    return { path, bytes, checkpoint: undefined };
  }
  if (!options.force) refuse(entry);
  const { repository } = opened;
  const { lane: name, base } = found.record;
  const lane = await openLane({ repository, run: entry.run, lane: name, folder: options.folder, base });
  return { path, bytes, checkpoint: await lane.remove({ branch: 'drop' }) };
}

function refuse({ path, dirty, unmerged, run, branch }: WorktreeEntry): void {
  if (dirty) {
    throw new WorktreeError(
      'worktree-dirty',
      `${path} has files that no commit of ${branch} holds: look, or force it.`,
    );
  }
  if (unmerged) {
    const what = `${unmerged} commit${unmerged === 1 ? '' : 's'} of ${branch}`;
    throw new WorktreeError(
      'worktree-unmerged',
      `${what} are in none of your branches: apply the run ${run}, or force it.`,
    );
  }
}

function broken({ path, state, run }: WorktreeEntry): WorktreeError {
  const why = state === 'orphan' ? 'its repository is gone' : `it was not made, or not removed, to the end`;
  const next = state === 'orphan' ? 'look at it and delete it by hand' : `resume the run ${run}, or delete it by hand`;
  return new WorktreeError('lane-broken', `${path} cannot be saved first, as ${why}: ${next}.`);
}
