import type { RunState } from '@pawl/core';
import { diffBetween, type Repository } from '@pawl/worktree';

/** What the newest attempt of a step changed, as it was recorded. Empty where nothing was. */
export async function stepDiff(repository: Repository, state: RunState, path: string): Promise<string> {
  const step = Object.hasOwn(state.steps, path) ? state.steps[path] : undefined;
  if (!step?.checkpoint || step.checkpoint.files.length === 0) return '';
  return (await diffBetween(repository, step.before, step.checkpoint.commit)).diff;
}
