import { exhausted } from '../budget.ts';
import { type Draft, emit, request, warn } from '../draft.ts';
import type { StepPath } from '../effects.ts';
import type { Failure } from '../events.ts';
import { evolve } from '../evolve.ts';
import { agentFailure, runLimit } from '../failure.ts';
import { retryFrame } from '../frames.ts';
import { guardOf, isAgentStep, plannedAt, stepAt, taskOf } from '../lookup.ts';
import type { AgentStep, Template } from '../plan.ts';
import { nextAttemptOf } from '../progress.ts';
import { entriesAt, overridesOf, undecided } from '../retry.ts';
import { chooseSession } from '../session.ts';
import type { RunState, StepState } from '../state.ts';
import { evaluateName } from '../template.ts';
import { inputsOf } from './body.ts';
import { startFrame } from './frame.ts';
import type { Following } from './next.ts';
import { attemptsOf } from './step.ts';

/** Asks the workflows that retry entries depend on, then decides agent and session of an attempt. */
export function startAttempt(draft: Draft, path: StepPath, attempt: number): Following {
  const step = stepAt(draft.state, path);
  const planned = step && plannedAt(draft.state.plan, step.address);
  if (!step || !planned) return undefined;
  const index = undecided(planned.retry, step, attempt);
  const asked = index === undefined ? undefined : planned.retry.entries[index]?.validate;
  if (index !== undefined && asked) {
    const frame = retryFrame(path, index);
    const inputs = inputsOf(draft.state, step, asked);
    startFrame(draft, { frame, step: path, purpose: 'retry', index, name: asked.name, lane: step.lane, inputs });
    return { do: 'frame', frame };
  }
  const entries = entriesAt(planned.retry, step, attempt);
  if (isAgentStep(planned) && planned.agent) return startAgentAttempt(draft, step, planned, attempt, entries);
  emit(draft, { type: 'attempt-started', step: path, attempt, entries });
  return { do: 'work', step: path };
}

function startAgentAttempt(
  draft: Draft,
  step: StepState,
  planned: AgentStep,
  attempt: number,
  entries: readonly number[],
): Following {
  const { path } = step;
  const overrides = overridesOf(planned.retry, entries);
  const agent = agentOf(draft, path, attempt, overrides.agent ?? planned.agent ?? []);
  const choice = chooseSession(draft.state, step, { number: attempt, agent }, planned.session, overrides.session);
  emit(draft, { type: 'attempt-started', step: path, attempt, agent, session: choice.use, entries });
  if (choice.warning) warn(draft, path, choice.warning.code, choice.warning.message);
  if (!Object.hasOwn(draft.state.plan.agents, agent)) {
    const failure = agentFailure(`no agent is named ${JSON.stringify(agent)} in this run`, true);
    return { do: 'fail-attempt', step: path, failure };
  }
  const started = stepAt(draft.state, path);
  if (!started) return undefined;
  if (attempt > 1 && overrides.worktree === 'reset') request(draft, started, { type: 'reset', to: started.before });
  else if (needsBaseline(draft.state, started, planned))
    request(draft, started, { type: 'checkpoint', since: started.before, baseline: true }, 'baseline');
  else return { do: 'work', step: path };
  return undefined;
}

/** The name as the new attempt reads it: `{attempt}` is its own number, `{prev.…}` the attempt before it. */
function agentOf(draft: Draft, step: StepPath, attempt: number, template: Template): string {
  const ahead = evolve(draft.state, { at: draft.at, type: 'attempt-started', step, attempt, entries: [] });
  const state = stepAt(ahead, step);
  return state ? evaluateName(ahead, state, template) : '';
}

/** A step that is judged by which files it changes is not judged by what a command of ours or an earlier run of it left behind. */
function needsBaseline(state: RunState, step: StepState, planned: AgentStep): boolean {
  const dirty = state.lanes[step.lane]?.dirty || (step.generation > 0 && step.attempt === 1);
  if (!dirty) return false;
  if (guardOf(state, step, planned).noWrite) return true;
  // Later attempts answer for the files of the earlier ones too.
  return planned.kind === 'code' && step.attempt === 1 && Boolean(taskOf(state, step)?.files.length);
}

/** The attempt is over; another one follows while the step has some left and one can help. */
export function failAttempt(draft: Draft, path: StepPath, failure: Failure): Following {
  const step = stepAt(draft.state, path);
  if (!step) return undefined;
  emit(draft, { type: 'attempt-ended', step: path, attempt: step.attempt, failure });
  if (failure.final) return { do: 'fail-step', step: path, failure };
  const over = exhausted(draft.state, step, draft.at);
  if (over) return { do: 'fail-step', step: path, failure: runLimit(`${failure.message}; ${over}`) };
  // A person's wish is granted, whatever the count.
  const allowed = attemptsOf(draft, step.address) + (failure.reason === 'person' ? step.attempt : 0);
  const next = nextAttemptOf(draft.state, step, failure);
  if (next.warning) warn(draft, path, 'no-progress', next.warning);
  if (next.attempt === undefined || next.attempt > allowed) return { do: 'fail-step', step: path, failure };
  return { do: 'attempt', step: path, attempt: next.attempt };
}
