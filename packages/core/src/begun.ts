import type { RunEvent } from './events.ts';
import { initial } from './initial.ts';
import type { RunState } from './state.ts';

export function runStarted({ run, plan, from, at }: RunEvent & { readonly type: 'run-started' }): RunState {
  const { commit } = plan.base;
  const begun: RunState = {
    ...initial,
    status: 'running',
    run,
    plan,
    startedAt: at,
    lanes: { main: { head: commit, at: commit, dirty: false } },
  };
  if (!from) return begun;
  const { lanes, steps, frames, generation } = from;
  return shifted({ ...begun, lanes, steps, frames, generation }, () => at);
}

export function runResumed(state: RunState, event: RunEvent & { readonly type: 'run-resumed' }): RunState {
  const { failure: _, interrupted: _interrupted, endedAt = event.at, ...rest } = state;
  const generation = Math.max(state.generation, event.generation);
  const resumed: RunState = { ...rest, status: 'running', generation };
  // The time in which only people are waited for is left out already.
  return state.idleSince === undefined ? stoodStill(resumed, endedAt, event.at) : resumed;
}

/** Limits of time do not count the time in which nobody worked at the run. */
export function stoodStill(state: RunState, from: number, to: number): RunState {
  const ms = to - from;
  if (!(ms > 0)) return state;
  const later = (startedAt: number) => startedAt + ms;
  return shifted({ ...state, startedAt: later(state.startedAt) }, later);
}

/** The beginnings that limits count from. */
function shifted(state: RunState, when: (startedAt: number) => number): RunState {
  const move = <T extends { readonly startedAt: number; readonly spent?: unknown }>(
    record: Readonly<Record<string, T>>,
  ) =>
    Object.fromEntries(
      Object.entries(record).map(([key, one]) => [key, one.spent ? { ...one, startedAt: when(one.startedAt) } : one]),
    );
  return { ...state, steps: move(state.steps), frames: move(state.frames) };
}
