import type { Effect, Outcome } from '@pawl/core';
import { describe } from './errors.ts';
import { fileName } from './files/names.ts';
import type { Surroundings } from './perform.ts';
import type { Lane } from './ports.ts';
import { runTeardown } from './setup.ts';

/** A lane that passed comes onto the one it branched off, and is done with: its commits stand there now. */
export async function mergeLane(
  effect: Effect & { readonly type: 'merge' },
  lane: Lane,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { state, ports } = surroundings;
  const { from, base, head, onto, resolution } = effect;
  const merged = await lane.merge({ from: head, base, head: onto, ...(resolution !== undefined && { resolution }) });
  if ('conflict' in merged) return { kind: 'conflicted', files: merged.conflict.files };
  try {
    const other = await ports.worktrees.open({ run: state.run, name: from, base });
    await runTeardown(effect, other, surroundings);
    await other.remove({ branch: 'drop' });
  } catch (error) {
    // It is merged all the same. A worktree that is still there is found and taken away by whoever cleans up.
    await ports.files.write(state.run, fileName(`${effect.id}/left`, 'log'), `${describe(error).message}\n`);
  }
  return { kind: 'merged', commit: merged.commit };
}
