import { constants } from 'node:fs';
import { copyFile, link, lstat, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type BringInEntry, type Left, type Planned, planEntry } from './bring-in-plan.ts';
import { WorktreeError } from './errors.ts';
import { git, readable, runGit } from './git.ts';
import type { LaneParts } from './lane-parts.ts';
import { writeRecord } from './lane-place.ts';
import { withShadow } from './shadow.ts';

export interface BringInOptions {
  /** Lines as in `.gitignore`: what matches in the user's checkout, and is ignored there by git, is copied. */
  readonly patterns?: string;
  readonly entries?: readonly BringInEntry[];
  /** For templates, by name. */
  readonly values?: Readonly<Record<string, string>>;
}

export interface BroughtIn {
  /** Files and links that were made, relative to the root. */
  readonly brought: readonly string[];
  readonly left: readonly Left[];
}

/** What is not ignored in the lane is remembered first, so that no checkpoint and no commit ever holds it. */
export async function bringIn(parts: LaneParts, options: BringInOptions): Promise<BroughtIn> {
  const { repository, place, record, snapshots } = parts;
  const matched = await matching(parts, options.patterns ?? '');
  const entries = [...(options.entries ?? []), ...matched.map((path) => ({ path, how: 'copy' as const }))];
  const left: Left[] = [];
  const planned = new Map<string, Planned>();
  for (const entry of entries) {
    for (const item of await planEntry(repository.root, entry, options.values ?? {}, left)) {
      if (!planned.has(item.path)) planned.set(item.path, item);
    }
  }
  const hidden = new Set(await ignored(parts, [...planned.keys()]));
  const open = [...planned.keys()].filter((path) => !hidden.has(path));
  for (const path of await trackedIn(parts, open)) {
    planned.delete(path);
    left.push({ path, why: 'tracked' });
  }
  const shown = open.filter((path) => planned.has(path)).map(bytesOf);
  const known = record.brought.filter((path) => !shown.includes(path));
  for (const path of shown) snapshots.leaveOut(path);
  if (shown.length > 0) await writeRecord(place, Object.assign(record, { brought: [...known, ...shown] }));
  const brought: string[] = [];
  for (const item of planned.values()) {
    const why = await make(place.path, place.own, item);
    if (why) left.push({ path: item.path, why });
    else brought.push(item.path);
  }
  return { brought, left };
}

/** Two processes, none without patterns. */
async function matching({ repository }: LaneParts, patterns: string): Promise<string[]> {
  if (!patterns.trim()) return [];
  return withShadow(repository, async (shadow) => {
    const file = join(shadow.folder, 'patterns');
    await writeFile(file, patterns);
    const index = join(repository.gitDir, 'index');
    const list = ['ls-files', '-z', '--others', '--ignored', `--exclude-from=${file}`];
    const { stdout } = await git(repository.context, shadow.call(list, { index }));
    if (!stdout) return [];
    const check = shadow.call(['check-ignore', '-z', '--stdin'], { index, stdin: stdout });
    return split((await runGit(repository.context, check)).stdout).filter((path) => !path.endsWith('/'));
  });
}

async function ignored({ repository, snapshots }: LaneParts, paths: readonly string[]): Promise<string[]> {
  if (paths.length === 0) return [];
  const stdin = bytesOf(paths.map((path) => `${path}\0`).join(''));
  const call = (await snapshots.shadow()).call(['check-ignore', '-z', '--stdin'], { stdin });
  return split((await runGit(repository.context, call)).stdout);
}

/** Those that the lane's commits have: these would seem to be gone for good. */
async function trackedIn({ repository, record, snapshots }: LaneParts, paths: readonly string[]): Promise<string[]> {
  const shadow = await snapshots.shadow();
  const found: string[] = [];
  for (let at = 0; at < paths.length; at += 200) {
    const args = ['ls-tree', '-r', '-z', '--name-only', record.base, '--', ...paths.slice(at, at + 200)];
    found.push(...split((await git(repository.context, shadow.call(args))).stdout));
  }
  return found.filter((path) => paths.includes(path));
}

/** Why not, or nothing when it was made. */
async function make(root: string, own: string, item: Planned): Promise<Left['why'] | undefined> {
  const target = join(root, item.path);
  if (!(await foldersTo(root, item.path))) return 'in-the-way';
  if (await lstat(target).catch(() => undefined)) return 'exists';
  const temporary = join(own, 'bring-in.new');
  await rm(temporary, { force: true });
  try {
    if (item.link !== undefined) {
      await symlink(item.link, target);
      return undefined;
    }
    if (item.text !== undefined) await writeFile(temporary, item.text, { mode: item.mode & 0o777, flag: 'wx' });
    else await copyFile(item.source, temporary, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    // Whole or not at all, and never over something that has come in the meantime.
    await link(temporary, target);
    return undefined;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'EEXIST') return 'exists';
    if (code === 'ENOENT') return 'missing';
    throw new WorktreeError('bad-entry', `${item.path} could not be brought in: ${(cause as Error).message}`, {
      cause,
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Made one by one: a link that stands in the place of a folder is not followed. */
async function foldersTo(root: string, path: string): Promise<boolean> {
  const folder = dirname(path);
  if (folder === '.') return true;
  let at = root;
  for (const part of folder.split('/')) {
    at = join(at, part);
    await mkdir(at).catch(() => undefined);
    if (!(await lstat(at).catch(() => undefined))?.isDirectory()) return false;
  }
  return true;
}

function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function split(stdout: string): string[] {
  return readable(stdout).split('\0').slice(0, -1);
}
