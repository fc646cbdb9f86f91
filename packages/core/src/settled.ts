import type { Usage } from '@pawl/provider';
import { amount } from './amount.ts';
import { changeFrame, changeLane, changeStep, dropFrame, dropSteps } from './change.ts';
import type { AgentReport, Checkpoint, Cost, Effect, Outcome } from './effects.ts';
import { effectFailure } from './failure.ts';
import { prefixOf } from './frames.ts';
import { runsCommand } from './gate-kinds.ts';
import { initial } from './initial.ts';
import { frameAt, parentOf, stepAt } from './lookup.ts';
import { unpaused } from './pause.ts';
import type { RunState, Spent, StepState } from './state.ts';

/** What an outcome makes of the state. One that does not fit an open effect leaves it as it was. */
export function settled(state: RunState, id: string, outcome: Outcome): RunState {
  const effect = Object.hasOwn(state.open, id) ? state.open[id] : undefined;
  if (!effect) return state;
  const { [id]: _, ...open } = state.open;
  const next: RunState = { ...state, open };
  switch (outcome.kind) {
    case 'worktree-opened': {
      const dirty = state.plan.settings.setup !== undefined;
      return changeLane(next, effect.lane, { path: outcome.path, branch: outcome.branch, dirty });
    }
    case 'agent-ended': {
      const { report } = outcome;
      return changeStep(paid(next, effect.step, report.cost, report.usage), effect.step, (step) =>
        reported(step, effect, report),
      );
    }
    case 'interrupted': {
      if (effect.type !== 'run-agent') return effectLost(next, effect, outcome);
      const { report, session = report?.session } = outcome;
      // Where nobody knows what the turn cost it is unpriced, never zero.
      const spent = paid(next, effect.step, report?.cost ?? { state: 'unknown' }, report?.usage ?? {});
      return changeStep(spent, effect.step, ({ goesOn: _, cutOff: _cutOff, ...step }) => ({
        ...step,
        interruptions: step.interruptions + 1,
        ...(report && { stops: (step.stops ?? 0) + 1 }),
        ...sessionOf(step, session),
      }));
    }
    case 'checkpoint-made': {
      const { checkpoint } = outcome;
      const clean = changeLane(next, effect.lane, { dirty: false, at: checkpoint.commit });
      const { baseline, asking } = effect.type === 'checkpoint' ? effect : {};
      return changeStep(clean, effect.step, (step) => {
        if (baseline) return { ...step, before: checkpoint.commit };
        return asking ? { ...step, asked: checkpoint.tree } : recorded(step, checkpoint);
      });
    }
    case 'conflict-staged':
      return changeLane(next, effect.lane, { dirty: false, at: outcome.commit });
    case 'worktree-reset':
      return changeLane(next, effect.lane, { dirty: false, ...(effect.type === 'reset' && { at: effect.to }) });
    case 'gate-ended': {
      if (effect.type !== 'run-gate') return next;
      const { name, kind } = effect.gate;
      const soiled = runsCommand(kind) ? changeLane(next, effect.lane, { dirty: true }) : next;
      return changeStep(soiled, effect.step, (step) => ({ ...step, gates: { ...step.gates, [name]: outcome.report } }));
    }
    case 'branch-advanced': {
      const { commit } = outcome;
      if (typeof commit !== 'string') return next;
      return changeStep(changeLane(next, effect.lane, { head: commit, at: commit }), effect.step, (step) => ({
        ...step,
        commit,
      }));
    }
    case 'merged':
      return effect.type === 'merge' ? merged(next, effect, outcome.commit) : next;
    case 'answered':
      if (effect.type === 'ask' && effect.question === 'interrupted')
        return changeStep(next, effect.step, (step) => ({ ...step, goesOn: outcome.answer }));
      return changeStep(unpaused(next), effect.step, (step) => ({ ...step, answer: outcome.answer }));
    case 'provider-awaited':
      if (effect.type !== 'await-provider') return next;
      return changeStep(next, effect.step, ({ report: _, ...step }) => ({
        ...step,
        cutOff: true,
        waited: { times: (step.waited?.times ?? 0) + 1, ms: (step.waited?.ms ?? 0) + effect.waitMs },
      }));
    case 'failed':
    case 'cancelled': {
      // Judged when what the agent left is recorded.
      if (effect.type !== 'run-agent') return effectLost(next, effect, outcome);
      const after = outcome.kind === 'cancelled' ? paid(next, effect.step, { state: 'unknown' }, {}) : next;
      return changeStep(after, effect.step, (step) => ({ ...step, failure: effectFailure(outcome) }));
    }
    default:
      return next;
  }
}

/**
 * A gate without a verdict fails its attempt, once those that run beside it have ended; so does a wait that did not come
 * to its end. A run that stops has judged nothing.
 */
function effectLost(state: RunState, effect: Effect, outcome: Outcome): RunState {
  const fails = effect.type === 'run-gate' || effect.type === 'await-provider';
  if (!fails || state.status !== 'running') return state;
  return changeStep(state, effect.step, (step) => ({ ...step, failure: step.failure ?? effectFailure(outcome) }));
}

/** The lane's commits are on its step's own lane: frame, steps and lane are done with. */
function merged(state: RunState, effect: Effect & { readonly type: 'merge' }, commit: string): RunState {
  const frame = Object.values(state.frames).find(({ owner, lane }) => owner === effect.step && lane === effect.from);
  if (!frame) return state;
  const { [effect.from]: _, ...lanes } = state.lanes;
  const without = dropFrame(frame.task === undefined ? state : dropSteps(state, prefixOf(frame)), frame.id);
  // A lane that brought nothing, like reviewers', leaves the worktree where its step has it.
  const next = changeLane({ ...without, lanes }, effect.lane, {
    head: commit,
    ...(commit !== effect.onto && { at: commit }),
  });
  return changeStep(next, effect.step, (step) => ({ ...step, merged: frame.index + 1 }));
}

/** What a person changed before they answered was not judged yet. What gates left is none of that. */
function recorded(step: StepState, checkpoint: Checkpoint): StepState {
  if (!step.answer || !step.checkpoint) return { ...step, checkpoint };
  const unchanged = checkpoint.tree === step.checkpoint.tree || checkpoint.tree === step.asked;
  return unchanged ? step : { ...step, checkpoint, gates: {}, edited: true };
}

/** A turn's price counts for the run and for every workflow around the step. */
function paid(state: RunState, path: string, cost: Cost, usage: Partial<Usage>): RunState {
  const whole: RunState = { ...state, spent: spend(state.spent, cost, usage) };
  let next = changeStep(whole, path, (own) => ({ ...own, paid: spend(own.paid ?? initial.spent, cost, usage) }));
  for (let step = stepAt(state, path); step; step = parentOf(state, step)) {
    if (step.spent) next = changeStep(next, step.path, (call) => paidBy(call, cost, usage));
    if (frameAt(state, step.frame)?.spent) next = changeFrame(next, step.frame, (frame) => paidBy(frame, cost, usage));
  }
  return next;
}

const paidBy = <T extends { readonly spent?: Spent }>(one: T, cost: Cost, usage: Partial<Usage>): T => ({
  ...one,
  spent: spend(one.spent ?? initial.spent, cost, usage),
});

function reported(step: StepState, effect: Effect, report: AgentReport): StepState {
  const resumed = effect.type === 'run-agent' && effect.start.kind !== 'new' ? effect.start.session.id : undefined;
  const lost = lostBy(report, resumed);
  return { ...step, report, ...sessionOf(step, report.session), ...(lost !== undefined && { lostSession: lost }) };
}

/** The conversation in which the next turn would fail the same way: one that is gone, or full. */
function lostBy({ end, session }: AgentReport, resumed: string | undefined): string | undefined {
  const code = end.kind === 'failed' ? end.error.code : undefined;
  if (code === 'session-not-found' || code === 'wrong-session') return resumed;
  const full = code === 'context-too-long' || (end.kind === 'limited' && end.limit === 'context');
  return full ? (session?.id ?? resumed) : undefined;
}

const sessionOf = (step: StepState, ref: AgentReport['session']): Pick<StepState, 'session'> =>
  ref && step.agent !== undefined ? { session: { ref, agent: step.agent, attempt: step.attempt } } : {};

function spend(spent: Spent, cost: Cost, { inputTokens, outputTokens }: Partial<Usage>): Spent {
  const usd = cost.state === 'unknown' ? undefined : amount(cost.usd);
  const told = [inputTokens, outputTokens].map(amount).filter((tokens) => tokens !== undefined);
  return {
    costUsd: spent.costUsd + (usd ?? 0),
    unpriced: spent.unpriced + (usd === undefined ? 1 : 0),
    tokens: told.reduce((sum, tokens) => sum + tokens, spent.tokens),
    uncounted: spent.uncounted + (told.length === 0 ? 1 : 0),
  };
}
