import { type Draft, emit, request } from '../draft.ts';
import type { Effect, Outcome, StepPath } from '../effects.ts';
import { effectFailure } from '../failure.ts';
import { bodyFrames, conflictFrame, resolverOf, rootFrame } from '../frames.ts';
import { frameAt, plannedAt, stepAt } from '../lookup.ts';
import type { Frame, RunState } from '../state.ts';
import { conflictOf, laneFailed } from './conflict.ts';
import { startFrame } from './frame.ts';
import type { Following } from './next.ts';

/** The run's own worktree: its steps begin, or go on. A lane's: its frame does. */
export function worktreeOpened(draft: Draft, { lane, step }: Effect): Following {
  if (step === '') {
    if (!frameAt(draft.state, rootFrame))
      startFrame(draft, { frame: rootFrame, step, purpose: 'body', index: 0, lane });
    return { do: 'frame', frame: rootFrame };
  }
  const frame = frameIn(draft.state, step, lane);
  return frame && { do: 'frame', frame: frame.id };
}

/** Both lanes stay as they are: the conflict goes to whoever resolves it, or the lane has failed. */
export function conflicted(
  draft: Draft,
  effect: Effect & { readonly type: 'merge' },
  files: readonly string[],
): Following {
  const frame = bodyFrames(draft.state, effect.step).find(({ lane }) => lane === effect.from);
  const step = stepAt(draft.state, effect.step);
  const planned = step && plannedAt(draft.state.plan, step.address);
  if (!frame || !planned) return undefined;
  if (!resolverOf(planned, frame.index) || effect.resolution !== undefined) {
    const message = conflictOf(frame, files);
    return laneFailed(draft, frame, { reason: 'conflict', message, text: message, final: true });
  }
  const { base, head, onto } = effect;
  const again = frame.generation > step.generation ? `.${frame.generation}` : '';
  const name = `stage-conflict:${frame.index}${again}`;
  request(draft, { ...step, lane: frame.lane }, { type: 'stage-conflict', base, head, onto }, name);
  return undefined;
}

/** What was merged before stands in the lane's worktree, with marks: it is resolved there. */
export function conflictStaged(
  draft: Draft,
  effect: Effect & { readonly type: 'stage-conflict' },
  files: readonly string[],
): Following {
  const body = bodyFrames(draft.state, effect.step).find(({ lane }) => lane === effect.lane);
  const planned = plannedAt(draft.state.plan, stepAt(draft.state, effect.step)?.address ?? '');
  if (!body || !planned) return undefined;
  const { owner, index, task, lane } = body;
  const name = planned.kind === 'group' ? planned.steps[index]?.name : undefined;
  const frame = conflictFrame(owner, index);
  startFrame(draft, {
    frame,
    step: owner,
    purpose: 'conflict',
    index,
    lane,
    conflict: { onto: effect.onto, files },
    ...(task !== undefined && { task }),
    ...(name !== undefined && { name }),
  });
  return { do: 'frame', frame };
}

/** An effect could not be carried out. */
export function effectFailed(draft: Draft, effect: Effect, outcome: Outcome): Following {
  const step = stepAt(draft.state, effect.step);
  const found = effectFailure(outcome);
  if (!step) {
    emit(draft, { type: 'run-ended', end: 'failed', failure: { step: '', message: found.message } });
    return undefined;
  }
  // Its gates end together; a worktree that is still there is taken away by whoever cleans up.
  if (effect.type === 'run-gate' || effect.type === 'close-worktree') return { do: 'gates', step: step.path };
  const frame = frameOf(draft, effect);
  if (frame?.purpose === 'gate') return { do: 'frame-failed', frame: frame.id, failure: found };
  if (frame) {
    emit(draft, { type: 'frame-ended', step: step.path, frame: frame.id, end: 'failed', failure: found });
    return { do: 'body', step: step.path };
  }
  // What went wrong first is the reason; that it could not be recorded either comes on top.
  const message = step.failure ? `${step.failure.message}; ${found.message}` : found.message;
  const failure = { ...found, message, text: message };
  // Before `advance` the attempt has ended: it passed.
  return effect.type === 'advance'
    ? { do: 'fail-step', step: step.path, failure }
    : { do: 'fail-attempt', step: step.path, failure };
}

/** The frame that an effect on its lane serves: only it has failed. */
function frameOf(draft: Draft, effect: Effect): Frame | undefined {
  const ownLane = effect.type === 'open-worktree' || effect.type === 'stage-conflict';
  const lane = effect.type === 'merge' ? effect.from : ownLane ? effect.lane : undefined;
  return lane === undefined ? undefined : frameIn(draft.state, effect.step, lane);
}

const frameIn = (state: RunState, owner: StepPath, lane: string): Frame | undefined =>
  Object.values(state.frames).find(
    (frame) => frame.owner === owner && frame.lane === lane && (frame.purpose === 'body' || frame.purpose === 'gate'),
  );
