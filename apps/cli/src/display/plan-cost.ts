import { isAgentStep, type Plan, type PlannedStep } from '@pawl/core';

/** What a run of the plan could cost at most, in words. A figure is given only where something holds it. */
export function costText(plan: Plan): string {
  const own = mostOf(plan.steps, 1);
  const { costUsd } = plan.limits;
  const sum = 'unbounded' in own ? undefined : own.usd;
  if (costUsd !== undefined && (sum === undefined || sum >= costUsd))
    return `${money(costUsd)}: the run stops there, but for what a turn under way spends beyond it`;
  if (sum !== undefined) return `${money(sum)}: all attempts of all steps at their guards`;
  const where = 'unbounded' in own ? own.unbounded : '';
  return `not bounded: the workflow has no max_budget, nor has the guard of ${where}`;
}

type Most = { readonly usd: number } | { readonly unbounded: string };

/** Of a split the tasks are not known: only without agents in them there is a sum. */
function mostOf(steps: readonly PlannedStep[], times: number): Most {
  let usd = 0;
  for (const step of steps) {
    const most = mostOfStep(step, times);
    if ('unbounded' in most) return most;
    usd += most.usd;
  }
  return { usd };
}

function mostOfStep(step: PlannedStep, times: number): Most {
  const loops = step.kind === 'group' && step.loop ? step.loop.max : step.retry.attempts;
  const attempts = times * Math.max(1, loops);
  const served = mostOf(
    [
      ...step.gates.flatMap((gate) => (gate.kind === 'validate' ? [gate.call] : [])),
      ...step.retry.entries.flatMap(({ validate }) => validate ?? []),
      ...(isAgentStep(step) && step.get ? [step.get] : []),
      ...(('parallel' in step && step.parallel?.onConflict) || []),
    ],
    attempts,
  );
  if ('unbounded' in served) return served;
  const own = ownMost(step, attempts);
  return 'unbounded' in own ? own : { usd: own.usd + served.usd };
}

function ownMost(step: PlannedStep, attempts: number): Most {
  if (step.kind === 'gate') return { usd: 0 };
  if (step.kind === 'group') return mostOf(step.steps, attempts);
  if (step.kind === 'call') {
    const inner = mostOf(step.steps, attempts);
    const limit = step.limits.costUsd;
    if (limit === undefined) return inner;
    return { usd: 'unbounded' in inner ? limit * attempts : Math.min(inner.usd, limit * attempts) };
  }
  if (step.agent === undefined) return { usd: 0 };
  if (step.each.some(hasAgent)) return { unbounded: step.each.map(({ address }) => address).join(', ') };
  const { costUsd } = step.guard;
  return costUsd === undefined ? { unbounded: step.address } : { usd: costUsd * attempts };
}

const hasAgent = (step: PlannedStep): boolean =>
  isAgentStep(step) ? step.agent !== undefined : step.kind !== 'gate' && step.steps.some(hasAgent);

const money = (usd: number): string => `$${Number(usd.toFixed(4))}`;
