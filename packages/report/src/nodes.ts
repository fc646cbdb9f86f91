import type { CallStep, Plan, PlannedStep, StepPath, StepStarted, Task } from '@pawl/core';
import { noFigures } from './figures.ts';
import type { StepReport } from './model.ts';
import { forget, type RunNode, type StepNode, type TaskNode } from './tree.ts';

/** The nodes by path, and how new ones come into the tree. */
export interface Nodes {
  readonly run: RunNode;
  readonly steps: Map<StepPath, StepNode>;
  readonly tasks: Map<StepPath, TaskNode>;
  /** Steps of the plan by address, those below a split included. */
  readonly planned: Map<string, PlannedStep>;
}

export function newNodes(): Nodes {
  const facts: RunNode['facts'] = {
    run: '',
    workflow: '',
    status: 'new',
    spec: '',
    repository: '',
    base: { commit: '' },
    totals: noFigures,
  };
  return {
    run: { parent: undefined, facts, steps: [], snapshot: undefined },
    steps: new Map(),
    tasks: new Map(),
    planned: new Map(),
  };
}

export function addPlan(nodes: Nodes, plan: Plan): void {
  const learn = (steps: readonly PlannedStep[]): void => {
    for (const step of steps) {
      nodes.planned.set(step.address, step);
      learn(insideOf(step));
      for (const call of servingCalls(step)) learn(call.steps);
    }
  };
  learn(plan.steps);
  addSteps(nodes, '', plan.steps);
}

function insideOf(step: PlannedStep): readonly PlannedStep[] {
  if (step.kind === 'group' || step.kind === 'call') return step.steps;
  return step.kind === 'split' ? step.each : [];
}

function servingCalls(step: PlannedStep): readonly CallStep[] {
  return [
    ...step.gates.flatMap((gate) => (gate.kind === 'validate' ? [gate.call] : [])),
    ...step.retry.entries.flatMap(({ validate }) => validate ?? []),
    ...('get' in step && step.get ? [step.get] : []),
  ];
}

/** Steps that wait, with those inside groups and calls. */
function addSteps(nodes: Nodes, prefix: string, steps: readonly PlannedStep[]): void {
  for (const step of steps) {
    const path = `${prefix}${step.name}`;
    stepNode(nodes, path, step.address);
    if (step.kind !== 'split') addSteps(nodes, `${path}/`, insideOf(step));
  }
}

/** The node of a step; made where the events never announced it. */
export function stepNode(nodes: Nodes, path: StepPath, address = path, place: Place = {}): StepNode {
  const known = nodes.steps.get(path);
  if (known) return known;
  const slash = path.lastIndexOf('/');
  const { parent, task } = parentOf(nodes, path, place.within);
  const planned = nodes.planned.get(address);
  const kind = planned?.kind;
  const node: StepNode = {
    parent,
    gates: planned?.gates.map(({ name }) => name) ?? [],
    facts: {
      path,
      name: path.slice(slash + 1),
      address,
      ...(kind === undefined ? {} : { kind }),
      ...(task === undefined ? {} : { task: task.facts.name }),
      ...(place.serves === undefined ? {} : { serves: place.serves }),
      status: 'pending',
      totals: noFigures,
      attempts: [],
      warnings: [],
    },
    tasks: [],
    steps: [],
    snapshot: undefined,
  };
  forget(parent);
  parent.steps.push(node);
  nodes.steps.set(path, node);
  return node;
}

/** Where events say that a step stands; otherwise its path does. */
export interface Place {
  readonly within?: StepStarted['parent'];
  readonly serves?: StepReport['serves'];
}

function parentOf(
  nodes: Nodes,
  path: StepPath,
  within: Place['within'],
): { readonly parent: StepNode['parent']; readonly task?: TaskNode } {
  if (within?.task !== undefined) {
    const task = newTask(nodes, within.step, within.task);
    return { parent: task, task };
  }
  if (within && within.step !== path) return { parent: stepNode(nodes, within.step) };
  const above = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
  const task = nodes.tasks.get(above);
  return task ? { parent: task, task } : { parent: nodes.steps.get(above) ?? nodes.run };
}

/** The node of a task that may never have been planned. */
export function newTask(nodes: Nodes, split: StepPath, name: string): TaskNode {
  return taskNode(nodes, split, { name, description: '', files: [] });
}

export function taskNode(nodes: Nodes, split: StepPath, task: Task): TaskNode {
  const path = `${split}/${task.name}`;
  const known = nodes.tasks.get(path);
  if (known) return known;
  const parent = stepNode(nodes, split);
  const node: TaskNode = {
    parent,
    facts: { path, name: task.name, description: task.description, status: 'pending', totals: noFigures },
    steps: [],
    snapshot: undefined,
  };
  forget(parent);
  parent.tasks.push(node);
  nodes.tasks.set(path, node);
  return node;
}

/** A task's own steps come into the tree when it starts: ten thousand waiting tasks need none. */
export function addTaskSteps(nodes: Nodes, node: TaskNode): void {
  const split = nodes.planned.get(node.parent.facts.address);
  if (split?.kind !== 'split') return;
  addSteps(nodes, `${node.facts.path}/`, split.each);
}
