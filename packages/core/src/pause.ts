import { isServing } from './frames.ts';
import { frameAt } from './lookup.ts';
import type { PlannedStep } from './plan.ts';
import type { RunState, StepState } from './state.ts';

/** Where a step asks a person: as its plan says, else, once somebody asked for a pause, after its gates. */
export function pauseOf(state: RunState, step: StepState, planned: PlannedStep): PlannedStep['pause'] {
  const serves = isServing(state, frameAt(state, step.frame));
  return planned.pause ?? (state.pausing && !serves ? 'after_gate' : undefined);
}

export function unpaused({ pausing: _, ...state }: RunState): RunState {
  return state;
}

/** Tells what is done again in an attempt, behind an answer or because one was void, from what was done before. */
export function roundOf({ answer, voided = 0 }: StepState, planned: PlannedStep): string {
  if (answer && planned.pause !== 'before_gate') return `.answered${voided > 0 ? voided + 1 : ''}`;
  return voided > 0 ? `.again${voided + 1}` : '';
}
