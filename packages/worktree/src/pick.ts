import { join } from 'node:path';
import { withTemporaryFolder } from '@pawl/process';
import { writeCommitBody } from './commit-object.ts';
import { WorktreeError } from './errors.ts';
import { type GitContext, gitFailed, readable, runGit } from './git.ts';
import type { RawCommit } from './raw-commit.ts';
import type { Repository } from './repository.ts';
import type { Shadow } from './shadow.ts';

export interface Conflict {
  /** Relative to the root. */
  readonly files: readonly string[];
  /** The commit that could not be brought in. */
  readonly commit: string;
}

export interface Position {
  readonly commit: string;
  readonly tree: string;
}

export type Picked = (Position & { readonly commits: readonly string[] }) | { readonly conflict: Conflict };

export interface PickRequest {
  readonly context: GitContext;
  readonly repository: Repository;
  readonly shadow: Shadow;
  readonly onto: Position;
  /** What the first commit was made on. */
  readonly base: Position;
  /** Each made on the one before it. */
  readonly commits: readonly RawCommit[];
  /** A tree in which the conflicts are resolved: the first commit that conflicts has its files, and so have those after it. */
  readonly resolution?: string;
  /** New objects go to a folder that is thrown away: to see what would happen. */
  readonly dry?: boolean;
}

/**
 * The same commits on another one: a three-way merge each, with authors, times and messages kept. No name and no file
 * is touched. The same request gives the same commits, also after a crash.
 */
export async function pickOnto(request: PickRequest): Promise<Picked> {
  const { repository, commits, resolution, dry = false } = request;
  return withScratch(async (scratch) => {
    const written = dry ? scratch : join(repository.commonDir, 'objects');
    const made: string[] = [];
    let parent = request.base.tree;
    let at = request.onto;
    let resolved = false;
    for (const commit of commits) {
      const merged = await mergeTrees({ ...request, scratch, dry }, parent, at.tree, commit.tree);
      if (merged.files && resolution === undefined) return { conflict: { files: merged.files, commit: commit.id } };
      resolved ||= merged.files !== undefined || commit === commits.at(-1);
      const tree = resolved && resolution !== undefined ? resolution : merged.tree;
      const body = Buffer.from(commit.moved(tree, at.commit), 'latin1');
      at = { tree, commit: await writeCommitBody(repository.objectFormat, written, body) };
      made.push(at.commit);
      parent = commit.tree;
    }
    return { ...at, commits: made };
  });
}

export interface MergePlace {
  readonly context: GitContext;
  readonly repository: Repository;
  readonly shadow: Shadow;
  readonly scratch: string;
  readonly dry: boolean;
}

/** `files`: those in conflict. */
export async function mergeTrees(
  place: MergePlace,
  base: string,
  ours: string,
  theirs: string,
): Promise<{ readonly tree: string; readonly files?: readonly string[] }> {
  if (base === ours || ours === theirs) return { tree: theirs };
  if (base === theirs) return { tree: ours };
  const { context, repository, shadow, scratch, dry } = place;
  // Git finds the base of two commits by itself: these have no history but the one that is meant.
  const root = await bareCommit(repository, scratch, base);
  const [one, two] = [
    await bareCommit(repository, scratch, ours, root),
    await bareCommit(repository, scratch, theirs, root),
  ];
  const args = ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', one, two];
  const plain = shadow.call(args, { objects: { folder: scratch, write: dry } });
  // A new file stays where its step has put it, also when another lane has renamed the folder.
  const call = { ...plain, config: { ...plain.config, 'merge.directoryRenames': 'false' } };
  const result = await runGit(context, call);
  const [tree = '', ...files] = result.stdout.split('\0').slice(0, -1);
  if (result.code === 0 && tree) return { tree };
  if (result.code === 1 && tree) return { tree, files: files.filter(Boolean).map(readable) };
  if (result.code === 129) {
    throw new WorktreeError('git-too-old', 'This git cannot merge without a checkout: install git 2.38 or newer.');
  }
  throw gitFailed(call, result);
}

/** The same for the same arguments, and of no use but to be compared. */
export function bareCommit(repository: Repository, objects: string, tree: string, parent?: string): Promise<string> {
  const who = 'pawl <pawl@localhost> 0 +0000';
  const lines = [`tree ${tree}`, ...(parent ? [`parent ${parent}`] : []), `author ${who}`, `committer ${who}`];
  return writeCommitBody(repository.objectFormat, objects, Buffer.from(`${lines.join('\n')}\n\n`), 'for now');
}

export function withScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  return withTemporaryFolder('objects', work);
}
