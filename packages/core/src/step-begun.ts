import { changeStep, dropFrame } from './change.ts';
import type { StepPath } from './effects.ts';
import type { AttemptStarted, Failure, RunEvent, StepStarted } from './events.ts';
import { bodyFrames, isServing } from './frames.ts';
import { initial } from './initial.ts';
import { frameAt, plannedAt, stepAt } from './lookup.ts';
import type { AttemptView, RunState, StepState } from './state.ts';

/** The steps inside go on, or are done and the gates run again; the step itself begins at attempt 1. */
export function reopened(state: RunState, event: RunEvent & { type: 'step-reopened' }): RunState {
  if (!stepAt(state, event.step)) return state;
  const next = waiting({ ...state, generation: Math.max(state.generation, event.generation) }, event.step);
  return changeStep(next, event.step, (step) => {
    if (event.round !== undefined) return { ...step, generation: event.generation, round: event.round };
    const { failure: _, checkpoint, round: _round, ...own } = step;
    const rest = unasked(own);
    // A split's is its plan's; others are judged by what is there when the steps inside have ended again.
    const planned = plannedAt(state.plan, step.address)?.kind === 'split';
    return {
      ...rest,
      ...(planned && checkpoint && { checkpoint }),
      previous: viewOf(step),
      phase: 'body',
      attempt: 1,
      generation: event.generation,
      gates: {},
      retryVerdicts: {},
    };
  });
}

export function stepStarted(state: RunState, event: StepStarted & { readonly at: number }): RunState {
  const old = stepAt(state, event.step);
  // What went wrong before is known to the step that runs again, and its conversation goes on.
  const enriched = old && old.attempt > 0 && { previous: lastOf(old, event.because) };
  const lane = state.lanes[event.lane];
  const isCall = plannedAt(state.plan, event.address)?.kind === 'call';
  const step: StepState = {
    path: event.step,
    address: event.address,
    lane: event.lane,
    frame: event.frame,
    ...(event.parent && { parent: event.parent }),
    generation: event.generation,
    phase: 'starting',
    before: (isServing(state, frameAt(state, event.frame)) ? lane?.at : lane?.head) ?? '',
    startedAt: event.at,
    attempt: 0,
    entries: [],
    interruptions: 0,
    gates: {},
    opened: 0,
    merged: 0,
    retryVerdicts: {},
    ...enriched,
    ...(old?.session && { session: old.session }),
    ...(old?.lostSession !== undefined && { lostSession: old.lostSession }),
    ...(old?.agent !== undefined && { agent: old.agent }),
    ...(old?.paid && { paid: old.paid }),
    ...(isCall && { spent: old?.spent ?? initial.spent }),
  };
  return {
    ...state,
    generation: Math.max(state.generation, event.generation),
    steps: { ...state.steps, [event.step]: step },
  };
}

/** One that was stopped in the middle of an attempt: what the attempt before it failed at is still what is to be mended. */
function lastOf(old: StepState, because: Failure | undefined): AttemptView {
  const stopped = !old.failure && !['passed', 'failed', 'skipped'].includes(old.phase);
  if (!because && stopped && old.previous?.failure)
    return { ...old.previous, ...(old.checkpoint && { checkpoint: old.checkpoint }) };
  return { ...viewOf(old), ...(because && { failure: because }) };
}

const viewOf = (step: StepState): AttemptView => ({
  attempt: step.attempt,
  gates: step.gates,
  ...(step.agent !== undefined && { agent: step.agent }),
  ...(step.report && { report: step.report }),
  ...(step.checkpoint && { checkpoint: step.checkpoint }),
  ...(step.failure && { failure: step.failure }),
  ...(step.output !== undefined && { output: step.output }),
  ...(step.comments !== undefined && { comments: step.comments }),
});

function unasked<T extends Partial<StepState>>(step: T): Omit<T, 'answer' | 'asked' | 'edited' | 'voided' | 'goesOn'> {
  const { answer: _, asked: _asked, edited: _edited, voided: _voided, goesOn: _goesOn, ...rest } = step;
  return rest;
}

export function attemptStarted(state: RunState, event: AttemptStarted): RunState {
  return waiting(
    changeStep(state, event.step, (step) => nextAttempt(state, step, event)),
    event.step,
  );
}

function nextAttempt(state: RunState, step: StepState, event: AttemptStarted): StepState {
  const { report, checkpoint, failure, output, comments, agent, use: _, previous, ...own } = step;
  const { got: _got, stops: _stops, waited: _waited, cutOff: _cutOff, ...rest } = unasked(own);
  // Frames that failed go on; without one the steps inside run again from the first.
  const again =
    step.opened > 0 &&
    !Object.values(state.frames).some(({ owner, status }) => owner === step.path && status === 'failed');
  const before = step.attempt > 0 ? viewOf(step) : previous;
  return {
    ...rest,
    ...(before && { previous: before }),
    phase: 'starting',
    attempt: event.attempt,
    entries: event.entries,
    interruptions: 0,
    gates: {},
    retryVerdicts: {},
    ...(again && { opened: 0, merged: 0 }),
    ...(event.agent !== undefined && { agent: event.agent }),
    ...(event.session && { use: event.session }),
  };
}

/**
 * Sequences of a step that failed, or ran when the run was stopped, go on when there is room. Those that passed wait to
 * be merged; one whose conflict was being resolved is tried again first.
 */
function waiting(before: RunState, owner: StepPath): RunState {
  const conflicts = Object.values(before.frames).filter(
    (frame) => frame.owner === owner && frame.purpose === 'conflict',
  );
  const state = conflicts.reduce((next, { id }) => dropFrame(next, id), before);
  const stopped = bodyFrames(state, owner).filter(({ status }) => status !== 'passed');
  const again = stopped.map(({ failure: _, ...frame }) => [frame.id, { ...frame, status: 'waiting' }] as const);
  return again.length > 0 ? { ...state, frames: { ...state.frames, ...Object.fromEntries(again) } } : state;
}
