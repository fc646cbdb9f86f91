import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { identify } from '@pawl/process';
import { commitMessage, writeCommit } from './commit-object.ts';
import { WorktreeError } from './errors.ts';
import { git } from './git.ts';
import { GitLane } from './git-lane.ts';
import { Guard } from './guard.ts';
import { Keeper } from './keeper.ts';
import type { Lane } from './lane.ts';
import { type LaneRecord, type Place, placeOf, readRecord, settleWorktree, writeRecord } from './lane-place.ts';
import { LaneRefs, unknownCommit } from './lane-refs.ts';
import { withLock } from './lock.ts';
import { checkedCommit, digest } from './names.ts';
import type { Repository } from './repository.ts';
import { leaveSubmodules, restore, submodulesOf } from './restore.ts';
import { pawl } from './settings.ts';
import { Snapshots } from './snapshot.ts';
import { recordIn } from './worktree-entry.ts';

export interface OpenLaneOptions {
  readonly repository: Repository;
  readonly run: string;
  /** `main`, or the name of a parallel unit. */
  readonly lane: string;
  /** Parent of all worktrees, outside every repository. */
  readonly folder: string;
  /** Where its branch starts; of no effect when the branch is there already. */
  readonly base: string;
  /**
   * What a lane's worktree that has to be made again held: the files of `commit`, where its branch is still at `head`. Of no
   * effect when it is there.
   */
  readonly held?: { readonly head: string; readonly commit: string };
  /** Deadline of each git call. Default: the repository's. */
  readonly maxGitMs?: number;
}

/** Makes the lane, or attaches to it with its files as they are. Safe to call twice, also at the same time. */
export function openLane(options: OpenLaneOptions): Promise<Lane> {
  return laneWith(options);
}

/** `at`: a commit whose files the lane begins with instead of those of its base. */
export async function laneWith(options: OpenLaneOptions, at?: string): Promise<Lane> {
  const { maxGitMs, run, lane: name } = options;
  const given = options.repository;
  const context = { ...given.context, ...(maxGitMs !== undefined && { timeoutMs: maxGitMs }) };
  const repository: Repository = { ...given, context };
  const place = await placeOf(repository, options.folder, options.run, options.lane);
  return withLock(place.laneLock, context.timeoutMs, async () => {
    const held = options.held && checkedCommit(options.held.commit);
    const names = [checkedCommit(options.base), at ?? options.base, `refs/heads/${place.branch}`, held ?? options.base];
    const [base, began, tip, holds] = await commitsAndTrees(repository, names);
    if (!base || !began) throw unknownCommit(base ? (at ?? '') : options.base);
    const files = at === undefined ? undefined : began;
    await mkdir(place.own, { recursive: true, mode: 0o700 });
    const source = { ...repository, head: base };
    const found = await attached(place);
    const snapshots = new Snapshots(context, source, place.path, place.own, found?.brought ?? []);
    const again = options.held && tip?.commit === options.held.head ? holds : undefined;
    const what = { run, lane: name, base, tip, files, again };
    const record = found ?? (await made(repository, place, snapshots, what));
    // Somebody has deleted it: the worktree is as it was.
    if (found && !tip) await createBranch(repository, place, what, base.commit);
    await settleWorktree(place, record.adminDir, undefined);
    await writeFile(join(place.own, 'owner.json'), JSON.stringify(identify(process.pid) ?? {}), { mode: 0o600 });
    const refs = new LaneRefs(repository, place, record);
    const keeper = new Keeper(repository, place, record, snapshots, refs);
    for (const known of [base, tip]) if (known) keeper.know(known.commit, known.tree);
    const guard = await Guard.take(repository, place.path, record.adminDir, place.own);
    return new GitLane({ repository, place, record, snapshots, refs, keeper }, guard);
  });
}

interface Known {
  readonly commit: string;
  readonly tree: string;
}

async function commitsAndTrees(repository: Repository, names: readonly string[]): Promise<(Known | undefined)[]> {
  const { commonDir, context } = repository;
  const stdin = names.map((name) => `${name}^{commit}\n${name}^{tree}\n`).join('');
  const call = { cwd: commonDir, args: ['cat-file', '--batch-check=%(objectname)'], variables: { GIT_DIR: commonDir } };
  const lines = (await git(context, { ...call, stdin })).stdout.split('\n');
  return names.map((_, index) => {
    const [commit = '', tree = ''] = lines.slice(2 * index);
    return commit.includes(' ') || tree.includes(' ') ? undefined : { commit, tree };
  });
}

async function attached(place: Place): Promise<LaneRecord | undefined> {
  const record = await readRecord(place);
  if (!record) return undefined;
  const there = await Promise.all([isFolder(place.path), isFolder(record.adminDir)]);
  return there.every(Boolean) ? record : undefined;
}

interface NewLane {
  readonly run: string;
  readonly lane: string;
  readonly base: Known;
  readonly tip: Known | undefined;
  readonly files: Known | undefined;
  readonly again: Known | undefined;
}

async function made(repository: Repository, place: Place, snapshots: Snapshots, what: NewLane): Promise<LaneRecord> {
  const { context, commonDir } = repository;
  const { run, lane, base, tip } = what;
  const start = (tip ?? base).commit;
  // A branch that has moved on holds more than the files that the lane was to begin with.
  const files = what.again?.commit ?? (start === base.commit ? what.files?.commit : undefined);
  await rm(join(place.own, 'lane.json'), { force: true });
  const adminDir =
    (await adminDirOf(repository, place)) ??
    (await withLock(place.lock, context.timeoutMs, () => addWorktree(repository, place, start)));
  // An interrupted attempt may have left half of the files and of an index.
  await rm(snapshots.index, { force: true });
  const shadow = await snapshots.shadow();
  await restore(context, shadow, files ?? start, []);
  const submodules = await submodulesOf(context, shadow);
  await leaveSubmodules(context, shadow, submodules);
  await settleWorktree(place, adminDir, snapshots.index);
  if (!tip) await createBranch(repository, place, what, start);
  const created = new Date().toISOString();
  const root = await checkoutOf(repository);
  const record = { run, lane, root, commonDir, created, adminDir, base: base.commit, submodules, brought: [] };
  await writeRecord(place, record);
  return record;
}

/** The user's own: a lane that begins in another one, as a fork of its session does, is of the same. */
async function checkoutOf({ root, commonDir }: Repository): Promise<string> {
  const lane = await recordIn(`${root}.pawl`);
  return lane?.commonDir === commonDir ? lane.root : root;
}

async function createBranch(repository: Repository, place: Place, what: NewLane, start: string): Promise<void> {
  const { commonDir, context } = repository;
  const { run, lane, files } = what;
  const lines = [`create refs/heads/${place.branch} ${start}`];
  if (files) {
    // The checkpoint may belong to another run, which may be forgotten before this one.
    const trailers = { 'Pawl-Run': run, 'Pawl-Lane': lane, 'Pawl-Checkpoint': 'fork' };
    const message = commitMessage({ subject: 'what the lane began with', trailers });
    const object = { tree: files.tree, parent: files.commit, author: pawl, message };
    const commit = await writeCommit(repository, object, new Date());
    lines.push(`update ${place.refs}/fork-${digest(place.branch, files.commit)} ${commit}`);
  }
  const args = ['update-ref', '--no-deref', '--stdin'];
  const stdin = `${lines.join('\n')}\n`;
  await git(context, { cwd: commonDir, args, variables: { GIT_DIR: commonDir }, stdin });
}

async function addWorktree(repository: Repository, place: Place, start: string): Promise<string> {
  const { commonDir, context } = repository;
  await putAside(place);
  // Files are written by us afterwards, without the filters that a plain checkout would run.
  const args = ['worktree', 'add', '--force', '--detach', '--no-checkout', '--', place.path, start];
  await git(context, { cwd: commonDir, args, variables: { GIT_DIR: commonDir } });
  const adminDir = await adminDirOf(repository, place);
  if (adminDir) return adminDir;
  throw new WorktreeError('lane-broken', `git made no worktree at ${place.path}: look at git worktree list.`);
}

/**
 * What is left of a worktree that somebody took away by hand, or another's files, is in nobody's way and in nobody's
 * checkpoint: it stays beside the lane, where `worktreesOf` tells of it.
 */
async function putAside(place: Place): Promise<void> {
  const content = await readdir(place.path).catch(() => []);
  if (content.length === 0) return;
  const aside = `${place.path}-left-${randomUUID().slice(0, 8)}`;
  await mkdir(`${aside}.pawl`, { mode: 0o700 });
  await rename(place.path, aside);
}

/** Only if both ends name each other. */
async function adminDirOf(repository: Repository, place: Place): Promise<string | undefined> {
  const gitFile = join(place.path, '.git');
  const text = await readFile(gitFile, 'utf8').catch(() => '');
  const adminDir = await realpath(text.replace(/^gitdir: /, '').trim() || '.').catch(() => undefined);
  if (!adminDir || dirname(adminDir) !== join(repository.commonDir, 'worktrees')) return undefined;
  const back = (await readFile(join(adminDir, 'gitdir'), 'utf8').catch(() => '')).trim();
  return back === gitFile ? adminDir : undefined;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
