import { holds } from '../condition.ts';
import { type Draft, emit } from '../draft.ts';
import type { StepPath } from '../effects.ts';
import type { Failure, Parent } from '../events.ts';
import { plannedAt, stepAt } from '../lookup.ts';
import type { PlannedStep } from '../plan.ts';
import type { Frame } from '../state.ts';
import type { Following } from './next.ts';

export function beginStep(
  draft: Draft,
  planned: PlannedStep,
  path: StepPath,
  frame: Frame,
  parent: Parent | undefined,
  because: Failure | undefined,
): Following {
  const before = stepAt(draft.state, path);
  // The same step in the same frame runs again after a failure of its own.
  const generation = before?.generation === frame.generation ? draft.state.generation + 1 : frame.generation;
  emit(draft, {
    type: 'step-started',
    step: path,
    address: planned.address,
    lane: frame.lane,
    frame: frame.id,
    ...(parent && { parent }),
    generation,
    ...(because && { because }),
  });
  const step = stepAt(draft.state, path);
  if (!step) return undefined;
  if (!planned.when || holds(draft.state, step, planned.when)) return { do: 'attempt', step: path, attempt: 1 };
  emit(draft, { type: 'step-ended', step: path, end: 'skipped' });
  return { do: 'frame', frame: frame.id };
}

export function passStep(draft: Draft, path: StepPath): Following {
  const step = stepAt(draft.state, path);
  if (!step) return undefined;
  emit(draft, {
    type: 'step-ended',
    step: path,
    end: 'passed',
    ...(step.commit !== undefined && { commit: step.commit }),
  });
  return { do: 'frame', frame: step.frame };
}

/** The step fails, and with it the sequence that it stands in. */
export function failStep(draft: Draft, path: StepPath, failure: Failure): Following {
  const step = stepAt(draft.state, path);
  if (!step) return undefined;
  emit(draft, { type: 'step-ended', step: path, end: 'failed' });
  return { do: 'frame-failed', frame: step.frame, failure: { ...failure, step: failure.step ?? path } };
}

/** How many attempts a step has: a loop's are its rounds. */
export function attemptsOf(draft: Draft, address: string): number {
  const planned = plannedAt(draft.state.plan, address);
  if (!planned) return 1;
  return planned.kind === 'group' && planned.loop ? planned.loop.max : planned.retry.attempts;
}
