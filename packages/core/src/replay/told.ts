import type { FrameId, StepPath } from '../effects.ts';
import type { RunEvent } from '../events.ts';
import { evolve } from '../evolve.ts';
import { rootFrame } from '../frames.ts';
import { initial } from '../initial.ts';
import { frameAt, stepAt } from '../lookup.ts';
import type { Frame, Lane, RunState } from '../state.ts';

/** What a log says of how things stood where a replay may begin. */
export interface Told {
  readonly end: RunState;
  /** Just before a step began, the last time it did. */
  readonly before: ReadonlyMap<StepPath, Began>;
  /** Just after a split's plan had passed. */
  readonly planned: ReadonlyMap<StepPath, { readonly state: RunState; readonly index: number }>;
  /** How many lanes its step had merged when a lane was opened. */
  readonly mergedAt: ReadonlyMap<FrameId, number>;
  /** Lanes that were merged, as they were then, by their frame. */
  readonly merged: ReadonlyMap<FrameId, { readonly frame: Frame; readonly lane: Lane }>;
}
export interface Began {
  readonly state: RunState;
  /** Of the event. */
  readonly index: number;
  readonly frame: FrameId;
  readonly address: string;
}

export function toldBy(events: readonly RunEvent[]): Told {
  const before = new Map<StepPath, Began>();
  const planned = new Map<StepPath, { state: RunState; index: number }>();
  const mergedAt = new Map<FrameId, number>();
  const merged = new Map<FrameId, { frame: Frame; lane: Lane }>();
  let state = initial;
  for (const [index, event] of events.entries()) {
    const next = evolve(state, event);
    if (event.type === 'run-started')
      for (const frame of Object.values(next.frames)) mergedAt.set(frame.id, mergedBy(next, frame));
    if (event.type === 'step-started')
      before.set(event.step, { state, index, frame: event.frame, address: event.address });
    if (event.type === 'step-started' || event.type === 'attempt-started') forget(next, event.step, merged);
    if (event.type === 'tasks-planned') planned.set(event.step, { state: next, index });
    if (event.type === 'frame-started' && event.frame !== rootFrame && !frameAt(state, event.frame)) {
      const frame = frameAt(next, event.frame);
      if (frame) mergedAt.set(event.frame, mergedBy(state, frame));
    }
    if (event.type === 'effect-settled' && event.outcome.kind === 'merged') remember(state, event.effect, merged);
    state = next;
  }
  return { end: state, before, planned, mergedAt, merged };
}

/**
 * The log as long as nothing around a place had begun afresh after it: what lies beside it then is of the same round.
 */
export function roundOf(
  events: readonly RunEvent[],
  from: { readonly state: RunState; readonly index: number },
  around: ReadonlySet<StepPath>,
): readonly RunEvent[] {
  let { state } = from;
  for (const [index, event] of events.entries()) {
    if (index < from.index) continue;
    state = evolve(state, event);
    if (index === from.index || (event.type !== 'step-started' && event.type !== 'attempt-started')) continue;
    if (around.has(event.step) && stepAt(state, event.step)?.opened === 0) return events.slice(0, index);
  }
  return events;
}

/** A step whose body runs again from the first step: what its lanes had given before is on its own lane for good. */
function forget(state: RunState, owner: StepPath, merged: Map<FrameId, { readonly frame: Frame }>): void {
  if (stepAt(state, owner)?.opened !== 0) return;
  for (const [id, { frame }] of merged) if (frame.owner === owner) merged.delete(id);
}

const mergedBy = (state: RunState, { owner }: Frame): number => stepAt(state, owner)?.merged ?? 0;

function remember(state: RunState, id: string, merged: Map<FrameId, { frame: Frame; lane: Lane }>): void {
  const effect = Object.hasOwn(state.open, id) ? state.open[id] : undefined;
  if (effect?.type !== 'merge') return;
  const frame = Object.values(state.frames).find((one) => one.owner === effect.step && one.lane === effect.from);
  const lane = state.lanes[effect.from];
  if (frame && lane) merged.set(frame.id, { frame, lane });
}
