import { commitMessage, writeCommit } from './commit-object.ts';
import { git, runGit } from './git.ts';
import { checkedCommit, checkedRun, digest, slug } from './names.ts';
import type { Repository } from './repository.ts';
import { pawl } from './settings.ts';

export interface Keeping {
  readonly repository: Repository;
  /** Whose it is, as a run's name: `refs/pawl/<name>/`. */
  readonly name: string;
  /** What it is called in the list of checkpoints. */
  readonly checkpoint: string;
  readonly message: string;
  readonly tree: string;
  readonly parent: string;
}

/** A commit of these files that a ref keeps, like any checkpoint. One git process. */
export async function keepTree({ repository, name, checkpoint, message, tree, parent }: Keeping): Promise<string> {
  const { commonDir, context } = repository;
  const run = checkedRun(name);
  const trailers = { 'Pawl-Run': run, 'Pawl-Checkpoint': checkpoint };
  const object = { tree, parent, author: pawl, message: commitMessage({ subject: message, trailers }) };
  const commit = await writeCommit(repository, object, new Date());
  const ref = `refs/pawl/${run}/${slug(checkpoint)}-${digest(checkpoint, tree, parent)}`;
  const args = ['update-ref', '--no-deref', '--stdin'];
  await git(context, { cwd: commonDir, args, variables: { GIT_DIR: commonDir }, stdin: `update ${ref} ${commit}\n` });
  return commit;
}

/** Whether the repository has that commit. */
export async function hasCommit({ commonDir, context }: Repository, commit: string): Promise<boolean> {
  const args = ['cat-file', '-e', `${checkedCommit(commit)}^{commit}`];
  return (await runGit(context, { cwd: commonDir, args, variables: { GIT_DIR: commonDir } })).code === 0;
}
