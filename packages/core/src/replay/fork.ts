import type { StepPath } from '../effects.ts';
import type { RunEvent } from '../events.ts';
import { isParallel, prefixOf, rootFrame, stepsOf } from '../frames.ts';
import { initial } from '../initial.ts';
import { frameAt, plannedAt, stepAt } from '../lookup.ts';
import { pathOf } from '../paths.ts';
import type { Fork, Frame, Lane, RunState, StepState } from '../state.ts';
import type { Place } from './places.ts';
import { roundOf, type Told, toldBy } from './told.ts';

/** Being made: what a replay begins with. */
interface Draft {
  readonly told: Told;
  readonly state: RunState;
  // Names are people's: `__proto__` is one of them.
  readonly steps: Map<StepPath, StepState>;
  readonly frames: Map<string, Frame>;
  readonly lanes: Map<string, Lane>;
}

/**
 * The state before a place, told level by level from the run's own steps down to it: what came before is kept, what
 * comes after is not, and neither are conversations. Lanes beside it are kept with their commits and merged again.
 */
export function forkAt(events: readonly RunEvent[], whole: Told, { kind, path }: Place): Fork | undefined {
  const began = kind === 'step' ? whole.before.get(path) : whole.planned.get(path);
  const state = began?.state;
  const split = kind === 'tasks' ? state && stepAt(state, path) : undefined;
  const innermost = kind === 'step' ? whole.before.get(path)?.frame : split?.frame;
  if (!state || innermost === undefined) return undefined;
  const chain = chainOf(state, innermost);
  const told = toldBy(roundOf(events, began, new Set(chain.map(({ owner }) => owner))));
  const draft: Draft = { told, state, steps: new Map(), frames: new Map(), lanes: new Map() };
  for (const [level, frame] of chain.entries()) keepFrame(draft, frame, chain[level + 1]);
  if (split) keepStep(draft, { ...container(split), opened: 0, merged: 0 });
  const main = draft.lanes.get('main');
  if (!main) return undefined;
  return {
    run: state.run,
    step: path,
    commit: main.head,
    lanes: Object.fromEntries(draft.lanes),
    steps: Object.fromEntries(draft.steps),
    frames: Object.fromEntries(draft.frames),
    generation: told.end.generation,
  };
}

/** From the run's own steps to the sequence that the place stands in. */
function chainOf(state: RunState, innermost: string): readonly Frame[] {
  const chain: Frame[] = [];
  for (let frame = frameAt(state, innermost); frame; ) {
    chain.unshift(frame);
    const owner = frame.id === rootFrame ? undefined : stepAt(state, frame.owner);
    frame = owner && frameAt(state, owner.frame);
  }
  return chain;
}

function keepFrame(draft: Draft, frame: Frame, next: Frame | undefined): void {
  const { state } = draft;
  for (const planned of stepsOf(state, frame).slice(0, frame.cursor)) keepInside(draft, state, pathOf(frame, planned));
  const { failure: _, ...rest } = frame;
  draft.frames.set(frame.id, { ...rest, status: frame.id === rootFrame ? 'running' : 'waiting' });
  const lane = laneAt(state, frame.lane);
  if (lane && !draft.lanes.has(frame.lane)) keepLane(draft, frame.lane, lane.head);
  const owner = next && stepAt(state, next.owner);
  const planned = owner && plannedAt(state.plan, owner.address);
  if (!next || !owner || !planned) return;
  if (!isParallel(planned)) {
    keepStep(draft, { ...container(owner), opened: next.index + 1, merged: next.index });
    return;
  }
  // The step's lane is where the next one began: what was merged since is merged again.
  keepLane(draft, owner.lane, next.base);
  const merged = draft.told.mergedAt.get(next.id) ?? 0;
  const beside = besideOf(draft, next, merged);
  const opened = Math.max(next.index, ...beside.map(({ index }) => index)) + 1;
  keepStep(draft, { ...container(owner), opened, merged });
}

/** Lanes of the same step that were not merged yet when this one was opened: as they were at the run's end. */
function besideOf(draft: Draft, { owner, id, index }: Frame, merged: number): readonly Frame[] {
  const { end, merged: gone } = draft.told;
  const left = Object.values(end.frames).filter((frame) => frame.owner === owner && frame.purpose === 'body');
  const done = Array.from(gone.values(), ({ frame }) => frame).filter((frame) => frame.owner === owner);
  const beside = new Map([...done, ...left].map((frame) => [frame.index, frame]));
  const kept = [...beside.values()].filter(
    (frame) => frame.id !== id && frame.index >= merged && frame.index !== index,
  );
  // What resolved a conflict is kept for the other run alone.
  for (const { failure: _, resolution: _resolved, ...frame } of kept) {
    draft.frames.set(frame.id, { ...frame, status: 'waiting' });
    const lane = laneAt(end, frame.lane) ?? gone.get(frame.id)?.lane;
    if (lane) keepLane(draft, frame.lane, lane.head);
    const prefix = frame.task === undefined ? childOf(draft, frame) : prefixOf(frame);
    keepInside(draft, end, prefix);
    keepFramesInside(draft, prefix);
  }
  return kept;
}

function childOf({ state }: Draft, frame: Frame): StepPath {
  const [planned] = stepsOf(state, frame);
  return planned ? pathOf(frame, planned) : prefixOf(frame);
}

function keepFramesInside(draft: Draft, prefix: StepPath): void {
  const { end } = draft.told;
  for (const frame of Object.values(end.frames)) {
    if (frame.owner !== prefix && !frame.owner.startsWith(`${prefix}/`)) continue;
    if (frame.purpose !== 'body') continue;
    const { failure: _, ...rest } = frame;
    draft.frames.set(frame.id, { ...rest, status: 'waiting' });
    const lane = laneAt(end, frame.lane);
    if (lane) keepLane(draft, frame.lane, lane.head);
  }
}

const laneAt = ({ lanes }: RunState, name: string): Lane | undefined =>
  Object.hasOwn(lanes, name) ? lanes[name] : undefined;

function keepInside(draft: Draft, state: RunState, prefix: StepPath): void {
  for (const step of Object.values(state.steps))
    if (step.path === prefix || step.path.startsWith(`${prefix}/`)) keepStep(draft, step);
}

const keepLane = (draft: Draft, name: string, head: string): void => {
  draft.lanes.set(name, { head, at: head, dirty: false });
};

/** Conversations stay with the run that had them. */
function keepStep(draft: Draft, { session: _, lostSession: _lost, ...step }: StepState): void {
  draft.steps.set(step.path, step);
}

/** A step around the place goes on with what is inside it, at its first attempt, as if nothing had failed. */
function container({ failure: _, previous: _before, answer: _answer, ...step }: StepState): StepState {
  const spent = step.spent && { spent: initial.spent };
  return { ...step, ...spent, phase: 'body', attempt: 1, entries: [], gates: {}, retryVerdicts: {} };
}
