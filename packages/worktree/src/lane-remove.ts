import { rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removed } from './keeper.ts';
import type { LaneParts } from './lane-parts.ts';
import { withLock } from './lock.ts';

export async function removeLane(
  { repository, place, record, refs, keeper }: LaneParts,
  drop: boolean,
): Promise<string> {
  const message = 'what was there when the worktree was removed';
  const tip = drop ? (await refs.resolve([refs.branch]))[0]?.commit : undefined;
  const saved = await keeper.save({ name: removed, message, ...(tip !== undefined && { parent: tip }) });
  // First of all: a worktree that is half gone must not be taken for the lane.
  await rm(join(place.own, 'lane.json'), { force: true });
  // Put aside as a whole: half of a folder could not be told from somebody else's files.
  const gone = join(place.own, 'gone');
  await rm(gone, { recursive: true, force: true, maxRetries: 3 });
  await rename(place.path, gone).catch(unlessAbsent);
  await rm(gone, { recursive: true, force: true, maxRetries: 3 });
  if (tip !== undefined) await refs.update([`delete ${refs.branch} ${tip}`]);
  await withLock(place.lock, repository.context.timeoutMs, async () => {
    await rm(record.adminDir, { recursive: true, force: true });
    // As git does itself. It is not empty while there is another worktree.
    await rmdir(dirname(record.adminDir)).catch(() => undefined);
  });
  await rm(place.own, { recursive: true, force: true });
  await rmdir(dirname(place.path)).catch(() => undefined);
  return saved;
}

function unlessAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
