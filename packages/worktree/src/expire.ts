import { type CheckpointEntry, readCheckpoints } from './checkpoints.ts';
import { git } from './git.ts';
import type { Repository } from './repository.ts';

export interface ExpireOptions {
  readonly repository: Repository;
  readonly olderThanDays: number;
  /** Runs that are not over: theirs stay. */
  readonly except?: readonly string[];
  /** Default: now. */
  readonly now?: Date;
  /** Only tells what it would drop. */
  readonly plan?: boolean;
}

/** Lets go of old checkpoints, so that git may take away what nothing else holds. Resolves to those. */
export async function expireCheckpoints(
  options: ExpireOptions,
): Promise<Pick<CheckpointEntry, 'commit' | 'ref' | 'run' | 'name' | 'time'>[]> {
  const { repository, olderThanDays, except = [], now = new Date() } = options;
  if (!(olderThanDays >= 0)) return [];
  const limit = now.getTime() - olderThanDays * 24 * 60 * 60 * 1000;
  const kept = new Set(except);
  const all = await readCheckpoints(repository);
  const old = all.filter(({ run, time }) => !kept.has(run) && Date.parse(time) < limit);
  if (old.length === 0 || options.plan) return old;
  const { commonDir, context } = repository;
  // Only if it is still the one that was looked at.
  const stdin = old.map(({ ref, commit }) => `delete ${ref} ${commit}\n`).join('');
  const args = ['update-ref', '--no-deref', '--stdin'];
  await git(context, { cwd: commonDir, args, variables: { GIT_DIR: commonDir }, stdin });
  return old;
}
