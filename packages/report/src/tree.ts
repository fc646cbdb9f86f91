import type { Figures } from './figures.ts';
import { addFigures } from './figures.ts';
import type { AttemptReport, RunReport, StepReport, TaskReport } from './model.ts';

/**
 * The projection's working tree. `facts` are immutable records that an event replaces; `snapshot` is the finished
 * report of a node, kept until the node or something below it changes. A node without a snapshot has no ancestor with
 * one: that is why {@link forget} may stop early, and why a reader rebuilds only the changed paths.
 */
export interface RunNode {
  readonly parent: undefined;
  facts: RunFacts;
  readonly steps: StepNode[];
  snapshot: RunReport | undefined;
}
export interface StepNode {
  readonly parent: RunNode | TaskNode | StepNode;
  /** Names of its gates in the order of the plan: several run at a time, and end in any. */
  readonly gates: readonly string[];
  facts: Omit<StepReport, 'tasks' | 'steps'>;
  readonly tasks: TaskNode[];
  readonly steps: StepNode[];
  snapshot: StepReport | undefined;
}
export interface TaskNode {
  readonly parent: StepNode;
  facts: Omit<TaskReport, 'steps'>;
  readonly steps: StepNode[];
  snapshot: TaskReport | undefined;
}
export type RunFacts = Omit<
  RunReport,
  'steps' | 'running' | 'waiting' | 'queued' | 'warnings' | 'durationMs' | 'updatedAt' | 'totals'
> & {
  readonly totals: Figures;
};
type Node = RunNode | StepNode | TaskNode;

export function forget(node: Node): void {
  let next: Node | undefined = node;
  while (next?.snapshot) {
    next.snapshot = undefined;
    next = next.parent;
  }
}

export function changeStep(node: StepNode, change: Partial<StepNode['facts']>): void {
  node.facts = { ...node.facts, ...change };
  forget(node);
}

export function changeTask(node: TaskNode, change: Partial<TaskNode['facts']>): void {
  node.facts = { ...node.facts, ...change };
  forget(node);
}

export function changeRun(node: RunNode, change: Partial<RunFacts>): void {
  node.facts = { ...node.facts, ...change };
  forget(node);
}

/** The newest attempt of that number: a step that is begun again counts from 1 again. */
export function findAttempt(node: StepNode, attempt: number): AttemptReport | undefined {
  return node.facts.attempts.findLast((one) => one.attempt === attempt);
}

export function changeAttempt(node: StepNode, attempt: number, change: (old: AttemptReport) => AttemptReport): void {
  const index = node.facts.attempts.findLastIndex((one) => one.attempt === attempt);
  const old = node.facts.attempts[index];
  if (old) changeStep(node, { attempts: node.facts.attempts.with(index, change(old)) });
}

/** Adds to a node and everything above it. */
export function addTotals(node: Node, figures: Partial<Figures>): void {
  forget(node);
  let next: Node | undefined = node;
  while (next) {
    const totals = addFigures(next.facts.totals, figures);
    // One branch a type: a spread over the union would lose which facts belong to which node.
    if (next.parent === undefined) next.facts = { ...next.facts, totals };
    else if ('tasks' in next) next.facts = { ...next.facts, totals };
    else next.facts = { ...next.facts, totals };
    next = next.parent;
  }
}

export function stepReport(node: StepNode): StepReport {
  node.snapshot ??= { ...node.facts, tasks: node.tasks.map(taskReport), steps: node.steps.map(stepReport) };
  return node.snapshot;
}

function taskReport(node: TaskNode): TaskReport {
  node.snapshot ??= { ...node.facts, steps: node.steps.map(stepReport) };
  return node.snapshot;
}
