import { WorktreeError } from './errors.ts';
import { type GitCall, type GitContext, git, readable } from './git.ts';

export interface FileChange {
  readonly path: string;
  readonly change: 'added' | 'modified' | 'deleted';
  /** Undefined for a binary file. */
  readonly insertions?: number;
  readonly deletions?: number;
}

export interface Diff {
  /** Sorted by path as git sorts. A file that was renamed is one deleted and one added. */
  readonly files: readonly FileChange[];
  readonly insertions: number;
  readonly deletions: number;
  /** Unified patch; where it was longer than `maxDiffBytes` its last line says so. */
  readonly diff: string;
}

export interface RawChange {
  /** Bytes as `latin1`. */
  readonly path: string;
  readonly oldMode: string;
  readonly newMode: string;
  readonly oldId: string;
}

export const defaultMaxDiffBytes = 2 * 1024 * 1024;
/** For names and counts, which come before the patch. */
const maxHeadBytes = 32 * 1024 * 1024;

const options = [
  '--raw',
  '--numstat',
  '-p',
  '-z',
  '--no-abbrev',
  '--no-renames',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
];

/** One process: names, counts and patch between two commits or trees. */
export async function runDiff(
  context: GitContext,
  call: (args: readonly string[], maxBytes: number) => GitCall,
  range: { readonly from: string; readonly to: string; readonly maxDiffBytes: number },
): Promise<Diff & { readonly raw: readonly RawChange[] }> {
  const args = ['diff-tree', '-r', ...options, '--end-of-options', range.from, range.to, '--'];
  const result = await git(context, call(args, maxHeadBytes + range.maxDiffBytes));
  return parseDiff(result.stdout, result.cut, range.maxDiffBytes);
}

/** The three parts stand one after the other, each with NUL behind every record, and a NUL before the patch. */
export function parseDiff(
  text: string,
  cut: boolean,
  maxDiffBytes: number,
): Diff & { readonly raw: readonly RawChange[] } {
  let at = 0;
  const field = (): string => {
    const end = text.indexOf('\0', at);
    if (end === -1) {
      throw new WorktreeError('too-many-changes', 'Too many files changed: does .gitignore name what tools produce?');
    }
    const value = text.slice(at, end);
    at = end + 1;
    return value;
  };
  const raw: RawChange[] = [];
  while (text[at] === ':') {
    const [oldMode = '', newMode = '', oldId = ''] = field().slice(1).split(' ');
    raw.push({ oldMode, newMode, oldId, path: field() });
  }
  const files = raw.map(({ path, oldMode, newMode }): FileChange => {
    const [insertions, deletions] = field().split('\t', 2).map(Number);
    const change = Number(oldMode) === 0 ? 'added' : Number(newMode) === 0 ? 'deleted' : 'modified';
    const counts = Number.isInteger(insertions) ? { insertions: insertions ?? 0, deletions: deletions ?? 0 } : {};
    return { path: readable(path), change, ...counts };
  });
  if (text[at] === '\0') at += 1;
  return {
    raw,
    files,
    insertions: files.reduce((sum, file) => sum + (file.insertions ?? 0), 0),
    deletions: files.reduce((sum, file) => sum + (file.deletions ?? 0), 0),
    diff: capped(text.slice(at), cut, maxDiffBytes),
  };
}

function capped(patch: string, cut: boolean, maxDiffBytes: number): string {
  if (patch.length <= maxDiffBytes && !cut) return readable(patch);
  // At a line end, so that no character is cut.
  const head = patch.slice(0, patch.lastIndexOf('\n', Math.max(0, maxDiffBytes - 1)) + 1);
  const left = cut ? 'more' : `${patch.length - head.length} bytes`;
  return `${readable(head)}[... diff cut here, ${left} left out ...]\n`;
}

/** The first part alone. */
export function readRaw(text: string): RawChange[] {
  const fields = text.split('\0').slice(0, -1);
  return fields.flatMap((field, index) => {
    const [oldMode = '', newMode = '', oldId = ''] = field.slice(1).split(' ');
    return index % 2 === 0 ? [{ oldMode, newMode, oldId, path: fields[index + 1] ?? '' }] : [];
  });
}
