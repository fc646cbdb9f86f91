import type { RunEvent } from '@pawl/core';
import { stepNode, taskNode } from './nodes.ts';
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

export function resumeRun({ nodes: { run }, active, asking }: ProjectionState): void {
  for (const node of asking) {
    continueStep(node);
    active.add(node);
  }
  asking.clear();
  const { endedAt: _ended, failure: _failure, abortReason: _reason, ...facts } = run.facts;
  run.facts = facts;
  changeRun(run, { status: 'running' });
}

export function endRun(state: ProjectionState, event: RunEvent & { readonly type: 'run-ended' }): void {
  const { end, failure, at } = event;
  state.asking.clear();
  for (const node of state.active) {
    stopStep(node);
    if (state.open.size > 0) state.asking.add(node);
  }
  state.active.clear();
  state.queue.clear();
  changeRun(state.nodes.run, { status: end, endedAt: at, ...(failure === undefined ? {} : { failure }) });
}
