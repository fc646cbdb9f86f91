import type { FrameId, StepPath } from './effects.ts';
import { frameAt, isAgentStep, plannedAt, stepAt } from './lookup.ts';
import type { AgentStep, CallStep, PlannedStep } from './plan.ts';
import type { Frame, RunState, StepState } from './state.ts';

/** The run's own steps. */
export const rootFrame: FrameId = '';

export const bodyFrame = (owner: StepPath, index: number): FrameId => `${owner}|${index}`;
export const conflictFrame = (owner: StepPath, index: number): FrameId => `${owner}|${index}:conflict`;
export const gateFrame = (owner: StepPath, gate: string): FrameId => `${owner}|gate:${gate}`;
export const getFrame = (owner: StepPath): FrameId => `${owner}|get`;
export const retryFrame = (owner: StepPath, entry: number): FrameId => `${owner}|retry:${entry}`;

/** The step that the workflow at this path runs before. */
export const servedBy = (path: StepPath): StepPath | undefined => /^(.+)\/get\/[^/]+$/.exec(path)?.[1];

/** Where the paths of a frame's steps begin. */
export function prefixOf(frame: Frame): StepPath {
  switch (frame.purpose) {
    case 'gate':
      return `${frame.owner}/gate/${frame.name}`;
    case 'get':
      return `${frame.owner}/get/${frame.name}`;
    case 'retry':
      return `${frame.owner}/retry/${frame.index}`;
    case 'body':
      return frame.task === undefined ? frame.owner : `${frame.owner}/${frame.task}`;
    case 'conflict':
      return `${frame.owner}/${frame.task ?? frame.name}`;
  }
}

export function stepsOf(state: RunState, frame: Frame): readonly PlannedStep[] {
  if (frame.id === rootFrame) return state.plan.steps;
  const owner = stepAt(state, frame.owner);
  const planned = owner && plannedAt(state.plan, owner.address);
  if (!planned) return [];
  if (frame.purpose === 'conflict') return [resolverOf(planned, frame.index) ?? []].flat();
  if (frame.purpose !== 'body') return servingCall(planned, frame)?.steps ?? [];
  if (isAgentStep(planned)) return planned.each;
  if (planned.kind === 'gate') return [];
  if (planned.kind === 'call' || !planned.parallel) return planned.steps;
  return planned.steps.slice(frame.index, frame.index + 1);
}

/** Who resolves a conflict of this lane: a split has one for all its tasks. */
export function resolverOf(planned: PlannedStep, index: number): AgentStep | undefined {
  const resolvers = 'parallel' in planned ? planned.parallel?.onConflict : undefined;
  return resolvers?.[planned.kind === 'split' ? 0 : index];
}

/** The workflow of a frame that serves its step: a gate's, a retry entry's, the one before an attempt. */
export function servingCall(planned: PlannedStep, frame: Frame): CallStep | undefined {
  if (frame.purpose === 'get') return isAgentStep(planned) ? planned.get : undefined;
  if (frame.purpose === 'retry') return planned.retry.entries[frame.index]?.validate;
  const gate = frame.purpose === 'gate' && planned.gates.find(({ name }) => name === frame.name);
  return gate && gate.kind === 'validate' ? gate.call : undefined;
}

/** Whether a step serves another one: then its worktree holds that one's unfinished work, which is not its own. */
export function isServing(state: RunState, frame: Frame | undefined): boolean {
  for (let inner = frame; inner && inner.id !== rootFrame; ) {
    if (inner.purpose !== 'body') return true;
    const owner = stepAt(state, inner.owner);
    inner = owner && frameAt(state, owner.frame);
  }
  return false;
}

/** How many frames a step's body has: its tasks; each step of a parallel group; else one. */
export function frameCount(step: StepState, planned: PlannedStep): number {
  if (isAgentStep(planned)) return step.tasks?.length ?? 0;
  if (planned.kind === 'gate') return 0;
  return planned.kind === 'group' && planned.parallel ? planned.steps.length : 1;
}

export const isParallel = (planned: PlannedStep): boolean =>
  (planned.kind === 'split' || planned.kind === 'group') && planned.parallel !== undefined;

export const bodyFrames = (state: RunState, owner: StepPath): readonly Frame[] =>
  Object.values(state.frames)
    .filter((frame) => frame.owner === owner && frame.purpose === 'body' && frame.id !== rootFrame)
    .sort((one, other) => one.index - other.index);

/** A step that failed while the steps inside it ran, or after them: it goes on there instead of working itself again. */
export function canReopen(state: RunState, path: StepPath): boolean {
  const step = stepAt(state, path);
  const planned = step && plannedAt(state.plan, step.address);
  if (!step || !planned || step.phase === 'passed' || step.phase === 'skipped') return false;
  // Of a replay: its plan is kept and its tasks are yet to begin.
  if (planned.kind === 'split' && step.phase === 'body' && step.tasks) return true;
  if (step.opened === 0) return false;
  return bodyFrames(state, path).length > 0 || (planned.kind !== 'split' && step.merged >= frameCount(step, planned));
}
