import { exhausted, remaining, turnLimits } from '../budget.ts';
import { type Draft, emit, request } from '../draft.ts';
import type { StepPath } from '../effects.ts';
import { runLimit } from '../failure.ts';
import { getFrame } from '../frames.ts';
import { agentStepAt, guardOf, isAgentStep, plannedAt, stepAt } from '../lookup.ts';
import { expectedOf } from '../output.ts';
import { agentStart } from '../session.ts';
import type { RunState } from '../state.ts';
import { inputsOf } from './body.ts';
import { startFrame } from './frame.ts';
import type { Following, Next } from './next.ts';

/** What an attempt consists of before its gates: an agent's turn, the steps inside, or nothing. */
export function work(draft: Draft, path: StepPath): Following {
  const step = stepAt(draft.state, path);
  const planned = step && plannedAt(draft.state.plan, step.address);
  if (!step || !planned) return undefined;
  if (planned.kind === 'gate') return { do: 'gates', step: path };
  if (!isAgentStep(planned)) return { do: 'body', step: path };
  if (planned.get && !step.got) {
    const frame = getFrame(path);
    const inputs = inputsOf(draft.state, step, planned.get);
    startFrame(draft, { frame, step: path, purpose: 'get', index: 0, name: planned.get.name, lane: step.lane, inputs });
    return { do: 'frame', frame };
  }
  if (planned.agent) return { do: 'agent', step: path };
  // Nobody works: the files as they are are what the gates judge.
  request(draft, step, { type: 'checkpoint', since: step.before });
  return undefined;
}

export function requestAgent(draft: Draft, path: StepPath): Following {
  const step = stepAt(draft.state, path);
  const planned = step && agentStepAt(draft.state.plan, step.address);
  if (!step || !planned) return undefined;
  const message = exhausted(draft.state, step, draft.at);
  if (message) return { do: 'fail-attempt', step: path, failure: runLimit(message) };
  const provider = providerOf(draft.state, step.agent);
  if (!hasRoom(draft.state, provider)) {
    if (step.phase !== 'queued') emit(draft, { type: 'turn-queued', step: path, provider });
    return undefined;
  }
  request(draft, step, {
    type: 'run-agent',
    agent: step.agent ?? '',
    start: agentStart(draft.state, step),
    access: planned.access,
    limits: turnLimits(guardOf(draft.state, step, planned), remaining(draft.state, step, draft.at)),
    expect: expectedOf(planned),
    ...(planned.worktree === 'none' && { apart: true as const }),
    interruptions: step.interruptions,
  });
  return undefined;
}

/** A turn has ended: who waited for its provider may begin, first come first. */
export function nextInQueue(state: RunState): readonly Next[] {
  const room = new Map<string, number>();
  return state.queue.flatMap((path): Next[] => {
    const provider = providerOf(state, stepAt(state, path)?.agent);
    const left = room.get(provider) ?? limitOf(state, provider) - running(state, provider);
    room.set(provider, left - 1);
    return left > 0 ? [{ do: 'agent', step: path }] : [];
  });
}

const providerOf = (state: RunState, agent: string | undefined): string =>
  (agent !== undefined && Object.hasOwn(state.plan.agents, agent) && state.plan.agents[agent]?.provider) || '';

function limitOf(state: RunState, provider: string): number {
  const limits = state.plan.settings.providerLimits ?? {};
  return Math.max(1, (Object.hasOwn(limits, provider) ? limits[provider] : undefined) ?? Number.POSITIVE_INFINITY);
}

const running = (state: RunState, provider: string): number =>
  Object.values(state.open).filter(
    (effect) => effect.type === 'run-agent' && providerOf(state, effect.agent) === provider,
  ).length;

const hasRoom = (state: RunState, provider: string): boolean => running(state, provider) < limitOf(state, provider);
