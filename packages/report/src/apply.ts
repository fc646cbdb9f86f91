import type { Effect, EffectId, Outcome, RunEvent } from '@pawl/core';
import { noTime } from './figures.ts';
import { beginFrame, decideGate, endFrame } from './frame-events.ts';
import type { Warning } from './model.ts';
import { addPlan, stepNode, taskNode } from './nodes.ts';
import { endRun, resumeRun, startRun } from './run-events.ts';
import { requested, settled } from './settle.ts';
import type { ProjectionState } from './state.ts';
import { endAttempt, endStep, noProgress, reopenStep, startAttempt, startStep } from './step-events.ts';
import { addTotals, changeRun, changeStep } from './tree.ts';

/**
 * One event into the state: O(depth of its step), but for the end of the run, which looks at what was still going.
 * An event of a type that is not known moves the time on and nothing else.
 */
export function apply(state: ProjectionState, event: RunEvent): void {
  const { nodes } = state;
  const { at } = event;
  nodes.run.snapshot = undefined;
  if (nodes.run.facts.startedAt === undefined) changeRun(nodes.run, { startedAt: at });
  passTime(state, event);
  // Clocks are set back now and then; a report's time is not.
  state.updatedAt = Math.max(state.updatedAt ?? at, at);
  switch (event.type) {
    case 'run-started':
      addPlan(nodes, event.plan);
      startRun(state, event);
      break;
    case 'step-started':
      beginStep(state, event);
      break;
    case 'attempt-started':
      startAttempt(state, event, at);
      break;
    case 'effect-requested':
      openEffect(state, event.effect, at);
      requested(nodes.steps.get(event.effect.step), event.effect);
      break;
    case 'effect-settled':
      settle(state, event.effect, event.outcome, at);
      break;
    case 'attempt-ended':
      state.queue.delete(event.step);
      endAttempt(stepNode(nodes, event.step), event.attempt, at, event.failure);
      break;
    case 'tasks-planned':
      for (const task of event.tasks) taskNode(nodes, event.step, task);
      break;
    case 'frame-started':
      beginFrame(state, event, at);
      break;
    case 'frame-ended':
      endFrame(state, event.frame, event.end, at);
      break;
    case 'gate-decided':
      decideGate(state, event.step, event.gate, event.report);
      break;
    case 'turn-queued':
      state.queue.set(event.step, { step: event.step, provider: event.provider, since: at });
      break;
    case 'step-reopened':
      reopenStep(state, stepNode(nodes, event.step), at);
      break;
    case 'step-ended':
      endStep(state, stepNode(nodes, event.step), event.end, at, event.commit);
      break;
    case 'warned':
      warn(state, { at, step: event.step, code: event.code, message: event.message });
      break;
    case 'abort-requested':
      if (nodes.run.facts.endedAt === undefined || nodes.run.facts.status === 'interrupted')
        changeRun(nodes.run, { status: 'stopping', abortReason: event.reason });
      state.queue.clear();
      break;
    case 'run-resumed':
      resumeRun(state, at);
      break;
    case 'run-ended':
      endRun(state, event);
      break;
  }
}

function passTime({ clock, nodes, queue, updatedAt }: ProjectionState, event: RunEvent): void {
  const ended = nodes.run.facts.endedAt !== undefined;
  clock.pass(event.at - (updatedAt ?? event.at), event, { ended, queued: queue.size > 0 });
}

function openEffect(state: ProjectionState, effect: Effect, since: number): void {
  const again = state.open.get(effect.id);
  if (again) state.clock.end(again.effect);
  state.clock.begin(effect);
  state.open.set(effect.id, { effect, since });
  const turn = effect.type === 'run-agent' ? state.queue.get(effect.step) : undefined;
  if (!turn) return;
  state.queue.delete(effect.step);
  const node = state.nodes.steps.get(effect.step) ?? state.nodes.run;
  addTotals(node, { time: { ...noTime, waitingMs: Math.max(0, since - turn.since) } });
}

function beginStep(state: ProjectionState, event: RunEvent & { readonly type: 'step-started' }): void {
  const { step, address, parent: within, frame, lane, at } = event;
  const serving = state.frames.get(frame);
  const serves =
    serving === undefined || serving.purpose === 'body'
      ? undefined
      : { purpose: serving.purpose, name: serving.name ?? serving.task ?? '' };
  startStep(
    state,
    stepNode(state.nodes, step, address, { ...(within && { within }), ...(serves && { serves }) }),
    at,
    lane,
  );
}

function settle(state: ProjectionState, id: EffectId, outcome: Outcome, at: number): void {
  const open = state.open.get(id);
  if (!open) return;
  state.open.delete(id);
  state.clock.end(open.effect);
  const { run, steps } = state.nodes;
  settled(steps.get(open.effect.step) ?? run, open, outcome, at);
  if (outcome.kind === 'worktree-opened' && run.facts.branch === undefined) {
    changeRun(run, { branch: outcome.branch, worktree: outcome.path });
  }
}

function warn(state: ProjectionState, warning: Warning): void {
  state.warnings.push(warning);
  const node = state.nodes.steps.get(warning.step);
  if (!node) return;
  changeStep(node, { warnings: [...node.facts.warnings, warning] });
  if (warning.code === 'no-progress') noProgress(node, warning.message);
}
