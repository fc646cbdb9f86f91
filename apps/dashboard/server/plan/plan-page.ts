import { isAgentStep, type Plan, type PlannedStep } from '@pawl/core';
import { conditionText, gateText, limitText, retryText, sessionText, templateText } from '@pawl/report';
import type { PlanPage, PlanStep } from '../../wire.ts';

/** A plan in words, for the page. */
export function planPageOf(plan: Plan, notes: readonly string[], command: string): PlanPage {
  const { workflow, spec, base, limits, inputs, agents, settings, steps } = plan;
  return {
    workflow,
    spec,
    base: {
      commit: base.commit,
      repository: base.repository,
      ...(base.branch !== undefined && { branch: base.branch }),
    },
    limits: limitText(limits) || 'none for the whole run',
    inputs,
    agents: Object.values(agents).map(({ name, provider, model, options }) => ({
      name,
      provider,
      ...(model !== undefined && { model }),
      options: Object.keys(options).length === 0 ? '' : JSON.stringify(options),
    })),
    settings: Object.entries(settings).flatMap(([name, value]) =>
      value === undefined ? [] : [{ name, value: typeof value === 'string' ? value : JSON.stringify(value) }],
    ),
    steps: planSteps(steps),
    notes,
    command,
  };
}

export const planSteps = (steps: readonly PlannedStep[]): readonly PlanStep[] => steps.map((step) => planStep(step));

function planStep(step: PlannedStep): PlanStep {
  const retry = retryText(step.retry);
  const inside = step.kind === 'gate' ? [] : step.kind === 'group' || step.kind === 'call' ? step.steps : step.each;
  const session = isAgentStep(step) ? sessionText(step.session) : '';
  return {
    name: step.name,
    address: step.address,
    kind: step.kind,
    ...(isAgentStep(step) && {
      access: step.access,
      prompt: templateText(step.prompt),
      ...(step.agent && { agent: templateText(step.agent) }),
    }),
    gates: step.gates.map((gate) => ({ name: gate.name, text: gateText(gate) })),
    ...(retry !== '' && { retry }),
    ...(step.when && { when: conditionText(step.when) }),
    ...(step.pause && { asks: step.pause }),
    ...(session !== '' && { session }),
    parallel: 'parallel' in step && step.parallel !== undefined,
    each: step.kind === 'split' && inside.length > 0,
    steps: planSteps(inside),
  };
}
