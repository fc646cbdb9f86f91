import type { Plan, PlannedStep } from '@pawl/core';
import type { RunReport } from '@pawl/report';
import type { StepRow } from '../../wire.ts';
import { figuresOf } from './figures.ts';
import { isStep, type Placed } from './flatten.ts';

/** One line of the tree. */
export function stepRowOf(
  { node, parent, order, depth }: Placed,
  waiting: RunReport['waiting'],
  plan: Plan | undefined,
): StepRow {
  const common = {
    path: node.path,
    ...(parent !== undefined && { parent }),
    order,
    depth,
    name: node.name,
    status: node.status,
    ...(node.startedAt !== undefined && { startedAt: node.startedAt }),
    ...(node.endedAt !== undefined && { endedAt: node.endedAt }),
    figures: figuresOf(node.totals),
  };
  if (!isStep(node))
    return { ...common, kind: 'task', parallel: false, text: node.description, attempts: [], gates: [], needs: false };
  const last = node.attempts.at(-1);
  return {
    ...common,
    kind: node.kind ?? 'step',
    parallel: isParallel(plan, node.address),
    ...(node.serves && { serves: node.serves }),
    ...(node.agent !== undefined && { agent: node.agent }),
    ...(node.lane !== undefined && { lane: node.lane }),
    attempts: node.attempts.map(({ attempt, status, agent, escalatedFrom }) => ({
      attempt,
      status,
      ...(agent !== undefined && { agent }),
      ...(escalatedFrom !== undefined && { escalatedFrom }),
    })),
    gates: (last?.gates ?? []).map(({ name, status }) => ({ name, status })),
    needs: waiting.some(({ step }) => step === node.path),
  };
}

const indexes = new WeakMap<Plan, ReadonlySet<string>>();

/** Whether what is inside runs side by side. */
function isParallel(plan: Plan | undefined, address: string): boolean {
  if (!plan) return false;
  let found = indexes.get(plan);
  if (!found) {
    found = new Set(parallelOf(plan.steps));
    indexes.set(plan, found);
  }
  return found.has(address);
}

function parallelOf(steps: readonly PlannedStep[]): readonly string[] {
  return steps.flatMap((step) => {
    if (step.kind === 'gate') return [];
    const inside = step.kind === 'group' || step.kind === 'call' ? step.steps : step.each;
    const own = 'parallel' in step && step.parallel !== undefined ? [step.address] : [];
    return [...own, ...parallelOf(inside)];
  });
}
