import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { join } from 'node:path';
import { withTemporaryFolder } from '@pawl/process';
import type { GitCall } from './git.ts';
import type { Settings } from './settings.ts';

/**
 * A git folder of our own that shares the objects of the real one. Git then reads neither the repository's
 * configuration, attributes and hooks nor the user's: filters, drivers and monitors that they name do not exist.
 * What of the configuration decides how files are stored is handed over as data.
 */
export interface Shadow {
  readonly folder: string;
  call(
    args: readonly string[],
    options?: {
      readonly index?: string;
      readonly stdin?: string;
      readonly maxBytes?: number;
      readonly objects?: Objects;
    },
  ): GitCall;
}

/** Beside the repository's objects: read from there too, or, with `write`, new ones go there and nowhere else. */
export interface Objects {
  readonly folder: string;
  readonly write: boolean;
}

export interface ShadowSource {
  readonly commonDir: string;
  readonly objectFormat: 'sha1' | 'sha256';
  readonly settings: Settings;
  readonly head: { readonly commit: string };
}

/** `root` is the work tree, `excludes` more lines of ignore patterns beside the user's own, as `latin1`. */
export async function makeShadow(source: ShadowSource, folder: string, root: string, excludes = ''): Promise<Shadow> {
  const version = source.objectFormat === 'sha256' ? 1 : 0;
  const extensions = version === 1 ? '[extensions]\n\tobjectFormat = sha256\n' : '';
  const own = await readFile(join(source.commonDir, 'info', 'exclude'), 'latin1').catch(() => '');
  const shallow = await readFile(join(source.commonDir, 'shallow')).catch(() => undefined);
  await Promise.all(['refs', 'info'].map((name) => mkdir(join(folder, name), { recursive: true, mode: 0o700 })));
  // Written anew each time: whoever reached this folder has gained nothing.
  await Promise.all([
    writeFile(join(folder, 'config'), `[core]\n\trepositoryFormatVersion = ${version}\n\tbare = false\n${extensions}`),
    writeFile(join(folder, 'HEAD'), `${source.head.commit}\n`),
    writeFile(join(folder, 'info', 'exclude'), Buffer.from(`${own}\n${excludes}`, 'latin1')),
    writeFile(join(folder, 'info', 'attributes'), ''),
    shallow === undefined ? rm(join(folder, 'shallow'), { force: true }) : writeFile(join(folder, 'shallow'), shallow),
    rm(join(folder, 'commondir'), { force: true }),
    rm(join(folder, 'info', 'sparse-checkout'), { force: true }),
  ]);
  const variables = {
    GIT_DIR: folder,
    GIT_WORK_TREE: root,
    GIT_OBJECT_DIRECTORY: join(source.commonDir, 'objects'),
    GIT_CONFIG_GLOBAL: devNull,
  };
  return {
    folder,
    call: (args, { index = join(folder, 'index'), objects, ...rest } = {}) => ({
      cwd: root,
      args,
      config: source.settings.files,
      variables: { ...variables, GIT_INDEX_FILE: index, ...(objects && placesOf(objects, source.commonDir)) },
      ...rest,
    }),
  };
}

function placesOf(objects: Objects, commonDir: string): Record<string, string> {
  const own = join(commonDir, 'objects');
  const [first, second] = objects.write ? [objects.folder, own] : [own, objects.folder];
  // Quoted, as a colon parts one place from the next.
  const quoted = `"${second.replaceAll(/["\\]/g, '\\$&')}"`;
  return { GIT_OBJECT_DIRECTORY: first, GIT_ALTERNATE_OBJECT_DIRECTORIES: quoted };
}

/** For one question about a checkout. */
export function withShadow<T>(
  source: ShadowSource & { readonly root: string },
  ask: (shadow: Shadow) => Promise<T>,
): Promise<T> {
  return withTemporaryFolder('git', async (folder) => ask(await makeShadow(source, folder, source.root)));
}
