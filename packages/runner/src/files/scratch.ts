import { mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ports } from '../ports.ts';
import { slug } from './names.ts';

/** Folders below `<home>/scratch`, 0700: outside every repository, so that an agent there sees no project. */
export function localScratch(home: string): Ports['scratch'] {
  return async ({ run, step }) => {
    const place = join(home, 'scratch', slug(`${run}\0${step}`));
    const remove = () => rm(place, { recursive: true, force: true, maxRetries: 3 });
    // What a process that died has left there.
    await remove();
    await mkdir(place, { recursive: true, mode: 0o700 });
    return { path: await realpath(place), remove };
  };
}
