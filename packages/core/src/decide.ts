import { type Draft, draftOf, emit, request } from './draft.ts';
import type { Effect, Outcome } from './effects.ts';
import { fits } from './fit.ts';
import { rootFrame } from './frames.ts';
import type { Decision, Input, RefusalCode } from './input.ts';
import { follow } from './life/follow.ts';
import { restart } from './life/frame.ts';
import { answered } from './life/gates.ts';
import { conflicted, conflictStaged, effectFailed, worktreeOpened } from './life/lane.ts';
import type { Following } from './life/next.ts';
import { abort, endStopped } from './life/stop.ts';
import {
  interruptionAnswered,
  recordTurn,
  turnEnded,
  turnInterrupted,
  turnRecorded,
  worktreeReset,
} from './life/turn.ts';
import { nextInQueue } from './life/work.ts';
import { frameAt, stepAt } from './lookup.ts';
import type { Plan } from './plan.ts';
import type { Fork, RunState } from './state.ts';

/** Pure and total: never throws; a stale or repeated `settle` decides nothing; nonsense is refused by name. */
export function decide(state: RunState, input: Input): Decision {
  const draft = draftOf(state, input.at);
  switch (input.type) {
    case 'start':
      if (state.status !== 'new') return refuse('already-started', `run ${state.run} has started`);
      return start(draft, input.run, input.plan, input.from);
    case 'settle':
      if (state.status === 'new') return refuse('not-started', 'this run has not started');
      return settle(draft, input.effect, input.outcome);
    case 'abort':
      if (state.status === 'new') return refuse('not-started', 'this run has not started');
      return stop(draft, input.reason);
    case 'interrupt':
      if (state.status === 'new') return refuse('not-started', 'this run has not started');
      return interrupt(draft, input.reason);
    case 'pause':
      if (state.status === 'new') return refuse('not-started', 'this run has not started');
      return pause(draft, input.wanted, input.by);
    case 'continue':
      if (state.status === 'new') return refuse('not-started', 'this run has not started');
      return goOn(draft, input.since);
    case 'resume':
      if (state.status === 'new') return refuse('not-started', 'this run has not started');
      return resume(draft);
    default:
      return refuse('input-unknown', 'this input is none that a run knows');
  }
}

function start(draft: Draft, run: string, plan: Plan, from: Fork | undefined): Decision {
  emit(draft, { type: 'run-started', run, plan, ...(from && { from }) });
  const root = { path: '', attempt: 1, lane: 'main', interruptions: 0, generation: 0 };
  request(draft, root, { type: 'open-worktree', base: from?.commit ?? plan.base.commit });
  return { ok: true, events: draft.events };
}

/** A run that was interrupted could go on: somebody may say that it is not to. Nothing of it is under way. */
function stop(draft: Draft, reason: string): Decision {
  const { status, run } = draft.state;
  if (status === 'interrupted') emit(draft, { type: 'run-ended', end: 'aborted', reason });
  else if (status === 'running') abort(draft, reason);
  else if (status !== 'stopping') return refuse('already-ended', `run ${run} has ${status}`);
  return { ok: true, events: draft.events };
}

/** One event, and all that is outstanding stays so: what is begun again is what was under way, as after a crash. */
function interrupt(draft: Draft, reason: string): Decision {
  const { status, run } = draft.state;
  if (status !== 'running' && status !== 'stopping') return refuse('already-ended', `run ${run} has ${status}`);
  if (status === 'running') emit(draft, { type: 'run-ended', end: 'interrupted', reason });
  return { ok: true, events: draft.events };
}

/** Asked for twice it decides nothing. */
function pause(draft: Draft, wanted: boolean, by: string | undefined): Decision {
  const { status, run, pausing = false } = draft.state;
  if (status !== 'running' && status !== 'stopping') return refuse('already-ended', `run ${run} has ${status}`);
  if (status === 'running' && wanted !== pausing)
    emit(draft, { type: 'pause-requested', wanted, ...(by !== undefined && { by }) });
  return { ok: true, events: draft.events };
}

/** Where only people were waited for, it stood still anyway. */
function goOn(draft: Draft, since: number): Decision {
  const { status, idleSince } = draft.state;
  if (status === 'running' && idleSince === undefined && since < draft.at)
    emit(draft, { type: 'run-continued', since });
  return { ok: true, events: draft.events };
}

const resumable: ReadonlySet<RunState['status']> = new Set(['failed', 'aborted', 'interrupted']);

/**
 * What an interruption left outstanding is so again, and nothing else begins. Else the steps that passed are skipped; the
 * one that failed begins again, with what is known of its failure.
 */
function resume(draft: Draft): Decision {
  const { status, run, open } = draft.state;
  if (!resumable.has(status)) return refuse('not-resumable', `run ${run} is ${status}`);
  if (Object.keys(open).length > 0) {
    emit(draft, { type: 'run-resumed', generation: draft.state.generation });
    return { ok: true, events: draft.events };
  }
  emit(draft, { type: 'run-resumed', generation: draft.state.generation + 1 });
  const root = frameAt(draft.state, rootFrame);
  if (root) restart(draft, root);
  const { generation, lanes, plan } = draft.state;
  const again = { path: '', attempt: 1, lane: 'main', interruptions: 0, generation };
  request(draft, again, { type: 'open-worktree', base: lanes.main?.head ?? plan.base.commit });
  return { ok: true, events: draft.events };
}

function settle(draft: Draft, id: string, outcome: Outcome): Decision {
  const { open, status } = draft.state;
  const effect = Object.hasOwn(open, id) ? open[id] : undefined;
  // What a run was interrupted at is settled when it has been resumed.
  if (!effect || (status !== 'running' && status !== 'stopping')) return { ok: true, events: [] };
  if (!fits(effect, outcome)) return refuse('outcome-unfit', `${id} cannot end like this: ${excerpt(outcome)}`);
  if (isAboutAnother(effect, outcome))
    return refuse('answer-void', `the files of ${effect.step} are not those that the answer names: look again`);
  emit(draft, { type: 'effect-settled', effect: id, outcome });
  if (draft.state.status === 'stopping') {
    stopped(draft, effect);
  } else {
    follow(draft, whatFollows(draft, effect, outcome));
    followQueue(draft);
  }
  return { ok: true, events: draft.events };
}

const isAboutAnother = (effect: Effect, outcome: Outcome): boolean =>
  effect.type === 'ask' &&
  outcome.kind === 'answered' &&
  typeof outcome.answer.tree === 'string' &&
  outcome.answer.tree !== effect.tree;

/** Who waits for a provider begins as soon as there is room; one that may not begin any more makes room for the next. */
function followQueue(draft: Draft): void {
  for (let waiting = nextInQueue(draft.state); waiting.length > 0; waiting = nextInQueue(draft.state))
    follow(draft, waiting);
}

function whatFollows(draft: Draft, effect: Effect, outcome: Outcome): Following {
  const { step } = effect;
  const hasResult = outcome.kind !== 'failed' && outcome.kind !== 'cancelled' && outcome.kind !== 'interrupted';
  if (effect.type === 'run-agent') {
    if (outcome.kind === 'interrupted') return turnInterrupted(draft, step, outcome.report);
    return hasResult ? turnEnded(draft, step) : recordTurn(draft, step);
  }
  if (effect.type === 'await-provider') return hasResult ? { do: 'agent', step } : turnRecorded(draft, step);
  if (!hasResult) return effectFailed(draft, effect, outcome);
  switch (effect.type) {
    case 'open-worktree':
      return worktreeOpened(draft, effect);
    case 'checkpoint':
      if (effect.baseline) return { do: 'work', step };
      return effect.asking ? { do: 'gates', step } : turnRecorded(draft, step);
    case 'reset':
      return worktreeReset(draft, step);
    case 'run-gate':
    case 'close-worktree':
      return { do: 'gates', step };
    case 'ask':
      return effect.question === 'interrupted' ? interruptionAnswered(draft, step) : answered(draft, step);
    case 'merge':
      return outcome.kind === 'conflicted' ? conflicted(draft, effect, outcome.files) : { do: 'body', step };
    case 'stage-conflict':
      return outcome.kind === 'conflict-staged' ? conflictStaged(draft, effect, outcome.files) : undefined;
    case 'advance':
      return { do: 'conclude', step };
  }
}

/** While stopping nothing new begins, but for the record of what an agent left behind, however its turn ended. */
function stopped(draft: Draft, effect: Effect): void {
  if (effect.type === 'run-agent' && stepAt(draft.state, effect.step)) recordTurn(draft, effect.step);
  endStopped(draft);
}

const refuse = (code: RefusalCode, message: string): Decision => ({ ok: false, code, message });
/** Only the kind: the rest may be anything of any length. */
function excerpt(outcome: unknown): string {
  const kind = typeof outcome === 'object' && outcome !== null && 'kind' in outcome ? outcome.kind : outcome;
  return typeof kind === 'string' ? JSON.stringify(kind.slice(0, 100)) : typeof kind;
}
