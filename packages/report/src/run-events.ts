import type { RunEvent } from '@pawl/core';
import { stepNode, taskNode } from './nodes.ts';
import { requested } from './settle.ts';
import type { ProjectionState } from './state.ts';
import { continueStep, stopStep } from './step-events.ts';
import { changeRun, changeStep, changeTask } from './tree.ts';

export function startRun(state: ProjectionState, event: RunEvent & { readonly type: 'run-started' }): void {
  const { run, plan, from, at } = event;
  const { commit, branch, repository } = plan.base;
  changeRun(state.nodes.run, {
    run,
    workflow: plan.workflow.name,
    status: 'running',
    spec: plan.spec.source,
    repository,
    base: { commit, ...(branch === undefined ? {} : { branch }) },
    startedAt: at,
    ...(from === undefined ? {} : { from: { run: from.run, step: from.step } }),
  });
  if (from) inherit(state, from);
}

/** What the run before had done: steps without attempts or figures of this run. */
function inherit(
  { nodes, takenOver }: ProjectionState,
  from: NonNullable<(RunEvent & { type: 'run-started' })['from']>,
): void {
  // A split before what is inside it: its tasks stand in the order of the plan.
  const steps = Object.values(from.steps).toSorted((one, other) => one.path.length - other.path.length);
  for (const step of steps) {
    const node = stepNode(nodes, step.path, step.address, step.parent === undefined ? {} : { within: step.parent });
    const { phase, commit } = step;
    for (const [index, task] of (step.tasks ?? []).entries()) {
      const inherited = taskNode(nodes, step.path, task);
      // Their steps are kept by the run that did them.
      if (phase === 'passed' || index < step.merged) changeTask(inherited, { status: 'passed' });
    }
    if (phase === 'passed' || phase === 'skipped')
      changeStep(node, { status: phase, ...(commit === undefined ? {} : { commit }) });
  }
  // Lanes whose steps are done: they begin again only to be merged.
  for (const { id, owner, cursor } of Object.values(from.frames)) {
    const split = nodes.planned.get(nodes.steps.get(owner)?.facts.address ?? '');
    if (split?.kind === 'split' && cursor >= split.each.length) takenOver.add(id);
  }
}

export function resumeRun({ nodes: { run, steps }, active, halted, open }: ProjectionState, at: number): void {
  for (const node of halted) {
    continueStep(node);
    active.add(node);
  }
  halted.clear();
  for (const [id, { effect, since }] of open) {
    // A person was asked all the while.
    open.set(id, { effect, since: effect.type === 'ask' ? since : at });
    requested(steps.get(effect.step), effect);
  }
  const { endedAt: _ended, failure: _failure, abortReason: _reason, ...facts } = run.facts;
  run.facts = facts;
  changeRun(run, { status: 'running' });
}

export function endRun(state: ProjectionState, event: RunEvent & { readonly type: 'run-ended' }): void {
  const { end, failure, reason, at } = event;
  const goesOn = state.open.size > 0;
  if (!goesOn) {
    state.halted.clear();
    state.queue.clear();
  }
  for (const node of state.active) {
    stopStep(node);
    if (goesOn) state.halted.add(node);
  }
  state.active.clear();
  changeRun(state.nodes.run, {
    status: end,
    endedAt: state.nodes.run.facts.endedAt ?? at,
    ...(failure === undefined ? {} : { failure }),
    ...(reason === undefined ? {} : { abortReason: reason }),
  });
}
