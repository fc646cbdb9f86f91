import { createHash } from 'node:crypto';
import { WorktreeError } from './errors.ts';

/** Names become parts of paths and refs: nothing that git or a file system would read otherwise. */
const plain = /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.|lock$|$)){0,63}$/;

export function checkedRun(run: string): string {
  if (plain.test(run)) return run;
  const shown = JSON.stringify(run.slice(0, 80));
  throw new WorktreeError('bad-name', `${shown} cannot name a run: use letters, digits, "-" and "_", at most 64.`);
}

/** The name itself where it is plain, else a readable part of it with its digest. */
export function safeName(name: string): string {
  return plain.test(name) ? name : `${slug(name)}-${digest(name)}`;
}

/**
 * Of a lane, whose name may be any text. Only names that no other one can come to, also where letters' case does not
 * count and beside the folders and digests that we add, are taken as they are.
 */
export function laneName(name: string): string {
  const own = /^[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9_])?$/.test(name) && !/-[0-9a-f]{12}$/.test(name);
  return own ? name : `${slug(name).toLowerCase()}-${digest(name)}`;
}

export function slug(name: string): string {
  const words = name.normalize('NFKD').replace(/[^A-Za-z0-9_-]+/g, '-');
  return (
    words
      .replace(/^-+|-+$/g, '')
      .slice(0, 40)
      .replace(/-+$/, '') || 'x'
  );
}

export function digest(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:${part}`);
  return hash.digest('hex').slice(0, 12);
}

export function checkedCommit(commit: string): string {
  if (/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/.test(commit)) return commit;
  throw new WorktreeError('unknown-commit', `${JSON.stringify(commit.slice(0, 80))} is not a full commit id.`);
}
