import { useMemo } from 'react';
import type { PlanStep, StepRow } from '../../../wire.ts';
import { WorkflowGraph } from '../graph/workflow-graph.tsx';

const marks = { pending: '○', running: '▸', passed: '✓', failed: '✗', stopped: '■', skipped: '–' } as const;

/** The steps of a run as a graph: it lives, and a task is a box of its own. */
export default function RunGraph({
  steps,
  onOpen,
}: {
  readonly steps: readonly StepRow[];
  readonly onOpen: (path: string) => void;
}) {
  const drawn = useMemo(() => asPlan(steps), [steps]);
  return <WorkflowGraph steps={drawn} onOpen={(step) => onOpen(step.address)} />;
}

const mostTasks = 60;

function asPlan(steps: readonly StepRow[]): readonly PlanStep[] {
  const inside = Map.groupBy(steps, ({ parent }) => parent ?? '');
  const of = (parent: string): readonly PlanStep[] =>
    (inside.get(parent) ?? []).slice(0, mostTasks).map((step) => ({
      name: `${marks[step.status]} ${step.name}`,
      address: step.path,
      kind: step.kind,
      ...(step.agent !== undefined && { agent: step.agent }),
      gates: step.gates.map(({ name, status }) => ({ name: `${name} ${status}`, text: name })),
      ...(step.attempts.length > 1 && { retry: `${step.attempts.length} attempts` }),
      ...(step.needs && { asks: 'after_gate' as const }),
      parallel: step.parallel,
      each: false,
      steps: of(step.path),
    }));
  return of('');
}
