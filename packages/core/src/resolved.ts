import { changeFrame } from './change.ts';
import { bodyFrame, resolverOf } from './frames.ts';
import { plannedAt, stepAt } from './lookup.ts';
import { pathOf } from './paths.ts';
import type { Frame, RunState } from './state.ts';

/** A lane's conflict is done with. If it was resolved, merging the lane must give what the resolver left. */
export function resolved(state: RunState, frame: Frame, end: 'passed' | 'failed'): RunState {
  const planned = plannedAt(state.plan, stepAt(state, frame.owner)?.address ?? '');
  const resolver = planned && resolverOf(planned, frame.index);
  const commit = resolver && stepAt(state, pathOf(frame, resolver))?.checkpoint?.commit;
  if (end === 'failed' || !frame.conflict || commit === undefined) return state;
  const resolution = { onto: frame.conflict.onto, commit };
  return changeFrame(state, bodyFrame(frame.owner, frame.index), (body) => ({ ...body, resolution }));
}
