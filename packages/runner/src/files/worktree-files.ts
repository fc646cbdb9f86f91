import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, opendir, realpath, rm, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { within } from '../deadline.ts';
import { RunnerError } from '../errors.ts';
import type { WorktreeFiles } from '../ports.ts';

/** A file system of the agent's own making may never answer. */
const answerMs = 30_000;
const mostNames = 10_000;

/** Files of a worktree on disk. The agent can write there: no link is followed out of it, nothing but a plain file is read. */
export const localWorktreeFiles: WorktreeFiles = {
  read: (worktree, path, maxBytes, { links = 'inside' } = {}) =>
    answered(path, async () => {
      const place = inside(worktree, path);
      const found = await absentAsUndefined(path, () =>
        links === 'never' ? plainWay(worktree, place, path) : stat(place),
      );
      if (!found) return undefined;
      const real = await absentAsUndefined(path, () => realpath(place));
      const root = await realpath(worktree);
      if (real === undefined) return undefined;
      if (!real.startsWith(root + sep) || !found.isFile()) throw outside(path);
      const file = await absentAsUndefined(path, () => open(real, readOnly));
      return file && readPlain(file, path, maxBytes);
    }),
  names: (worktree) =>
    answered('the worktree', async () => {
      const names: string[] = [];
      for await (const { name } of await opendir(worktree)) {
        names.push(name);
        if (names.length === mostNames) break;
      }
      return names;
    }),
  remove: (worktree, path) =>
    answered(path, async () => {
      const place = inside(worktree, path);
      if (await reached(worktree, place)) await rm(place, { recursive: true, force: true });
    }),
  emptyFolder: (worktree, path) =>
    answered(path, async () => {
      const place = inside(worktree, path);
      for (const folder of parents(worktree, place)) {
        const there = await found(folder);
        if (there && !there.isDirectory()) return;
        if (!there) await mkdir(folder);
      }
      await rm(place, { recursive: true, force: true });
      await mkdir(place);
    }),
};

/** Does not wait for the writer of a pipe, nor follow a link that has just taken the file's place. */
const readOnly = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

async function readPlain(file: FileHandle, path: string, maxBytes: number): Promise<string> {
  try {
    if (!(await file.stat()).isFile()) throw outside(path);
    // Not by its size: it may grow while it is read.
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of file.createReadStream({ autoClose: false, end: maxBytes })) {
      chunks.push(chunk);
      size += chunk.length;
    }
    if (size > maxBytes)
      throw new RunnerError('file-too-large', `${path} is larger than ${maxBytes} bytes: no more is read`);
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    await file.close();
  }
}

const answered = <T>(path: string, work: () => Promise<T>): Promise<T> =>
  within(answerMs, work(), () => new RunnerError('file-timeout', `${path} did not answer within ${answerMs / 1000} s`));

/** The file as it is, when no folder on the way to it, nor itself, is a link. */
async function plainWay(worktree: string, place: string, path: string): Promise<Stats> {
  const there = await stat(place);
  for (const part of [...parents(worktree, place), place])
    if ((await lstat(part)).isSymbolicLink()) throw outside(path);
  return there;
}

async function absentAsUndefined<T>(path: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    // A circle of links; a socket; a link put where the file was.
    if (code === 'ELOOP' || code === 'ENXIO' || code === 'EMLINK') throw outside(path);
    throw error;
  }
}

function inside(worktree: string, path: string): string {
  const place = join(worktree, path);
  const way = relative(worktree, place);
  const leaves = way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
  if (leaves || isAbsolute(path) || path.includes('\0')) throw outside(path);
  return place;
}

const outside = (path: string): RunnerError =>
  new RunnerError('outside-worktree', `${JSON.stringify(path)} is not a plain file inside the worktree`);

const found = (path: string): Promise<Stats | undefined> => lstat(path).catch(() => undefined);

/** A folder on the way that is a link leads elsewhere: behind it there is nothing of ours. */
async function reached(worktree: string, place: string): Promise<boolean> {
  for (const parent of parents(worktree, place)) if (!(await found(parent))?.isDirectory()) return false;
  return true;
}

function parents(worktree: string, place: string): readonly string[] {
  const segments = relative(worktree, place).split(sep).slice(0, -1);
  return segments.map((_, index) => join(worktree, ...segments.slice(0, index + 1)));
}
