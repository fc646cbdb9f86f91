import { git, readable } from './git.ts';
import type { Repository } from './repository.ts';

/** The branches of the user, the newest first: not those that pawl made for its runs. One process. */
export async function listBranches({ commonDir, context }: Repository): Promise<readonly string[]> {
  const args = ['for-each-ref', '--sort=-committerdate', '--format=%(refname:lstrip=2)', 'refs/heads'];
  const { stdout } = await git(context, { cwd: commonDir, args, variables: { GIT_DIR: commonDir } });
  return readable(stdout)
    .split('\n')
    .filter((name) => name !== '' && !name.startsWith('pawl/'));
}
