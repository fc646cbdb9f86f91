import { type Checkpoint, type Effect, type StepState, stepAt } from '@pawl/core';
import type { Surroundings } from './perform.ts';
import type { Lane } from './ports.ts';
import { refuseTampering } from './tampering.ts';

type CheckpointEffect = Effect & { readonly type: 'checkpoint' };

/** Records the files, and tells the catalogue where the conversation of the step stood then. */
export async function checkpoint(
  effect: CheckpointEffect,
  lane: Lane,
  surroundings: Surroundings,
): Promise<Checkpoint> {
  const { state, ports } = surroundings;
  const name = effect.id;
  const made = await lane.checkpoint({ name, since: effect.since, message: `pawl checkpoint ${name}` });
  const { commit, tree, files, insertions, deletions } = made;
  // Behind the checkpoint: the work is safe.
  await refuseTampering(lane, effect, state);
  const step = stepAt(state, effect.step);
  if (step && !effect.baseline) await tell(effect, { commit, tree, worktree: lane.path }, step, surroundings);
  return { commit, tree, files, insertions, deletions, diff: await ports.files.keep(state.run, made.diff) };
}

async function tell(
  effect: CheckpointEffect,
  made: { readonly commit: string; readonly tree: string; readonly worktree: string },
  { session, attempt, report }: StepState,
  { state, ports }: Surroundings,
): Promise<void> {
  // One that another attempt told has stood elsewhere since.
  if (session?.attempt !== attempt) return;
  const messageId = report?.session?.id === session.ref.id ? report.messageId : undefined;
  await ports.checkpointed?.({
    ...made,
    ref: session.ref,
    at: ports.now(),
    ...(messageId !== undefined && { messageId }),
    base: effect.since,
    repository: state.plan.base.repository,
    run: state.run,
    lane: effect.lane,
    key: `${state.run}/${effect.id}`,
  });
}
