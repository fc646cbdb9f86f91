import type { PlannedStep, WorkflowPlan } from '@pawl/core';
import { CliError } from './exit.ts';
import { didYouMean } from './refusal.ts';

/** `--pause-after`: a person decides after the gates of these steps, named by their address or the end of it. */
export function pauseAfter(plan: WorkflowPlan, names: readonly string[]): WorkflowPlan {
  const known = addressesOf(plan.steps);
  const chosen = new Set(names.map((name) => addressOf(name, known)));
  return chosen.size === 0 ? plan : { ...plan, steps: plan.steps.map((step) => paused(step, chosen)) };
}

function addressOf(name: string, known: readonly string[]): string {
  if (known.includes(name)) return name;
  const found = known.filter((address) => address.endsWith(`/${name}`));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const message =
    found.length > 1
      ? `--pause-after ${name} is the end of several steps: ${found.join(', ')}`
      : `the workflow has no step ${name}${didYouMean(name, known)} (its steps: ${known.join(', ')})`;
  throw new CliError('usage', found.length > 1 ? 'ambiguous-step' : 'unknown-step', message, undefined, {
    candidates: found.length > 1 ? found : known,
  });
}

const insideOf = (step: PlannedStep): readonly PlannedStep[] =>
  step.kind === 'gate' ? [] : step.kind === 'group' || step.kind === 'call' ? step.steps : step.each;

const addressesOf = (steps: readonly PlannedStep[]): readonly string[] =>
  steps.flatMap((step) => [step.address, ...addressesOf(insideOf(step))]);

function paused(step: PlannedStep, chosen: ReadonlySet<string>): PlannedStep {
  const own = chosen.has(step.address) ? { ...step, pause: 'after_gate' as const } : step;
  if (own.kind === 'gate') return own;
  const inside = insideOf(own).map((inner) => paused(inner, chosen));
  return own.kind === 'group' || own.kind === 'call' ? { ...own, steps: inside } : { ...own, each: inside };
}
