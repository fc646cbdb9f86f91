import type { StepReport, TaskReport } from '@pawl/report';

/** A step or a task, and its place in the tree. */
export interface Placed {
  readonly node: StepReport | TaskReport;
  readonly parent: string | undefined;
  readonly order: number;
  readonly depth: number;
}

export const isStep = (node: Placed['node']): node is StepReport => 'attempts' in node;

/** Parents before what is inside them. */
export function flatten(steps: readonly StepReport[]): readonly Placed[] {
  const found: Placed[] = [];
  const visit = (node: Placed['node'], parent: string | undefined, depth: number): void => {
    found.push({ node, parent, order: found.length, depth });
    for (const step of node.steps) visit(step, node.path, depth + 1);
    if (isStep(node)) for (const task of node.tasks) visit(task, node.path, depth + 1);
  };
  for (const step of steps) visit(step, undefined, 0);
  return found;
}
