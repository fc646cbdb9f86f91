import { readFile } from 'node:fs/promises';
import { createRequire, findPackageJSON } from 'node:module';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The file that `import name` means in a module of this folder, as a URL; undefined where no such package is installed.
 * Node resolves for a module of its own only, and `require` knows nothing of packages that are for `import` alone.
 */
export async function packageEntry(name: string, folder: string): Promise<URL | undefined> {
  const from = resolve(folder, 'pawl.js');
  const manifest = manifestOf(name, from);
  if (manifest === undefined) return undefined;
  const { exports } = JSON.parse(await readFile(manifest, 'utf8')) as { readonly exports?: unknown };
  if (exports === undefined) return pathToFileURL(createRequire(from).resolve(name));
  const target = targetOf(rootOf(exports));
  if (target === undefined) throw new Error('its package.json exports nothing that can be imported');
  return pathToFileURL(resolve(dirname(manifest), target));
}

function manifestOf(name: string, from: string): string | undefined {
  try {
    return findPackageJSON(name, pathToFileURL(from));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const rootOf = (exports: unknown): unknown => (isTable(exports) && '.' in exports ? exports['.'] : exports);

/** In the order of the table: the first condition that holds for `import`. */
function targetOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (Array.isArray(target)) return target.map(targetOf).find((found) => found !== undefined);
  if (!isTable(target)) return undefined;
  const held = Object.entries(target).filter(([condition]) =>
    ['node', 'import', 'module-sync', 'default'].includes(condition),
  );
  return held.map(([, nested]) => targetOf(nested)).find((found) => found !== undefined);
}
