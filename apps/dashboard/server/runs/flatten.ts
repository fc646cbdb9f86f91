import type { StepReport, TaskReport } from '@pawl/report';

/** A step or a task, and its place in the tree. */
export interface Placed {
  readonly node: StepReport | TaskReport;
  readonly parent: string | undefined;
  /** Among the steps, or the tasks, of its parent: both only grow. */
  readonly order: number;
  readonly depth: number;
}

export const isStep = (node: Placed['node']): node is StepReport => 'attempts' in node;

/** Parents before what is inside them. */
export function flatten(steps: readonly StepReport[]): readonly Placed[] {
  const found: Placed[] = [];
  const visit = (nodes: readonly Placed['node'][], parent: string | undefined, depth: number): void => {
    for (const [order, node] of nodes.entries()) {
      found.push({ node, parent, order, depth });
      visit(node.steps, node.path, depth + 1);
      if (isStep(node)) visit(node.tasks, node.path, depth + 1);
    }
  };
  visit(steps, undefined, 0);
  return found;
}
