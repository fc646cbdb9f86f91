import { type Draft, emit, request } from '../draft.ts';
import type { EffectType, StepPath } from '../effects.ts';
import type { Failure } from '../events.ts';
import { around } from '../failure.ts';
import { bodyFrame, bodyFrames, frameCount, isParallel } from '../frames.ts';
import { plannedAt, stepAt } from '../lookup.ts';
import type { CallStep, PlannedStep } from '../plan.ts';
import type { RunState, StepState } from '../state.ts';
import { evaluate } from '../template.ts';
import { enterFrame, laneOf, restart, startFrame } from './frame.ts';
import type { Following, Next } from './next.ts';

/** Opens as many frames of a step's body as may run, merges those that passed in order, and ends the body. */
export function nextOfBody(draft: Draft, path: StepPath): Following {
  const step = stepAt(draft.state, path);
  const planned = step && plannedAt(draft.state.plan, step.address);
  // It may have ended in the meantime: several of its frames can end in one decision.
  if (!step || !planned || (step.phase !== 'body' && step.phase !== 'starting')) return undefined;
  const total = frameCount(step, planned);
  mergeNext(draft, path, planned);
  const frames = bodyFrames(draft.state, path);
  const failed = frames.filter((frame) => frame.status === 'failed');
  if (failed.length === 0) {
    const started = openFrames(draft, path, planned, total);
    if (started.length > 0) return started;
  }
  const busy = frames.some((frame) => frame.status === 'running') || isMerging(draft.state, path);
  if (busy) return undefined;
  const failures = failed.flatMap(({ failure }) => failure ?? []);
  const [first] = failures;
  if (first) return bodyFailed(draft, path, planned, [first, ...failures.slice(1)]);
  return (stepAt(draft.state, path)?.merged ?? 0) >= total ? bodyPassed(path, planned) : undefined;
}

function openFrames(draft: Draft, path: StepPath, planned: PlannedStep, total: number): readonly Next[] {
  const most = limitOf(draft.state, planned);
  const started: Next[] = [];
  for (;;) {
    const step = stepAt(draft.state, path);
    const frames = bodyFrames(draft.state, path);
    const running = frames.filter((frame) => frame.status === 'running').length;
    if (!step || running >= most) return started;
    const waiting = frames.find((frame) => frame.status === 'waiting');
    if (waiting) {
      restart(draft, waiting);
      started.push(...enterFrame(draft, waiting.id));
      continue;
    }
    if (step.opened >= total) return started;
    // One after the other: the next begins when the one before is done with.
    if (!isParallel(planned) && step.opened > step.merged) return started;
    started.push(...openFrame(draft, step, planned, step.opened));
  }
}

function limitOf(state: RunState, planned: PlannedStep): number {
  if ((planned.kind !== 'split' && planned.kind !== 'group') || !planned.parallel) return 1;
  return Math.max(1, planned.parallel.max ?? state.plan.settings.maxParallel ?? Number.POSITIVE_INFINITY);
}

function openFrame(draft: Draft, step: StepState, planned: PlannedStep, index: number): readonly Next[] {
  const frame = bodyFrame(step.path, index);
  const task = step.tasks?.[index]?.name;
  const parallel = isParallel(planned);
  const child = planned.kind === 'group' && parallel ? planned.steps[index]?.name : undefined;
  const place = [step.path, ...(task === undefined ? [] : [task]), ...(child === undefined ? [] : [child])].join('/');
  const lane = parallel ? laneOf(draft.state, { frame, step: step.path, purpose: 'body' }, place) : step.lane;
  const inputs = planned.kind === 'call' ? inputsOf(draft.state, step, planned) : undefined;
  startFrame(draft, {
    frame,
    step: step.path,
    purpose: 'body',
    index,
    lane,
    ...(task !== undefined && { task }),
    ...(inputs && { inputs }),
  });
  return enterFrame(draft, frame);
}

export const inputsOf = (state: RunState, step: StepState, call: CallStep) =>
  Object.fromEntries(Object.entries(call.inputs).map(([name, template]) => [name, evaluate(state, step, template)]));

/** Or what cannot be merged is being made to fit. */
const isMerging = (state: RunState, owner: StepPath): boolean =>
  Object.values(state.open).some(({ type, step }) => merges.has(type) && step === owner) ||
  Object.values(state.frames).some((frame) => frame.owner === owner && frame.purpose === 'conflict');

const merges: ReadonlySet<EffectType> = new Set(['merge', 'stage-conflict']);

/** One merge at a time, in the plan's order: two into one branch do not commute. */
function mergeNext(draft: Draft, path: StepPath, planned: PlannedStep): void {
  const step = stepAt(draft.state, path);
  if (!step || !isParallel(planned) || isMerging(draft.state, path)) return;
  const frame = bodyFrames(draft.state, path).find(({ index, status }) => index === step.merged && status === 'passed');
  const head = frame && draft.state.lanes[frame.lane]?.head;
  const onto = draft.state.lanes[step.lane]?.head;
  if (!frame || head === undefined || onto === undefined) return;
  const again = frame.generation > step.generation ? `.${frame.generation}` : '';
  const resolution = frame.resolution?.onto === onto ? frame.resolution.commit : undefined;
  const merge = { type: 'merge', from: frame.lane, base: frame.base, head, onto } as const;
  const name = `merge:${frame.index}${again}`;
  if (resolution === undefined) request(draft, step, merge, name);
  else request(draft, step, { ...merge, resolution }, `${name}.resolved`);
}

function bodyFailed(
  draft: Draft,
  path: StepPath,
  planned: PlannedStep,
  inner: readonly [Failure, ...Failure[]],
): Following {
  const failure = around(inner[0]);
  if (planned.kind !== 'split') return { do: 'fail-attempt', step: path, failure };
  // Attempts of a split are its planner's: its plan stays, and the tasks that failed go on.
  const round = (stepAt(draft.state, path)?.round ?? 1) + 1;
  if (round > planned.retry.attempts || inner.some((one) => one.final || hasRetry(draft.state, one)))
    return { do: 'fail-step', step: path, failure };
  emit(draft, { type: 'step-reopened', step: path, generation: draft.state.generation + 1, round });
  return { do: 'body', step: path };
}

/** A step that has a retry of its own has had all its attempts. */
function hasRetry(state: RunState, { step: path }: Failure): boolean {
  const step = path === undefined ? undefined : stepAt(state, path);
  return ((step && plannedAt(state.plan, step.address))?.retry.attempts ?? 1) > 1;
}

const bodyPassed = (step: StepPath, { kind }: PlannedStep): Following => ({
  do: kind === 'split' ? 'pass' : 'gates',
  step,
});
