import { useMemo } from 'react';
import type { StepRow } from '../../../wire.ts';
import type { DrawnStep } from '../graph/layout.ts';
import { WorkflowGraph } from '../graph/workflow-graph.tsx';

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

function asPlan(steps: readonly StepRow[]): readonly DrawnStep[] {
  const inside = Map.groupBy(steps, ({ parent }) => parent ?? '');
  const of = (parent: string): readonly DrawnStep[] =>
    (inside.get(parent) ?? []).slice(0, mostTasks).map((step) => ({
      name: step.name,
      status: step.status,
      address: step.path,
      kind: step.kind,
      ...(step.agent !== undefined && { agent: step.agent }),
      gates: step.gates.map(({ name, status }) => ({ name: `${name} ${status}`, text: name })),
      ...(step.attempts.length > 1 && { retry: triedOf(step) }),
      ...(step.needs && { asks: 'after_gate' as const }),
      parallel: step.parallel,
      each: false,
      steps: of(step.path),
    }));
  return of('');
}

/** Each attempt with how it ended, and where it was handed on, to whom: `1 failed, 2 passed ↑ strong`. */
const triedOf = ({ attempts }: StepRow): string =>
  attempts
    .map(({ attempt, status, agent, escalatedFrom }) =>
      [attempt, status, ...(escalatedFrom === undefined ? [] : ['↑', agent])].join(' '),
    )
    .join(', ');
