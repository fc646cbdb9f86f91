import { copyFile, lstat, mkdir, readFile, realpath, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { WorktreeError } from './errors.ts';
import { checkedRun, digest, laneName, safeName } from './names.ts';
import type { Repository } from './repository.ts';

/** Where a lane lies. `own` is beside the worktree, not in it: an index, a shadow and a record of what it is. */
export interface Place {
  readonly path: string;
  readonly own: string;
  readonly branch: string;
  /** Prefix of its checkpoints' refs. */
  readonly refs: string;
  /** Held while the repository's list of worktrees changes. */
  readonly lock: string;
  /** Held while this lane is made. */
  readonly laneLock: string;
}

/** Written last when a lane is made: without it, making was interrupted. */
export interface LaneRecord {
  readonly run: string;
  readonly lane: string;
  /** The checkout it was opened from, and what its worktrees share. */
  readonly root: string;
  readonly commonDir: string;
  /** ISO 8601. */
  readonly created: string;
  /** The worktree's part of the repository's git folder. Remembered, since the agent can rewrite `.git`. */
  readonly adminDir: string;
  readonly base: string;
  /** Submodules of the base, bytes as `latin1`. */
  readonly submodules: readonly string[];
  /** Paths brought in from the user's checkout: in no checkpoint, whatever the ignore rules say. */
  readonly brought: readonly string[];
}

export async function placeOf(repository: Repository, folder: string, run: string, lane: string): Promise<Place> {
  const { commonDir } = repository;
  const shown = basename(commonDir) === '.git' ? basename(dirname(commonDir)) : basename(commonDir);
  const name = `${safeName(shown)}-${digest(commonDir)}`;
  await mkdir(join(folder, name, checkedRun(run)), { recursive: true, mode: 0o700 });
  const parent = await realpath(join(folder, name, run));
  const safe = laneName(lane);
  return {
    path: join(parent, safe),
    own: join(parent, `${safe}.pawl`),
    branch: `pawl/${run}/${safe}`,
    refs: `refs/pawl/${run}`,
    lock: join(dirname(parent), 'worktrees.lock'),
    laneLock: join(dirname(parent), `${digest(run, safe)}.lock`),
  };
}

export async function readRecord(place: Place): Promise<LaneRecord | undefined> {
  const text = await readFile(join(place.own, 'lane.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as LaneRecord;
  } catch (cause) {
    throw new WorktreeError('lane-broken', `${place.own} is damaged: move it and ${place.path} away.`, { cause });
  }
}

export async function writeRecord(place: Place, record: LaneRecord): Promise<void> {
  const temporary = join(place.own, 'lane.json.new');
  await writeFile(temporary, JSON.stringify(record), { mode: 0o600 });
  await rename(temporary, join(place.own, 'lane.json'));
}

/** The agent may have put something else in the worktree's place. */
export async function checkPlace(place: Place): Promise<void> {
  const found = await lstat(place.path).catch(() => undefined);
  if (found?.isDirectory() && (await realpath(place.path)) === place.path) return;
  throw new WorktreeError('lane-broken', `${place.path} is not there any more, or not a folder: open the lane again.`);
}

/**
 * Makes the worktree's own git see what we see: our index, no lock left by a program that was stopped, no half-done
 * merge, and a `.git` file that leads to it.
 */
export async function settleWorktree(place: Place, adminDir: string, index: string | undefined): Promise<void> {
  const unfinished = ['index.lock', 'HEAD.lock', 'MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE', 'AUTO_MERGE'];
  const more = ['CHERRY_PICK_HEAD', 'REVERT_HEAD', 'rebase-merge', 'rebase-apply', 'sequencer', 'BISECT_START'];
  await Promise.all([...unfinished, ...more].map((name) => rm(join(adminDir, name), { recursive: true, force: true })));
  if (index) await copyIndex(index, join(adminDir, 'index'));
  const gitFile = join(place.path, '.git');
  const found = await lstat(gitFile).catch(() => undefined);
  if (found && !found.isFile()) return;
  const wanted = `gitdir: ${adminDir}\n`;
  if (!found || (await readFile(gitFile, 'utf8')) !== wanted) await writeFile(gitFile, wanted);
}

/** Git looks again at files that are not older than the index: a copy must not look newer than it is. */
export async function copyIndex(from: string, to: string): Promise<void> {
  const { mtimeMs } = await stat(from);
  const temporary = `${to}.pawl`;
  await copyFile(from, temporary);
  const time = (Math.floor(mtimeMs) - 1) / 1000;
  await utimes(temporary, time, time);
  await rename(temporary, to);
}
