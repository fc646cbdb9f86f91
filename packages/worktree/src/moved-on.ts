import { runGit } from './git.ts';
import type { Repository } from './repository.ts';

/**
 * How many commits a branch has that a commit, a run's base, does not know: how stale the base is. One git process.
 * Undefined: one of the two is not there any more.
 */
export async function movedOn(repository: Repository, base: string, branch: string): Promise<number | undefined> {
  return commitsBetween(repository, base, `refs/heads/${branch}`);
}

/** Those that `to` reaches and `from` does not. */
export async function commitsBetween(
  { context, commonDir }: Repository,
  from: string,
  to: string,
): Promise<number | undefined> {
  const args = ['rev-list', '--count', '--end-of-options', `${from}..${to}`, '--'];
  const result = await runGit(context, { cwd: commonDir, args, variables: { GIT_DIR: commonDir } });
  return result.code === 0 ? Number(result.stdout.trim()) : undefined;
}
