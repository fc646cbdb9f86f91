import { type Draft, emit, request } from '../draft.ts';
import type { FrameId, StepPath } from '../effects.ts';
import type { Failure, FrameStarted, Parent } from '../events.ts';
import { around } from '../failure.ts';
import { canReopen, prefixOf, rootFrame, servingCall, stepsOf } from '../frames.ts';
import { frameAt, plannedAt, stepAt } from '../lookup.ts';
import { pathOf } from '../paths.ts';
import type { PlannedStep } from '../plan.ts';
import { nextAttemptOf } from '../progress.ts';
import type { Frame, RunState, StepState } from '../state.ts';
import { evaluate } from '../template.ts';
import { conflictEnded } from './conflict.ts';
import type { Following, Next } from './next.ts';
import { beginStep } from './step.ts';
import { verdictOf } from './verdict.ts';

/** Begins a frame, or lets one that failed go on: then its steps are of a new generation. */
export function startFrame(draft: Draft, frame: Omit<FrameStarted, 'type' | 'generation'>): void {
  emit(draft, { type: 'frame-started', ...frame, generation: generationOf(draft.state, frame) });
}

/** A lane of its own for a frame, of a name that none had before. */
export function laneOf(
  state: RunState,
  frame: Pick<FrameStarted, 'frame' | 'step' | 'purpose'>,
  place: string,
): string {
  const generation = generationOf(state, frame);
  return generation > 0 ? `${place}@${generation}` : place;
}

/** What its steps' effects are told apart by from those of an earlier run of the frame. */
export function generationOf(state: RunState, frame: Pick<FrameStarted, 'frame' | 'step' | 'purpose'>): number {
  const owner = stepAt(state, frame.step);
  const kind = owner && plannedAt(state.plan, owner.address)?.kind;
  // In a later attempt of its step a frame has run before; but for a split's, which begin when its plan has passed.
  const later = owner !== undefined && owner.attempt > 1 && (frame.purpose !== 'body' || kind !== 'split');
  const answered = frame.purpose === 'gate' && (owner?.answer !== undefined || owner?.voided !== undefined);
  const again = frameAt(state, frame.frame) !== undefined || later || answered;
  return again ? state.generation + 1 : (owner?.generation ?? 0);
}

export function restart(draft: Draft, frame: Frame): void {
  const { id, owner, purpose, index, name, task, lane, inputs } = frame;
  startFrame(draft, {
    frame: id,
    step: owner,
    purpose,
    index,
    lane,
    ...(name !== undefined && { name }),
    ...(task !== undefined && { task }),
    ...(inputs && { inputs }),
  });
}

/** A frame that was started: one with a lane of its own needs its worktree first, also when it goes on. */
export function enterFrame(draft: Draft, id: FrameId): readonly Next[] {
  const frame = frameAt(draft.state, id);
  const owner = frame && stepAt(draft.state, frame.owner);
  if (!frame || !owner) return [];
  const { lane, index, purpose } = frame;
  if (lane === owner.lane) return [{ do: 'frame', frame: id }];
  const base = draft.state.lanes[lane]?.head ?? frame.base;
  request(
    draft,
    { ...owner, lane },
    { type: 'open-worktree', base },
    `open-worktree:${purpose === 'gate' ? lane : index}`,
  );
  return [];
}

/** A frame that judged in worktrees of its own has brought nothing: they are taken away. */
function closeLanes(draft: Draft, owner: StepState, lanes: readonly (readonly [name: string, base: string])[]): void {
  for (const [lane, base] of lanes)
    request(draft, { ...owner, lane }, { type: 'close-worktree', base }, `close-worktree:${lane}`);
}

function ownLanes(state: RunState, frame: Frame, owner: StepState): readonly (readonly [name: string, base: string])[] {
  const prefix = `${prefixOf(frame)}/`;
  const bases = Object.values(state.frames).flatMap(({ id, owner: inner, lane, base }) =>
    (id === frame.id || inner.startsWith(prefix)) && lane !== owner.lane && state.lanes[lane]?.path !== undefined
      ? [[lane, base] as const]
      : [],
  );
  return [...new Map(bases)];
}

/** Starts the next step of a sequence; after the last one the frame has passed. */
export function nextOfFrame(draft: Draft, id: FrameId): Following {
  const frame = frameAt(draft.state, id);
  if (frame?.status !== 'running') return undefined;
  const planned = stepsOf(draft.state, frame)[frame.cursor];
  if (!planned) return { do: 'frame-passed', frame: id };
  const path = pathOf(frame, planned);
  if (canReopen(draft.state, path)) return { do: 'reopen', step: path };
  const because = ownersFailure(draft, frame, planned);
  return beginStep(draft, planned, path, frame, parentOfFrame(frame), because);
}

const parentOfFrame = (frame: Frame): Parent | undefined =>
  frame.id === rootFrame ? undefined : { step: frame.owner, ...(frame.task !== undefined && { task: frame.task }) };

/** Steps that run again because a gate around them failed are told what it said. */
function ownersFailure(draft: Draft, frame: Frame, planned: PlannedStep): Failure | undefined {
  if (frame.purpose !== 'body' || frame.id === rootFrame) return undefined;
  const own = stepAt(draft.state, pathOf(frame, planned));
  const failure = stepAt(draft.state, frame.owner)?.previous?.failure;
  return own && !own.failure && failure?.reason !== 'steps' ? failure : undefined;
}

/** A sequence has ended: what it served goes on. */
export function frameEnded(draft: Draft, id: FrameId, failure: Failure | undefined): Following {
  const frame = frameAt(draft.state, id);
  if (!frame) return undefined;
  const judges = frame.purpose === 'gate' || frame.purpose === 'retry';
  const verdict = judges ? verdictOf(draft.state, frame, failure) : undefined;
  if (!failure && id !== rootFrame && returns(draft.state, frame)) returned(draft, frame);
  const owner = frame.purpose === 'gate' ? stepAt(draft.state, frame.owner) : undefined;
  const lanes = owner ? ownLanes(draft.state, frame, owner) : [];
  const end = failure ? 'failed' : 'passed';
  emit(draft, { type: 'frame-ended', step: frame.owner, frame: id, end, ...(failure && { failure }) });
  if (id === rootFrame) {
    const why = failure && { failure: { step: failure.step ?? '', message: failure.message } };
    emit(draft, { type: 'run-ended', end, ...why });
    return undefined;
  }
  switch (frame.purpose) {
    case 'gate': {
      const report = { ...verdict, pass: verdict?.pass ?? false, durationMs: draft.at - frame.startedAt };
      emit(draft, { type: 'gate-decided', step: frame.owner, gate: frame.name ?? '', report });
      if (owner) closeLanes(draft, owner, lanes);
      return { do: 'gates', step: frame.owner };
    }
    case 'retry': {
      emit(draft, { type: 'retry-decided', step: frame.owner, entry: frame.index, verdict: verdict?.pass ?? false });
      if (failure?.reason === 'cancelled') return { do: 'fail-step', step: frame.owner, failure: around(failure) };
      return { do: 'attempt', step: frame.owner, attempt: askedFor(draft.state, frame.owner) };
    }
    case 'get':
      return failure
        ? { do: 'fail-attempt', step: frame.owner, failure: around(failure) }
        : { do: 'work', step: frame.owner };
    case 'conflict':
      return conflictEnded(draft, frame, failure);
    case 'body':
      return { do: 'body', step: frame.owner };
  }
}

/** The attempt that was to follow when a retry entry's workflow was asked. */
function askedFor(state: RunState, path: StepPath): number {
  const step = stepAt(state, path);
  const next = step?.failure && nextAttemptOf(state, step, step.failure).attempt;
  return next ?? (step?.attempt ?? 0) + 1;
}

const returns = (state: RunState, { purpose, owner }: Frame): boolean =>
  purpose === 'get' ||
  (purpose === 'body' && plannedAt(state.plan, stepAt(state, owner)?.address ?? '')?.kind === 'call');

/** Outputs of a workflow that has passed, evaluated in the place of its last step. */
export function returned(draft: Draft, frame: Frame): void {
  const { state } = draft;
  const owner = stepAt(state, frame.owner);
  const planned = owner && plannedAt(state.plan, owner.address);
  const call = planned?.kind === 'call' ? planned : planned && servingCall(planned, frame);
  const inner = call?.steps.at(-1);
  const last = inner && stepAt(state, pathOf(frame, inner));
  const outputs =
    call && last
      ? Object.entries(call.outputs).map(([name, template]) => [name, evaluate(state, last, template)] as const)
      : [];
  emit(draft, { type: 'call-returned', step: prefixOf(frame), outputs: Object.fromEntries(outputs) });
}
