import { constants } from 'node:fs';
import { lstat, mkdir, open, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import type { FolderFiles } from '@pawl/provider';
import { readSmallFile } from './small-file.ts';

/** Absent on Windows, where what was looked at is opened as it is. */
const noLink = constants.O_NOFOLLOW ?? 0;

export function folderFiles(folder: string): FolderFiles {
  const inside = async (path: string): Promise<string> => {
    const place = await placeOf(folder, path);
    if (place === undefined) throw new Error(`${path} does not lie in ${folder}.`);
    return place;
  };
  return {
    contains: async (path) => (await placeOf(folder, path).catch(() => undefined)) !== undefined,
    read: async (path) => await readSmallFile(await inside(path), noLink),
    write: async (path, text) => {
      const place = await inside(path);
      await mkdir(dirname(place), { recursive: true });
      if ((await inside(path)) !== place) throw new Error(`${path} was moved while it was written.`);
      // Not to be hung by a pipe, and nothing is emptied before it is known to be a file.
      const flags = constants.O_WRONLY | constants.O_CREAT | noLink | (constants.O_NONBLOCK ?? 0);
      const handle = await open(place, flags, 0o666);
      try {
        if (!(await handle.stat()).isFile()) throw new Error(`${path} is not a file.`);
        await handle.truncate();
        await handle.writeFile(text);
      } finally {
        await handle.close();
      }
    },
  };
}

/** Where the path leads with every link followed; undefined for what lies elsewhere, or cannot be told. */
async function placeOf(folder: string, path: string): Promise<string | undefined> {
  // The system follows a link before it goes up from it; here it would be the other way round.
  if (path.includes('\0') || path.split(/[\\/]/).includes('..')) return undefined;
  const base = await realpath(folder);
  const missing: string[] = [];
  for (let at = resolve(folder, path); ; at = dirname(at)) {
    const real = await realpath(at).catch(() => undefined);
    if (real !== undefined) {
      const place = join(real, ...missing);
      return place === base || place.startsWith(base.endsWith(sep) ? base : base + sep) ? place : undefined;
    }
    // A link into nothing: what is made through it would lie elsewhere.
    if (
      await lstat(at).then(
        () => true,
        (error: unknown) => !isAbsent(error),
      )
    )
      return undefined;
    if (dirname(at) === at) return undefined;
    missing.unshift(basename(at));
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
