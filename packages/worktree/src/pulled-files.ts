import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { RawChange } from './diff.ts';
import { type GitContext, git } from './git.ts';
import type { Shadow } from './shadow.ts';

/** A pointer of Git LFS is smaller than this. */
const most = 1024;
const form = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n(?:ext-.*\n)*oid sha256:([0-9a-f]{64})\nsize (\d+)\n$/;
const plain = /^100/;

/**
 * Of these changes, the files that hold what their pointer of Git LFS stands for: `git lfs pull` has put it there, and
 * the commit keeps the pointer. Asks nothing where the repository has never seen Git LFS.
 */
export async function pulledFiles(
  { context, commonDir }: { readonly context: GitContext; readonly commonDir: string },
  shadow: Shadow,
  root: string,
  changes: readonly RawChange[],
): Promise<ReadonlySet<RawChange>> {
  const pulled = new Set<RawChange>();
  const files = changes.filter(({ oldMode, newMode }) => plain.test(oldMode) && plain.test(newMode));
  if (files.length === 0 || !(await lstat(join(commonDir, 'lfs')).catch(() => undefined))) return pulled;
  const pointers = await pointersOf(context, shadow, [...new Set(files.map(({ oldId }) => oldId))]);
  for (const change of files) {
    const pointer = pointers.get(change.oldId);
    const path = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(change.path, 'latin1')]);
    const found = pointer && (await lstat(path).catch(() => undefined));
    if (!found?.isFile() || found.size !== pointer?.size) continue;
    if ((await digestOf(path).catch(() => undefined)) === pointer.oid) pulled.add(change);
  }
  return pulled;
}

interface Pointer {
  readonly oid: string;
  readonly size: number;
}

async function pointersOf(context: GitContext, shadow: Shadow, ids: readonly string[]): Promise<Map<string, Pointer>> {
  const ask = (args: readonly string[], of: readonly string[]) =>
    git(context, shadow.call(args, { stdin: of.map((id) => `${id}\n`).join('') }));
  const { stdout } = await ask(['cat-file', '--batch-check=%(objectname) %(objectsize)'], ids);
  const small = stdout.split('\n').flatMap((line) => {
    const [id = '', size] = line.split(' ');
    return id !== '' && Number(size) < most ? [id] : [];
  });
  const pointers = new Map<string, Pointer>();
  if (small.length === 0) return pointers;
  const { stdout: contents } = await ask(['cat-file', '--batch'], small);
  for (let at = 0; at < contents.length; ) {
    const end = contents.indexOf('\n', at);
    const [id = '', , size] = contents.slice(at, end).split(' ');
    const text = contents.slice(end + 1, end + 1 + Number(size));
    const [, oid = '', bytes] = form.exec(text) ?? [];
    if (oid !== '') pointers.set(id, { oid, size: Number(bytes) });
    at = end + text.length + 2;
  }
  return pointers;
}

async function digestOf(path: Buffer): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
