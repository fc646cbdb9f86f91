import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from '@pawl/process';
import type { LaneRecord } from './lane-place.ts';
import { digest } from './names.ts';

/** What lies in the folder of worktrees, seen without asking git. */
export interface Found {
  readonly path: string;
  readonly own: string;
  /** The folder's name. */
  readonly run: string;
  /** Undefined: the lane was not made, or not removed, to the end. */
  readonly record: LaneRecord | undefined;
}

/** With a git folder: only worktrees of that repository. */
export async function findWorktrees(given: string, commonDir?: string): Promise<Found[]> {
  const found: Found[] = [];
  const folder = await realpath(given).catch(() => given);
  for (const project of await foldersIn(folder)) {
    if (commonDir !== undefined && !project.endsWith(`-${digest(commonDir)}`)) continue;
    for (const run of await foldersIn(join(folder, project))) {
      const parent = join(folder, project, run);
      for (const name of await foldersIn(parent)) {
        if (!name.endsWith('.pawl')) continue;
        const own = join(parent, name);
        found.push({ own, path: own.slice(0, -'.pawl'.length), run, record: await recordIn(own) });
      }
    }
  }
  return found;
}

export async function recordIn(own: string): Promise<LaneRecord | undefined> {
  try {
    const record: Partial<LaneRecord> = JSON.parse(await readFile(join(own, 'lane.json'), 'utf8'));
    return typeof record.commonDir === 'string' && typeof record.adminDir === 'string'
      ? (record as LaneRecord)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The process that has the lane open. */
export async function ownerOf(own: string): Promise<'alive' | 'gone' | 'none'> {
  const text = await readFile(join(own, 'owner.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return 'none';
  try {
    const { pid, started } = JSON.parse(text) as { pid?: unknown; started?: unknown };
    if (typeof pid !== 'number' || typeof started !== 'string') return 'gone';
    return isAlive({ pid, started }) ? 'alive' : 'gone';
  } catch {
    return 'gone';
  }
}

/** When it was last worked on, as far as git's and our own files tell. */
export async function usedAt(path: string, own: string): Promise<string> {
  const stats = await Promise.all([path, own, join(own, 'index')].map((place) => stat(place).catch(() => undefined)));
  return new Date(Math.max(0, ...stats.map((found) => found?.mtimeMs ?? 0))).toISOString();
}

/** Bytes on the disk, each file once, without following links. */
export async function sizeOf(...folders: readonly string[]): Promise<number> {
  const seen = new Set<string>();
  let bytes = 0;
  const visit = async (at: string): Promise<void> => {
    const entries = await readdir(at, { withFileTypes: true }).catch(() => []);
    await Promise.all(
      entries.map(async (entry) => {
        const found = await lstat(join(at, entry.name)).catch(() => undefined);
        if (!found) return;
        const key = `${found.dev} ${found.ino}`;
        if (found.nlink === 1 || !seen.has(key)) bytes += found.blocks * 512;
        if (!found.isDirectory() && found.nlink > 1) seen.add(key);
      }),
    );
    for (const entry of entries) if (entry.isDirectory()) await visit(join(at, entry.name));
  };
  for (const folder of folders) await visit(folder);
  return bytes;
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
}
