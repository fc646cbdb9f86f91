import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { diffBetween } from './diff-between.ts';
import { WorktreeError } from './errors.ts';
import { changesOf, type Repository } from './repository.ts';
import { inTheWay } from './restore.ts';

const unfinished = {
  MERGE_HEAD: 'merge',
  CHERRY_PICK_HEAD: 'cherry-pick',
  REVERT_HEAD: 'revert',
  'rebase-merge': 'rebase',
  'rebase-apply': 'rebase',
};

/** The branch that will move. */
export async function checkState(repository: Repository): Promise<string> {
  for (const [name, what] of Object.entries(unfinished)) {
    if (!(await stat(join(repository.gitDir, name)).catch(() => undefined))) continue;
    throw new WorktreeError(
      'merge-in-progress',
      `A ${what} is in progress: finish it or run git ${what} --abort first.`,
    );
  }
  const { branch } = repository.head;
  if (branch !== undefined) return branch;
  throw new WorktreeError('detached-head', 'No branch is checked out (detached HEAD): git switch <branch> first.');
}

/** No file that the run changes may be changed here, nor stand in the way of one that it adds. */
export async function checkClean(
  repository: Repository,
  range: { readonly from: string; readonly to: string; readonly forward: boolean },
): Promise<void> {
  const { files } = await diffBetween(repository, range.from, range.to, { maxDiffBytes: 0 });
  const changes = await changesOf(repository);
  const touched = new Set(files.map((file) => file.path));
  const both = new Set(changes.map((change) => change.path).filter((path) => touched.has(path)));
  const { files: fromHead } = await diffBetween(repository, repository.head.commit, range.to, { maxDiffBytes: 0 });
  const gone = new Set(fromHead.filter((file) => file.change === 'deleted').map((file) => file.path));
  // Git overwrites ignored files without a word.
  for (const { path, change } of fromHead) {
    if (change !== 'added') continue;
    const found = await inTheWay(repository.root, Buffer.from(path).toString('latin1'));
    if (found !== undefined && !gone.has(found)) both.add(Buffer.from(found, 'latin1').toString());
  }
  if (both.size > 0) {
    const list = [...both].slice(0, 10).join(', ');
    const next = 'commit, stash or move them, then apply again';
    throw new WorktreeError('local-changes', `The run changes files that you have changed too: ${list}. ${next}`, {
      files: [...both],
    });
  }
  const staged = changes.filter((change) => change.staged).map((change) => change.path);
  if (range.forward || staged.length === 0) return;
  const next = 'commit them or git restore --staged them, then apply again';
  throw new WorktreeError(
    'local-changes',
    `A merge commit is needed, and these are staged: ${staged.join(', ')}. ${next}`,
    {
      files: staged,
    },
  );
}
