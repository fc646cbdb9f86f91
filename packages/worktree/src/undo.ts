import { WorktreeError } from './errors.ts';
import { gitFailed, runGit } from './git.ts';
import type { Lane } from './lane.ts';
import { unknownCommit } from './lane-refs.ts';
import { checkedCommit } from './names.ts';
import type { Repository } from './repository.ts';

export interface UndoOptions {
  readonly repository: Repository;
  /** The commit of a checkpoint. */
  readonly checkpoint: string;
  /** Where its files come back: into this lane's worktree, or as a new branch of the user. */
  readonly into: Lane | { readonly branch: string };
}

export type Undone =
  /** `before` holds what was there: an undo of it takes this one back. */
  | { readonly kind: 'lane'; readonly path: string; readonly before: string }
  | { readonly kind: 'branch'; readonly branch: string; readonly commit: string };

/** Brings back what a checkpoint holds. The user's checkout is never touched. */
export async function undo({ repository, checkpoint, into }: UndoOptions): Promise<Undone> {
  const commit = checkedCommit(checkpoint);
  if ('undo' in into) return { kind: 'lane', path: into.path, before: await into.undo(commit) };
  const branch = await checkedBranch(repository, into.branch);
  await createBranch(repository, branch, commit);
  return { kind: 'branch', branch, commit };
}

/** A name that git takes for a branch, and that is no name of ours. */
export async function checkedBranch(repository: Repository, branch: string): Promise<string> {
  const { commonDir, context } = repository;
  const odd = branch.startsWith('-') || /[\0\n]/.test(branch) || branch === 'HEAD' || /^pawl\//i.test(branch);
  const call = { cwd: commonDir, args: ['check-ref-format', `refs/heads/${branch}`] };
  if (!odd && (await runGit(context, call)).code === 0) return branch;
  const shown = JSON.stringify(branch.slice(0, 80));
  throw new WorktreeError('bad-branch', `${shown} cannot be a branch here: take another name, not one of pawl/.`);
}

/** As it is when it is there and stands at this very commit. */
async function createBranch(repository: Repository, branch: string, commit: string): Promise<void> {
  const { commonDir, context } = repository;
  const known = { cwd: commonDir, args: ['cat-file', '-e', `${commit}^{commit}`], variables: { GIT_DIR: commonDir } };
  if ((await runGit(context, known)).code !== 0) throw unknownCommit(commit);
  const ref = Buffer.from(`refs/heads/${branch}`).toString('latin1');
  const variables = { GIT_DIR: commonDir };
  const create = { cwd: commonDir, args: ['update-ref', '--no-deref', '--stdin'], variables };
  const result = await runGit(context, { ...create, stdin: `create ${ref} ${commit}\n` });
  if (result.code === 0) return;
  const args = ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`];
  const found = await runGit(context, { cwd: commonDir, args, variables });
  if (found.stdout.trim() === commit) return;
  if (found.code === 0) {
    throw new WorktreeError('branch-exists', `There is a branch ${branch} at another commit: name a new one.`);
  }
  throw gitFailed(create, result);
}
