import type { FrameId, FrameStarted, GateReport, StepPath } from '@pawl/core';
import type { GateResult } from './model.ts';
import { addTaskSteps, newTask } from './nodes.ts';
import { ofReport, withGate } from './settle.ts';
import type { ProjectionState } from './state.ts';
import { changeAttempt, changeTask } from './tree.ts';

/** A task begins or goes on; or a workflow that judges does. */
export function beginFrame(state: ProjectionState, frame: FrameStarted, at: number): void {
  const { nodes, frames, takenOver } = state;
  const before = frames.get(frame.frame);
  frames.set(frame.frame, frame);
  if (frame.purpose === 'body' && frame.task !== undefined) {
    const node = newTask(nodes, frame.step, frame.task);
    const { endedAt: _again, ...facts } = node.facts;
    node.facts = facts;
    changeTask(node, { status: 'running', startedAt: before ? (facts.startedAt ?? at) : at });
    if (!takenOver.delete(frame.frame)) addTaskSteps(nodes, node);
  }
  if (frame.purpose === 'gate' && frame.name !== undefined)
    judged(state, frame.step, { name: frame.name, kind: 'validate', status: 'running' });
}

export function endFrame(state: ProjectionState, id: FrameId, end: 'passed' | 'failed', at: number): void {
  const frame = state.frames.get(id);
  if (frame?.purpose === 'body' && frame.task !== undefined)
    changeTask(newTask(state.nodes, frame.step, frame.task), { status: end, endedAt: at });
}

export function decideGate(state: ProjectionState, step: StepPath, name: string, report: GateReport): void {
  judged(state, step, { name, kind: 'validate', ...ofReport(report) });
}

/** Its time is that of the steps inside it: it is not counted again. */
function judged({ nodes }: ProjectionState, step: StepPath, gate: GateResult): void {
  const node = nodes.steps.get(step);
  const last = node?.facts.attempts.at(-1);
  if (node && last) changeAttempt(node, last.attempt, (old) => ({ ...old, gates: withGate(node, old, gate) }));
}
