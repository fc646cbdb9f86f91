import { outstanding, type RunState } from '@pawl/core';
import { diffBetween, openRepository, type Repository, snapshotCheckout } from '@pawl/worktree';

/** What the newest attempt of a step changed, as it was recorded. Empty where nothing was. */
export async function stepDiff(repository: Repository, state: RunState, path: string): Promise<string> {
  const step = stepOf(state, path);
  if (!step?.checkpoint || step.checkpoint.files.length === 0) return '';
  return (await diffBetween(repository, step.before, step.checkpoint.commit)).diff;
}

/**
 * What a step of a run that another process has in hand has changed so far: of one at work the files as they are now, which
 * are recorded as a checkpoint, so that what is shown is never lost.
 */
export async function stepDiffNow(repository: Repository, state: RunState, path: string): Promise<string> {
  const step = stepOf(state, path);
  const worktree = step && state.lanes[step.lane]?.path;
  const atWork = outstanding(state).some((effect) => effect.type === 'run-agent' && effect.step === path);
  if (worktree === undefined || !atWork) return stepDiff(repository, state, path);
  const lane = await openRepository(worktree, repository.context);
  const now = await snapshotCheckout(lane, state.run, `step ${path}, as somebody saw it`);
  return (await diffBetween(repository, step?.before ?? now.base, now.commit)).diff;
}

const stepOf = ({ steps }: RunState, path: string) => (Object.hasOwn(steps, path) ? steps[path] : undefined);
