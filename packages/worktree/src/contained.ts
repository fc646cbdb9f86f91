import { WorktreeError } from './errors.ts';
import { type GitContext, git, runGit } from './git.ts';
import { bareCommit, mergeTrees, withScratch } from './pick.ts';
import type { Repository } from './repository.ts';
import { type Shadow, withShadow } from './shadow.ts';

/** What the user's branches, tags and remotes stand at, and the branches of runs. */
export interface Tips {
  readonly users: readonly string[];
  readonly pawls: ReadonlyMap<string, string>;
}

/** One process. */
export async function readTips(repository: Repository): Promise<Tips> {
  const { commonDir, context, head } = repository;
  const args = [
    'for-each-ref',
    '--format=%(refname) %(objectname) %(*objectname)',
    'refs/heads',
    'refs/remotes',
    'refs/tags',
  ];
  const { stdout } = await git(context, { cwd: commonDir, args, variables: { GIT_DIR: commonDir } });
  const users = [head.commit];
  const pawls = new Map<string, string>();
  for (const line of stdout.split('\n').slice(0, -1)) {
    const [ref = '', id = '', peeled] = line.split(' ');
    if (ref.startsWith('refs/heads/pawl/')) pawls.set(ref.slice('refs/heads/'.length), id);
    else users.push(peeled || id);
  }
  return { users, pawls };
}

/** `squashed`: in other commits than one by one. */
export interface MergedState {
  readonly unmerged: readonly string[];
  /** How all of it came to the user's branches. Undefined: it is not all there. */
  readonly merged?: 'as-is' | 'rebased' | 'squashed';
}

/**
 * The commits of `tip` that are in none of the `users`' and whose changes are not in `target` either: neither one by
 * one (after a rebase) nor all as one (after a squash). One process where all is merged, else up to six.
 */
export function mergedState(
  repository: Repository,
  tip: string,
  users: readonly string[],
  target: string,
): Promise<MergedState> {
  const { context } = repository;
  return withShadow(repository, async (shadow): Promise<MergedState> => {
    const stdin = `${[tip, ...new Set(users)].map((id, index) => (index === 0 ? id : `^${id}`)).join('\n')}\n`;
    // A tag can stand for something that is no commit.
    const list = shadow.call(['rev-list', '--ignore-missing', '--no-merges', '--stdin'], { stdin });
    const all = lines((await git(context, list)).stdout);
    if (all.length === 0) return { unmerged: [], merged: 'as-is' };
    const different = new Set(await differing(context, shadow, target, tip));
    const left = all.filter((commit) => different.has(commit));
    if (left.length === 0) return { unmerged: [], merged: 'rebased' };
    const squashed = await isContained(repository, shadow, tip, target);
    return squashed ? { unmerged: [], merged: 'squashed' } : { unmerged: left };
  });
}

/** Whether all that `tip` changes is in `target`, one by one or in whatever commits. Writes nothing to the repository. */
export async function isContained(
  repository: Repository,
  shadow: Shadow,
  tip: string,
  target: string,
): Promise<boolean> {
  const { context } = repository;
  if ((await differing(context, shadow, target, tip)).length === 0) return true;
  const [base] = lines((await runGit(context, shadow.call(['merge-base', tip, target]))).stdout);
  if (base === undefined) return false;
  const names = [tip, target, base].map((commit) => `${commit}^{tree}`);
  const [theirs = '', ours = '', common = ''] = lines(
    (await git(context, shadow.call(['rev-parse', ...names]))).stdout,
  );
  return withScratch(async (scratch) => {
    const place = { context, repository, shadow, scratch, dry: true };
    // An older git can still compare the changes.
    const merged = await mergeTrees(place, common, ours, theirs).catch(unlessTooOld);
    if (merged && !merged.files && merged.tree === ours) return true;
    const squashed = await bareCommit(repository, scratch, theirs, base);
    return (await differing(context, shadow, target, squashed, scratch)).length === 0;
  });
}

function unlessTooOld(error: unknown): undefined {
  if (!WorktreeError.is(error) || error.code !== 'git-too-old') throw error;
}

async function differing(context: GitContext, shadow: Shadow, target: string, tip: string, scratch?: string) {
  const args = ['rev-list', '--cherry-pick', '--right-only', '--no-merges', `${target}...${tip}`, '--'];
  const objects = scratch === undefined ? {} : { objects: { folder: scratch, write: false } };
  return lines((await git(context, shadow.call(args, objects))).stdout);
}

function lines(stdout: string): string[] {
  return stdout.split('\n').filter(Boolean);
}
