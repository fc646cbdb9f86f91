import type { FrameId, StepPath } from './effects.ts';
import type { AgentStep, CallStep, Guard, Plan, PlannedGate, PlannedStep, Task } from './plan.ts';
import type { Frame, RunState, StepState } from './state.ts';

const indexes = new WeakMap<Plan, ReadonlyMap<string, PlannedStep>>();

/** The planned step of an address. A plan never changes, so its index is made once. */
export function plannedAt(plan: Plan, address: string): PlannedStep | undefined {
  let index = indexes.get(plan);
  if (!index) {
    index = new Map(allSteps(plan.steps).map((step) => [step.address, step]));
    indexes.set(plan, index);
  }
  return index.get(address);
}

/** Every step of a plan, with those inside steps, gates and retry entries. */
export function allSteps(steps: readonly PlannedStep[]): PlannedStep[] {
  return steps.flatMap((step) => [
    step,
    ...allSteps(insideOf(step)),
    ...serversOf(step).flatMap(({ steps: s }) => allSteps(s)),
    ...allSteps(('parallel' in step && step.parallel?.onConflict) || []),
  ]);
}

/** Those that can be named: workflows that serve a step are not among them. */
export function insideOf(step: PlannedStep): readonly PlannedStep[] {
  if (step.kind === 'gate') return [];
  return step.kind === 'group' || step.kind === 'call' ? step.steps : step.each;
}

/** Workflows that serve a step: its gates', its retry entries', the one before its attempts. */
function serversOf(step: PlannedStep): readonly CallStep[] {
  return [
    ...step.gates.flatMap((gate) => (gate.kind === 'validate' ? [gate.call] : [])),
    ...step.retry.entries.flatMap((entry) => entry.validate ?? []),
    ...('get' in step && step.get ? [step.get] : []),
  ];
}

export function agentStepAt(plan: Plan, address: string): AgentStep | undefined {
  const planned = plannedAt(plan, address);
  return planned && isAgentStep(planned) ? planned : undefined;
}

export const isAgentStep = (planned: PlannedStep): planned is AgentStep =>
  planned.kind !== 'gate' && planned.kind !== 'group' && planned.kind !== 'call';

/** The instance of a path. Names of steps and tasks are people's and agents': `constructor` is one of them. */
export const stepAt = (state: RunState, path: StepPath): StepState | undefined =>
  Object.hasOwn(state.steps, path) ? state.steps[path] : undefined;

export const frameAt = (state: RunState, id: FrameId): Frame | undefined =>
  Object.hasOwn(state.frames, id) ? state.frames[id] : undefined;

/** The step around this one. */
export const parentOf = (state: RunState, step: StepState): StepState | undefined =>
  step.parent && stepAt(state, step.parent.step);

/** The task a step runs for: of the innermost split around it. */
export function taskOf(state: RunState, step: StepState): Task | undefined {
  for (let inner: StepState | undefined = step; inner?.parent; inner = parentOf(state, inner)) {
    const { task } = inner.parent;
    if (task === undefined) continue;
    const split = parentOf(state, inner);
    const index = frameAt(state, inner.frame)?.index;
    const current = index === undefined ? undefined : split?.tasks?.[index];
    return current?.name === task ? current : split?.tasks?.find(({ name }) => name === task);
  }
  return undefined;
}

/** The gates of a step where it stands: a task that names its files adds one, and a conflict that is resolved. */
export function gatesOf(state: RunState, step: StepState): readonly PlannedGate[] {
  const planned = plannedAt(state.plan, step.address);
  if (!planned) return [];
  const globs = planned.kind === 'code' ? taskOf(state, step)?.files : undefined;
  const conflict = frameAt(state, step.frame)?.conflict;
  return [
    ...(conflict ? [{ name: 'conflict_marks', kind: 'conflict_marks', files: conflict.files } as const] : []),
    ...(globs?.length ? [{ name: 'task_files', kind: 'task_files', globs } as const] : []),
    ...planned.gates,
  ];
}

/** The guard where the step stands: inside a gate's or a retry entry's workflow nothing may be written. */
export function guardOf(state: RunState, step: StepState, planned: AgentStep): Guard {
  for (let inner: StepState | undefined = step; inner; inner = parentOf(state, inner)) {
    const purpose = frameAt(state, inner.frame)?.purpose;
    if (purpose === 'gate' || purpose === 'retry') return { ...planned.guard, noWrite: true };
  }
  return planned.guard;
}

/** The instance of an address that a step sees: itself, an enclosing step, a sibling of either, or what is inside one. */
export function locate(state: RunState, from: StepState, address: string): StepPath | undefined {
  for (let step: StepState | undefined = from; step; step = parentOf(state, step)) {
    if (step.address === address) return step.path;
    const container = above(step.address);
    if (container === '' || address.startsWith(`${container}/`)) {
      const rest = container === '' ? address : address.slice(container.length + 1);
      const place = above(step.path);
      return place === '' ? rest : `${place}/${rest}`;
    }
  }
  return undefined;
}

const above = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
