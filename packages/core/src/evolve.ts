import { runResumed, runStarted, stoodStill } from './begun.ts';
import { changeFrame, changeStep, dropFrame, dropInside, dropLane, dropSteps } from './change.ts';
import type { EffectType, StepPath } from './effects.ts';
import type { Failure, FrameStarted, RunEvent } from './events.ts';
import { around } from './failure.ts';
import { bodyFrame, isServing, prefixOf, rootFrame, servedBy } from './frames.ts';
import { initial } from './initial.ts';
import { frameAt, stepAt } from './lookup.ts';
import { onlyAsks } from './outstanding.ts';
import { unpaused } from './pause.ts';
import { resolved } from './resolved.ts';
import { settled } from './settled.ts';
import type { Frame, RunState, StepState } from './state.ts';
import { attemptStarted, reopened, stepStarted } from './step-begun.ts';

const phaseOf: Readonly<Record<EffectType, StepState['phase'] | undefined>> = {
  'open-worktree': undefined,
  merge: undefined,
  'stage-conflict': undefined,
  'close-worktree': undefined,
  'run-agent': 'agent',
  checkpoint: 'checkpoint',
  reset: 'reset',
  'run-gate': 'gates',
  ask: 'asking',
  'await-provider': 'waiting',
  advance: 'advance',
};

/** Pure and total: an event that does not fit leaves the state as it was. */
export function evolve(state: RunState, event: RunEvent): RunState {
  const { idleSince } = state;
  const next = changed(idleSince === undefined ? state : stoodStill(state, idleSince, event.at), event);
  if (onlyAsks(next)) return { ...next, idleSince: event.at };
  const { idleSince: _, ...busy } = next;
  return idleSince === undefined ? next : busy;
}

function changed(state: RunState, event: RunEvent): RunState {
  switch (event.type) {
    case 'run-started':
      return runStarted(event);
    case 'frame-started':
      return frameStarted(state, event);
    case 'frame-ended':
      return frameEnded(state, event.frame, event.end, event.failure);
    case 'step-started':
      return stepStarted(state, event);
    case 'attempt-started':
      return attemptStarted(state, event);
    case 'effect-requested': {
      const { effect } = event;
      const next = {
        ...state,
        open: { ...state.open, [effect.id]: effect },
      };
      return changeStep(effect.type === 'run-agent' ? unqueued(next, effect.step) : next, effect.step, (step) => ({
        ...step,
        phase: phaseOf[effect.type] ?? step.phase,
      }));
    }
    case 'effect-settled':
      return settled(state, event.effect, event.outcome);
    case 'turn-queued':
      return changeStep({ ...state, queue: [...state.queue, event.step] }, event.step, (step) => ({
        ...step,
        phase: 'queued',
      }));
    case 'output-accepted':
      return changeStep(state, event.step, (step) => ({
        ...step,
        output: event.output,
        ...(event.comments !== undefined && { comments: event.comments }),
      }));
    case 'gate-decided':
      return changeStep(state, event.step, (step) => ({
        ...step,
        gates: { ...step.gates, [event.gate]: event.report },
      }));
    case 'retry-decided':
      return changeStep(state, event.step, (step) => ({
        ...step,
        retryVerdicts: { ...step.retryVerdicts, [event.entry]: event.verdict },
      }));
    case 'call-returned': {
      const served = servedBy(event.step);
      return stepAt(state, event.step) || served === undefined
        ? changeStep(state, event.step, (step) => ({ ...step, outputs: event.outputs }))
        : changeStep(state, served, (step) => ({ ...step, got: event.outputs }));
    }
    case 'attempt-ended':
      return changeStep(unqueued(state, event.step), event.step, (step) => ({
        ...step,
        ...(event.failure && { failure: event.failure }),
      }));
    case 'tasks-planned':
      return changeStep(state, event.step, (step) => ({
        ...step,
        phase: 'body',
        tasks: event.tasks,
        opened: 0,
        merged: 0,
      }));
    case 'step-reopened':
      return reopened(state, event);
    case 'warned':
      return event.once === undefined ? state : { ...state, warned: [...state.warned, event.once] };
    case 'step-ended': {
      const step = stepAt(state, event.step);
      if (!step) return state;
      const next = changeStep(state, event.step, (own) => ({ ...own, phase: event.end }));
      if (event.end === 'failed') return next;
      return changeFrame(next, step.frame, (frame) => ({ ...frame, cursor: frame.cursor + 1 }));
    }
    case 'abort-requested': {
      const { interrupted: _, ...rest } = state;
      return { ...rest, status: 'stopping', queue: [], ...(event.interrupted && { interrupted: true }) };
    }
    case 'pause-requested':
      return event.wanted ? { ...state, pausing: true } : unpaused(state);
    case 'answer-voided':
      return changeStep(state, event.step, ({ answer: _, asked: _asked, edited: _edited, ...step }) => ({
        ...step,
        gates: {},
        voided: (step.voided ?? 0) + 1,
      }));
    case 'run-continued':
      return stoodStill(state, event.since, event.at);
    case 'run-resumed':
      return runResumed(state, event);
    case 'run-ended': {
      const { at: endedAt, end: status, failure } = event;
      // Nothing was stopped before, as it is where somebody wants the end, and was at a signal in earlier versions.
      if (status === 'interrupted' && state.status === 'running') return { ...state, status, endedAt };
      if (status === 'aborted' && state.status === 'interrupted') return { ...state, status };
      return { ...unpaused(state), status, endedAt, queue: [], ...(failure && { failure }) };
    }
    default:
      return state;
  }
}

const unqueued = (state: RunState, path: StepPath): RunState =>
  state.queue.includes(path) ? { ...state, queue: state.queue.filter((each) => each !== path) } : state;

function frameStarted(state: RunState, event: FrameStarted & { readonly at: number }): RunState {
  const { type: _, at, frame: id, step: owner, lane, ...what } = event;
  const before = frameAt(state, id);
  // A task or a group goes on where it stopped; a workflow that judges begins anew.
  const goesOn = before !== undefined && event.purpose === 'body';
  const serving = event.purpose !== 'body' && event.purpose !== 'conflict';
  const own = state.lanes[stepAt(state, owner)?.lane ?? 'main'];
  const serves = isServing(state, frameAt(state, stepAt(state, owner)?.frame ?? ''));
  const body = event.purpose === 'conflict' ? frameAt(state, bodyFrame(owner, event.index)) : before;
  // What is judged is nobody's commit yet.
  const base = body?.base ?? (serves || event.purpose === 'gate' ? own?.at : own?.head) ?? state.plan.base.commit;
  const frame = {
    ...what,
    id,
    owner,
    lane,
    startedAt: at,
    base,
    cursor: goesOn ? before.cursor : 0,
    status: 'running',
    ...(serving && { spent: initial.spent }),
  } as const;
  const stopped = event.purpose === 'gate' && before && before.lane !== stepAt(state, owner)?.lane;
  const begun = stopped ? dropLane(state, before.lane) : state;
  const clean = serving ? dropInside(begun, prefixOf(frame), lane) : begun;
  const fresh = { head: base, at: base, dirty: false };
  const next: RunState = {
    ...clean,
    generation: Math.max(state.generation, event.generation),
    frames: { ...clean.frames, [id]: frame },
    lanes: Object.hasOwn(clean.lanes, lane) ? clean.lanes : { ...clean.lanes, [lane]: fresh },
  };
  if (event.purpose === 'gate') return changeStep(next, owner, (step) => ({ ...step, phase: 'gates' }));
  if (id === rootFrame || event.purpose !== 'body') return next;
  return changeStep(next, owner, (step) => ({
    ...step,
    phase: 'body',
    opened: Math.max(step.opened, event.index + 1),
  }));
}

function frameEnded(state: RunState, id: string, end: 'passed' | 'failed', failure: Failure | undefined): RunState {
  const frame = frameAt(state, id);
  if (!frame) return state;
  if (end === 'failed' && frame.purpose === 'body')
    return changeFrame(state, id, (own) => ({ ...own, status: 'failed', ...(failure && { failure }) }));
  if (frame.purpose === 'conflict') return resolved(dropFrame(state, id), frame, end);
  if (frame.purpose === 'gate') return judged(dropFrame(state, id), frame, failure);
  const owner = stepAt(state, frame.owner);
  const apart = frame.purpose === 'body' && owner !== undefined && owner.lane !== frame.lane;
  if (end === 'passed' && apart) return changeFrame(state, id, (own) => ({ ...own, status: 'passed' }));
  const kept = frame.task === undefined ? state : dropSteps(state, prefixOf(frame));
  const next = dropFrame(kept, id);
  return frame.purpose === 'body' && id !== rootFrame
    ? changeStep(next, frame.owner, (step) => ({ ...step, merged: frame.index + 1 }))
    : next;
}

/** Whoever stopped one that judges did not want the step to be done again. */
function judged(state: RunState, { owner, lane }: Frame, failure: Failure | undefined): RunState {
  const apart = stepAt(state, owner)?.lane !== lane;
  const next = apart ? dropLane(state, lane) : state;
  if (failure?.reason !== 'cancelled') return next;
  return changeStep(next, owner, (step) => ({ ...step, failure: step.failure ?? around(failure) }));
}
