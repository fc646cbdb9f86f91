import { remaining } from '../budget.ts';
import { type Draft, request } from '../draft.ts';
import { gateFrame } from '../frames.ts';
import { onlyReads, runsCommand } from '../gate-kinds.ts';
import { frameAt, gatesOf } from '../lookup.ts';
import { roundOf } from '../pause.ts';
import type { PlannedGate, PlannedStep } from '../plan.ts';
import type { Frame, RunState, StepState } from '../state.ts';
import { inputsOf } from './body.ts';
import { enterFrame, laneOf, startFrame } from './frame.ts';
import type { Next } from './next.ts';

type Validator = PlannedGate & { readonly kind: 'validate' };

/**
 * Begins what may run of the gates that are left. Those that need the step's worktree have it one after the other;
 * workflows that only read have one of their own, with the files as the step left them, beside these and each other.
 */
export function beginGates(draft: Draft, step: StepState, planned: PlannedStep, left: readonly PlannedGate[]): Next[] {
  const next: Next[] = [];
  for (const gate of left) {
    if (isUnderWay(draft.state, step, gate)) continue;
    const apart = gate.kind === 'validate' && runsApart(draft.state, step, gate);
    if (apart ? !hasRoom(draft.state, step) : isTaken(draft.state, step)) continue;
    if (gate.kind === 'validate') next.push(...beginValidator(draft, step, gate, apart));
    else runGate(draft, step, planned, gate);
  }
  return next;
}

/** Something of the step's gates has not ended yet. */
export const isAtWork = (state: RunState, step: StepState): boolean =>
  Object.values(state.open).some((effect) => effect.step === step.path) || judging(state, step).length > 0;

function runGate(draft: Draft, step: StepState, planned: PlannedStep, gate: PlannedGate): void {
  const { gateTimeoutMs } = draft.state.plan.settings;
  const wallMs = Math.min(gateTimeoutMs, remaining(draft.state, step, draft.at).wallMs ?? gateTimeoutMs);
  // A person changed something after the gates had run: they run again.
  request(draft, step, { type: 'run-gate', gate, wallMs }, `gate:${gate.name}${roundOf(step, planned)}`);
}

function beginValidator(draft: Draft, step: StepState, gate: Validator, apart: boolean): readonly Next[] {
  const frame = gateFrame(step.path, gate.name);
  const what = { frame, step: step.path, purpose: 'gate', index: 0, name: gate.name } as const;
  const lane = apart ? laneOf(draft.state, what, `${step.path}/gate/${gate.name}`) : step.lane;
  startFrame(draft, { ...what, lane, inputs: inputsOf(draft.state, step, gate.call) });
  return enterFrame(draft, frame);
}

/** It would be alone with nothing that takes time: then another worktree only costs. */
function runsApart(state: RunState, step: StepState, gate: Validator): boolean {
  const slow = gatesOf(state, step).filter(({ kind }) => kind === 'validate' || runsCommand(kind));
  return slow.length > 1 && onlyReads(gate.call);
}

const hasRoom = (state: RunState, step: StepState): boolean =>
  judging(state, step).filter(({ lane }) => lane !== step.lane).length <
  Math.max(1, state.plan.settings.maxParallel ?? Number.POSITIVE_INFINITY);

const isTaken = (state: RunState, step: StepState): boolean =>
  Object.values(state.open).some(({ lane }) => lane === step.lane) ||
  judging(state, step).some(({ lane }) => lane === step.lane);

const isUnderWay = (state: RunState, step: StepState, { name }: PlannedGate): boolean =>
  Object.values(state.open).some(
    (effect) => effect.type === 'run-gate' && effect.step === step.path && effect.gate.name === name,
  ) || judging(state, step).some((frame) => frame.name === name);

/** Workflows that judge the step now. One of an older generation is what a run left when it was stopped. */
const judging = (state: RunState, step: StepState): readonly Frame[] =>
  gatesOf(state, step).flatMap(({ name }) => {
    const frame = frameAt(state, gateFrame(step.path, name));
    return frame && frame.generation >= step.generation ? [frame] : [];
  });
