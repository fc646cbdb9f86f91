import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withTemporaryFolder } from '@pawl/process';
import { type MergedState, mergedState, readTips, type Tips } from './contained.ts';
import { readRaw } from './diff.ts';
import { git } from './git.ts';
import { copyIndex, type LaneRecord } from './lane-place.ts';
import { laneName } from './names.ts';
import { pulledFiles } from './pulled-files.ts';
import { type OpenRepositoryOptions, openRepository, type Repository } from './repository.ts';
import { makeShadow } from './shadow.ts';
import { excludesOf } from './snapshot.ts';
import { type Found, findWorktrees, ownerOf, sizeOf, usedAt } from './worktree-entry.ts';

export interface WorktreeEntry {
  readonly path: string;
  readonly run: string;
  readonly lane: string;
  /** `half`: making or removing it was interrupted. `orphan`: its repository is not there. */
  readonly state: 'whole' | 'half' | 'orphan';
  /** The checkout it was opened from. */
  readonly root: string | undefined;
  readonly branch: string | undefined;
  /** ISO 8601; `used`: when it was last worked on, as far as can be told without reading all files. */
  readonly created: string | undefined;
  readonly used: string;
  /** On the disk, with what pawl keeps beside it. Undefined: not asked for. */
  readonly bytes: number | undefined;
  /** It has files that its branch does not hold, or a repository of its own in it. Undefined: not known. */
  readonly dirty: boolean | undefined;
  /** Commits of its branch that the user's branches have neither as they are nor rebased nor squashed. */
  readonly unmerged: number | undefined;
  /** How all of its branch came to the user's. Undefined: it has not, or it is not known. */
  readonly merged: MergedState['merged'];
  /** The process that has it open. */
  readonly owner: 'alive' | 'gone' | 'none';
}

export interface WorktreesOptions extends OpenRepositoryOptions {
  /** Parent of all worktrees. */
  readonly folder: string;
  /** Only those of this repository. */
  readonly repository?: Repository;
  /** Default true; false: no sizes, which need a look at every file. */
  readonly measure?: boolean;
}

/** What lies in the folder of worktrees, of one repository or of all. Changes nothing. */
export async function worktreesOf(options: WorktreesOptions): Promise<WorktreeEntry[]> {
  const repositories = new Map<string, Promise<{ repository: Repository; tips: Tips } | undefined>>();
  const entries: WorktreeEntry[] = [];
  for (const found of await findWorktrees(options.folder, options.repository?.commonDir)) {
    const { record } = found;
    const key = record?.commonDir ?? '';
    const opened = record && (repositories.get(key) ?? openedFor(record, options));
    if (opened) repositories.set(key, opened);
    entries.push(await examine(found, await opened, options.measure ?? true));
  }
  return entries;
}

export async function openedFor(record: LaneRecord, options: Omit<WorktreesOptions, 'folder'>) {
  if (options.repository) return { repository: options.repository, tips: await readTips(options.repository) };
  for (const root of [record.root, dirname(record.commonDir)]) {
    const repository = await openRepository(root, options).catch(() => undefined);
    if (repository?.commonDir === record.commonDir) return { repository, tips: await readTips(repository) };
  }
  return undefined;
}

export async function examine(
  { path, own, run, record }: Found,
  opened: { readonly repository: Repository; readonly tips: Tips } | undefined,
  measure: boolean,
): Promise<WorktreeEntry> {
  const common = {
    path,
    run,
    lane: record?.lane ?? path.slice(path.lastIndexOf('/') + 1),
    root: record?.root,
    branch: record && `pawl/${run}/${laneName(record.lane)}`,
    created: record?.created,
    used: await usedAt(path, own),
    bytes: measure ? await sizeOf(path, own) : undefined,
    owner: await ownerOf(own),
  };
  const unknown = { dirty: undefined, unmerged: undefined, merged: undefined };
  if (!record) return { ...common, ...unknown, state: 'half' };
  if (!opened) return { ...common, ...unknown, state: 'orphan' };
  const { repository, tips } = opened;
  // Somebody may have deleted the branch: what it held beyond the base is then told as files that no commit holds.
  const tip = tips.pawls.get(common.branch ?? '') ?? record.base;
  const main = tips.pawls.get(`pawl/${run}/main`);
  const users = main === undefined || main === tip ? tips.users : [...tips.users, main];
  let state = await mergedState(repository, tip, users, repository.head.commit);
  if (state.unmerged.length > 0 && main !== undefined && main !== tip)
    state = await mergedState(repository, tip, users, main);
  const dirty = await isDirty(repository, path, own, record, tip);
  const { unmerged, merged } = state;
  return {
    ...common,
    state: dirty === undefined ? 'half' : 'whole',
    dirty,
    unmerged: unmerged.length,
    merged,
  };
}

/** With copies of what the lane itself looks through: it may be at work. Undefined: there is nothing to look at. */
function isDirty(repository: Repository, path: string, own: string, record: LaneRecord, tip: string) {
  return withTemporaryFolder('git', async (folder) => {
    const copied = await copyIndex(join(own, 'index'), join(folder, 'index'))
      .then(() => realpath(path))
      .catch(() => undefined);
    if (copied !== path) return undefined;
    const source = { ...repository, head: { commit: tip } };
    const shadow = await makeShadow(source, folder, path, excludesOf(record.brought));
    const args = ['status', '--porcelain', '-z', '--untracked-files=normal', '--ignore-submodules=all', '--no-renames'];
    const found = (await git(repository.context, shadow.call(args))).stdout.split('\0').slice(0, -1);
    if (found.length === 0 || found.some((record) => !record.startsWith(' M '))) return found.length > 0;
    const { stdout } = await git(repository.context, shadow.call(['diff-files', '--raw', '-z', '--no-abbrev']));
    return (await pulledFiles(repository, shadow, path, readRaw(stdout))).size < found.length;
  });
}
