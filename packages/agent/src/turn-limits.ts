import type { Capabilities, Usage } from '@pawl/provider';
import type { LimitName, TurnLimits } from './turn-request.ts';

/** The first limit that these totals are past, of those the agent does not keep by itself. */
export function exceeded(
  limits: TurnLimits,
  usage: Usage,
  capabilities: Capabilities,
): { readonly limit: LimitName; readonly value: number } | undefined {
  const figures = {
    turns: capabilities.limits.includes('turns') ? undefined : usage.turns,
    costUsd: capabilities.limits.includes('costUsd') ? undefined : usage.costUsd,
    tokens: totalTokens(usage),
  };
  for (const limit of ['turns', 'costUsd', 'tokens'] as const) {
    const value = figures[limit];
    const most = limits[limit];
    if (value !== undefined && most !== undefined && value > most) return { limit, value };
  }
  return undefined;
}

function totalTokens(usage: Usage): number | undefined {
  if (usage.inputTokens === undefined && usage.outputTokens === undefined) return undefined;
  return (usage.inputTokens ?? 0) + (usage.outputTokens ?? 0);
}
