import type { ReadBundle } from '@pawl/agent';
import { checkoutAt, forkLane, hasCommit, keepTree, type Lane, type Repository, readTreeBundle } from '@pawl/worktree';
import type { Context } from '../context.ts';
import { CliError } from '../exit.ts';

/** Where an imported session goes on, and where its files are. */
export interface BroughtFiles {
  readonly cwd: string;
  readonly repository?: Repository;
  /** A worktree of its own with the files. */
  readonly lane?: Lane;
  readonly commit?: string;
  readonly tree?: string;
  readonly base?: string;
}

/**
 * In a repository, and with no folder named: a worktree of its own. In a folder that was named nothing is changed; its
 * repository keeps the files as a checkpoint.
 */
export async function bringFiles(
  context: Context,
  { manifest, fileOf }: ReadBundle,
  folder: string | undefined,
  name: string,
): Promise<BroughtFiles> {
  const { env, places } = context;
  const repository = await checkoutAt(folder ?? context.cwd, { env });
  const cwd = folder ?? context.cwd;
  const { checkpoint } = manifest;
  if (!repository || !checkpoint) return { cwd, ...(repository && { repository }) };
  const tree = await readTreeBundle(repository, fileOf('checkpoint.bundle'));
  if (tree !== checkpoint.tree)
    throw new CliError(
      'usage',
      'bad-bundle',
      'the files in the bundle are not those that its manifest names',
      'export it again',
    );
  // A clone that has the commit its branch stood at shows the same changes.
  const known = checkpoint.base !== undefined && (await hasCommit(repository, checkpoint.base));
  const parent = (known ? checkpoint.base : undefined) ?? repository.head.commit;
  const message = `files of session ${manifest.session.id}`;
  const commit = await keepTree({ repository, name, checkpoint: 'imported', message, tree, parent });
  const brought = { repository, commit, tree, base: parent };
  if (folder !== undefined) return { cwd, ...brought };
  const lane = await forkLane({
    repository,
    run: name,
    lane: 'main',
    folder: places.worktrees,
    at: commit,
    base: parent,
  });
  return { cwd: lane.path, lane, ...brought };
}
