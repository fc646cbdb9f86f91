import type { Workflow, WorkflowStep } from '../workflow.ts';

/** Path of the step whose verdict is that of the workflow: its last `validate`, also in a group. */
export function lastVerdict({ steps }: Workflow): string | undefined {
  return lastIn(steps, '');
}

function lastIn(steps: readonly WorkflowStep[], prefix: string): string | undefined {
  for (const step of steps.toReversed()) {
    const path = prefix + step.name.text;
    if (step.kind === 'validate') return path;
    const inside = step.kind === 'group' ? lastIn(step.steps, `${path}/`) : undefined;
    if (inside !== undefined) return inside;
  }
  return undefined;
}
