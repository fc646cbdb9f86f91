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

/** Limits of time do not count the time in which the run stood still. */
export function runResumed(state: RunState, event: RunEvent & { readonly type: 'run-resumed' }): RunState {
  const { failure: _, interrupted: _interrupted, endedAt, ...rest } = state;
  const stood = Math.max(0, event.at - (endedAt ?? event.at));
  const later = (startedAt: number) => startedAt + stood;
  const generation = Math.max(state.generation, event.generation);
  return shifted({ ...rest, status: 'running', queue: [], generation, startedAt: later(state.startedAt) }, later);
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
