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

export function meterOf(effect: Effect & { readonly type: 'run-agent' }, agent: PlannedAgent, state: RunState): Meter {
  const estimates = state.plan.settings.unknownCost === 'estimate';
  let model = agent.model;
  const dollars = (usage: Usage): number | undefined => (estimates ? estimate(model, usage) : undefined);
  return {
    see(event) {
      if (event.type === 'session-ready') model = event.model ?? model;
      const most = effect.limits.costUsd?.value;
      if (event.type !== 'usage-update' || event.usage.costUsd !== undefined || most === undefined) return undefined;
      const spent = dollars(event.usage);
      return spent !== undefined && spent > most ? spent : undefined;
    },
    cost({ end }) {
      if (end.usage.costUsd !== undefined) return { state: 'measured', usd: end.usage.costUsd };
      model = end.model ?? model;
      const usd = dollars(end.usage);
      return usd === undefined ? { state: 'unknown' } : { state: 'estimated', usd };
    },
  };
}
