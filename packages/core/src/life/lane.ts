import { type Draft, emit } from '../draft.ts';
import type { Effect, Outcome } from '../effects.ts';
import { effectFailure } from '../failure.ts';
import { bodyFrames, rootFrame } from '../frames.ts';
import { frameAt, stepAt } from '../lookup.ts';
import { startFrame } from './frame.ts';
import type { Following } from './next.ts';

/** The run's own worktree: its steps begin, or go on. A lane's: its frame does. */
export function worktreeOpened(draft: Draft, { lane, step }: Effect): Following {
  if (step === '') {
    if (!frameAt(draft.state, rootFrame))
      startFrame(draft, { frame: rootFrame, step, purpose: 'body', index: 0, lane });
    return { do: 'frame', frame: rootFrame };
  }
  const frame = bodyFrames(draft.state, step).find((each) => each.lane === lane);
  return frame && { do: 'frame', frame: frame.id };
}

/** Both lanes stay as they are; the one that could not be merged has failed. */
export function conflicted(
  draft: Draft,
  effect: Effect & { readonly type: 'merge' },
  files: readonly string[],
): Following {
  const frame = bodyFrames(draft.state, effect.step).find(({ lane }) => lane === effect.from);
  if (!frame) return undefined;
  const message = `lane ${effect.from} conflicts with what was merged before it in ${files.slice(0, 10).join(', ')}`;
  const failure = { reason: 'conflict', message, text: message, final: true } as const;
  emit(draft, { type: 'frame-ended', step: effect.step, frame: frame.id, end: 'failed', failure });
  return { do: 'body', step: effect.step };
}

/** An effect could not be carried out. */
export function effectFailed(draft: Draft, effect: Effect, outcome: Outcome): Following {
  const step = stepAt(draft.state, effect.step);
  const found = effectFailure(outcome);
  if (!step) {
    emit(draft, { type: 'run-ended', end: 'failed', failure: { step: '', message: found.message } });
    return undefined;
  }
  const frame = frameOf(draft, effect);
  if (frame) {
    emit(draft, { type: 'frame-ended', step: step.path, frame, end: 'failed', failure: found });
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
function frameOf(draft: Draft, effect: Effect): string | undefined {
  const lane = effect.type === 'merge' ? effect.from : effect.type === 'open-worktree' ? effect.lane : undefined;
  return lane === undefined ? undefined : bodyFrames(draft.state, effect.step).find((frame) => frame.lane === lane)?.id;
}
