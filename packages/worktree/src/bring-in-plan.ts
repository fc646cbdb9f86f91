import { lstat, readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { dirname, join, normalize, posix, resolve, sep } from 'node:path';
import { WorktreeError } from './errors.ts';

export interface BringInEntry {
  /** Relative to the root, with `/`: a file, or a folder with all that is in it. */
  readonly path: string;
  /**
   * `link`: a link into the user's checkout, so what is written there is written to both. `template`: text in which
   * `{{name}}` is replaced by the value of that name, once.
   */
  readonly how: 'copy' | 'link' | 'template';
  /** Where it comes from in the user's checkout, when that is another path. */
  readonly from?: string;
}

export interface Left {
  readonly path: string;
  /** `in-the-way`: one of its folders is a file or a link there. `special`: a socket, a pipe or a device. */
  readonly why: 'missing' | 'exists' | 'tracked' | 'leads-out' | 'in-the-way' | 'special';
}

/** One file or link to make. */
export interface Planned {
  readonly path: string;
  readonly source: string;
  readonly mode: number;
  readonly link?: string;
  readonly text?: string;
}

const maxTemplateBytes = 1024 * 1024;

export async function planEntry(
  root: string,
  entry: BringInEntry,
  values: Readonly<Record<string, string>>,
  left: Left[],
): Promise<Planned[]> {
  const path = checkedPath(entry.path);
  const source = join(root, checkedPath(entry.from ?? entry.path));
  const why = await whyNot(root, source, entry.how === 'link');
  if (why) {
    left.push({ path, why });
    return [];
  }
  if (entry.how === 'link') return [{ path, source, mode: 0, link: source }];
  if (entry.how === 'copy') return copies(root, source, path, left);
  const found = await lstat(source);
  if (!found.isFile() || found.size > maxTemplateBytes) {
    throw new WorktreeError('bad-entry', `${path}: a template is one file of at most 1 MiB.`);
  }
  return [{ path, source, mode: found.mode, text: filled(path, await readFile(source, 'utf8'), values) }];
}

function filled(path: string, text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{\s*([A-Za-z0-9_.-]+)\s*\}\}/g, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value !== undefined) return value;
    const known = Object.keys(values).join(', ') || 'none';
    throw new WorktreeError('bad-entry', `${path}: the template asks for {{${name}}}; known names: ${known}.`);
  });
}

async function copies(root: string, source: string, path: string, left: Left[]): Promise<Planned[]> {
  const found = await lstat(source).catch(() => undefined);
  if (!found) {
    left.push({ path, why: 'missing' });
    return [];
  }
  if (found.isFile()) return [{ path, source, mode: found.mode }];
  if (found.isSymbolicLink()) {
    const target = await readlink(source);
    // Copied as it is: it then leads to the lane's own file.
    if (!target.startsWith('/') && isBelow(root, resolve(dirname(source), target))) {
      return [{ path, source, mode: 0, link: target }];
    }
    left.push({ path, why: 'leads-out' });
    return [];
  }
  if (!found.isDirectory()) {
    left.push({ path, why: 'special' });
    return [];
  }
  const planned: Planned[] = [];
  for (const name of (await readdir(source)).sort()) {
    if (name.toLowerCase() === '.git') continue;
    for (const item of await copies(root, join(source, name), posix.join(path, name), left)) planned.push(item);
  }
  return planned;
}

/** No part of the way may be a link; what is linked to must lie in the checkout at its end. */
async function whyNot(root: string, source: string, wholly: boolean): Promise<Left['why'] | undefined> {
  const folder = await realpath(dirname(source)).catch(() => undefined);
  if (folder === undefined) return 'missing';
  if (folder !== dirname(source)) return 'leads-out';
  const found = await lstat(source).catch(() => undefined);
  if (!found) return 'missing';
  if (!wholly) return undefined;
  const real = await realpath(source).catch(() => '');
  return isBelow(root, real) ? undefined : 'leads-out';
}

function isBelow(root: string, path: string): boolean {
  if (!path.startsWith(root + sep)) return false;
  return !path
    .slice(root.length + 1)
    .split(sep)
    .some(isGit);
}

function checkedPath(path: string): string {
  const plain = normalize(path).replace(/\/+$/, '');
  const parts = plain.split('/');
  const bad = !plain || plain === '.' || plain.startsWith('/') || path.includes('\0') || parts.includes('..');
  if (!bad && !parts.some(isGit)) return plain;
  const shown = JSON.stringify(path.slice(0, 80));
  throw new WorktreeError('bad-entry', `${shown} is not a path in the repository: write it relative to its root.`);
}

function isGit(part: string): boolean {
  return part.toLowerCase() === '.git';
}
