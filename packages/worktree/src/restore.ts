import { lstat } from 'node:fs/promises';
import { type GitContext, git } from './git.ts';
import type { Shadow } from './shadow.ts';

/** Files and index become those of the commit; what the index knows and the commit does not is removed. */
export async function restore(
  context: GitContext,
  shadow: Shadow,
  commit: string,
  submodules: readonly string[],
): Promise<void> {
  await git(context, shadow.call(['read-tree', '--reset', '-u', commit]));
  await leaveSubmodules(context, shadow, submodules);
}

/** Git would start a process in a submodule that is there, to see whether it is modified: under its configuration. */
export async function leaveSubmodules(
  context: GitContext,
  shadow: Shadow,
  submodules: readonly string[],
): Promise<void> {
  if (submodules.length === 0) return;
  const stdin = submodules.map((path) => `${path}\0`).join('');
  await git(context, shadow.call(['update-index', '--skip-worktree', '-z', '--stdin'], { stdin }));
}

export async function submodulesOf(context: GitContext, shadow: Shadow): Promise<string[]> {
  const { stdout } = await git(context, shadow.call(['ls-files', '-z', '--stage']));
  const links = stdout.split('\0').filter((entry) => entry.startsWith('160000 '));
  return links.map((entry) => entry.slice(entry.indexOf('\t') + 1));
}

/**
 * Ignored files are in no checkpoint. Where the commit has a file in their place they would be overwritten: takes
 * those into the index. Returns the tree that then holds all that `restore` takes away.
 */
export async function saveHidden(
  context: GitContext,
  shadow: Shadow,
  root: string,
  tree: string,
  to: string,
): Promise<string> {
  const args = ['diff-tree', '-r', '-z', '--name-only', '--no-renames', '--diff-filter=A', tree, to, '--'];
  const { stdout } = await git(context, shadow.call(args));
  const hidden = new Set<string>();
  for (const path of stdout.split('\0').slice(0, -1)) {
    const found = await inTheWay(root, path);
    if (found !== undefined) hidden.add(found);
  }
  if (hidden.size === 0) return tree;
  const stdin = [...hidden].map((path) => `${path}\0`).join('');
  const add = ['--literal-pathspecs', 'add', '--force', '--pathspec-from-file=-', '--pathspec-file-nul'];
  await git(context, shadow.call(add, { stdin }));
  return (await git(context, shadow.call(['write-tree']))).stdout.trim();
}

/** The path itself, or the first of its parents that is not a folder. */
export async function inTheWay(root: string, path: string): Promise<string | undefined> {
  const parts = path.split('/');
  for (let count = 1; count <= parts.length; count += 1) {
    const part = parts.slice(0, count).join('/');
    const place = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(part, 'latin1')]);
    const found = await lstat(place).catch(() => undefined);
    if (!found) return undefined;
    if (count === parts.length || !found.isDirectory()) return part;
  }
  return undefined;
}
