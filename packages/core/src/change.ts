import type { FrameId, StepPath } from './effects.ts';
import { frameAt, stepAt } from './lookup.ts';
import type { Frame, Lane, RunState, StepState } from './state.ts';

/** The state with one step changed; as it was where there is no such step. */
export function changeStep(state: RunState, path: StepPath, change: (step: StepState) => StepState): RunState {
  const step = stepAt(state, path);
  return step ? { ...state, steps: { ...state.steps, [path]: change(step) } } : state;
}

export function changeFrame(state: RunState, id: FrameId, change: (frame: Frame) => Frame): RunState {
  const frame = frameAt(state, id);
  return frame ? { ...state, frames: { ...state.frames, [id]: change(frame) } } : state;
}

export function changeLane(state: RunState, name: string, change: Partial<Lane>): RunState {
  const lane = Object.hasOwn(state.lanes, name) ? state.lanes[name] : undefined;
  return lane ? { ...state, lanes: { ...state.lanes, [name]: { ...lane, ...change } } } : state;
}

export function dropFrame(state: RunState, id: FrameId): RunState {
  const { [id]: _, ...frames } = state.frames;
  return { ...state, frames };
}

export function dropLane(state: RunState, name: string): RunState {
  const { [name]: _, ...lanes } = state.lanes;
  return { ...state, lanes };
}

/** What a serving workflow left of its last run: it begins anew. */
export function dropInside(state: RunState, prefix: StepPath, lane: string): RunState {
  const inside = (path: StepPath) => path.startsWith(`${prefix}/`);
  const gone = Object.values(state.frames).filter(({ owner }) => inside(owner));
  if (gone.length === 0) return dropSteps(state, prefix);
  const dropped = new Set(gone.map(({ id }) => id));
  const lanes = new Set(gone.map((frame) => frame.lane).filter((name) => name !== lane));
  const without = <T>(record: Readonly<Record<string, T>>, keys: ReadonlySet<string>) =>
    Object.fromEntries(Object.entries(record).filter(([key]) => !keys.has(key)));
  return dropSteps({ ...state, frames: without(state.frames, dropped), lanes: without(state.lanes, lanes) }, prefix);
}

/** Nothing outside a task can refer to its steps: the state stays as small as what runs. */
export function dropSteps(state: RunState, prefix: StepPath): RunState {
  const steps = Object.fromEntries(Object.entries(state.steps).filter(([path]) => !path.startsWith(`${prefix}/`)));
  return { ...state, steps };
}
