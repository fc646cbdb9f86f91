import type { TurnReport } from '@pawl/agent';
import type { Cost, Effect, PlannedAgent, RunState } from '@pawl/core';
import type { AgentEvent, Usage } from '@pawl/provider';
import { estimate } from '../prices.ts';

/** What a turn costs: as its agent tells, else, where the run asks for it, by the list of prices. */
export interface Meter {
  /** The estimated dollars so far, once they are past the turn's limit: nobody else keeps it then. */
  see(event: AgentEvent): number | undefined;
  cost(report: TurnReport): Cost;
}

/** As the agent tells; else by the list of prices, where the run asks for that; else nobody knows. */
export function costOf(usage: Usage, model: string | undefined, { estimates }: { readonly estimates: boolean }): Cost {
  if (usage.costUsd !== undefined) return { state: 'measured', usd: usage.costUsd };
  const usd = estimates ? estimate(model, usage) : undefined;
  return usd === undefined ? { state: 'unknown' } : { state: 'estimated', usd };
}

export function meterOf(effect: Effect & { readonly type: 'run-agent' }, agent: PlannedAgent, state: RunState): Meter {
  const estimates = state.plan.settings.unknownCost === 'estimate';
  let model = agent.model;
  return {
    see(event) {
      if (event.type === 'session-ready') model = event.model ?? model;
      const most = effect.limits.costUsd?.value;
      if (event.type !== 'usage-update' || most === undefined) return undefined;
      const cost = costOf(event.usage, model, { estimates });
      return cost.state === 'estimated' && cost.usd > most ? cost.usd : undefined;
    },
    cost({ end }) {
      model = end.model ?? model;
      return costOf(end.usage, model, { estimates });
    },
  };
}
