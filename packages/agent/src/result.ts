import type { RunCost, RunOutcome, RunResult } from './agent-contract.ts';
import type { TurnReport } from './turn-request.ts';

/** `kept`: the session outlives the run. */
export function toResult(report: TurnReport, kept: boolean): RunResult {
  const { end, text, unknownLines } = report;
  const { usage, outcome } = end;
  return {
    outcome: toOutcome(report),
    text,
    ...(outcome.kind === 'completed' && outcome.json !== undefined ? { json: outcome.json } : {}),
    session: kept ? end.session : undefined,
    messageId: end.messageId,
    model: end.model,
    usage,
    cost: toCost(usage.costUsd),
    turns: usage.turns,
    durationMs: end.durationMs,
    unknownLines,
  };
}

function toOutcome({ end, stoppedBy, text }: TurnReport): RunOutcome {
  if (stoppedBy) return { kind: 'limited', limit: stoppedBy.limit, by: 'pawl', text };
  return end.outcome.kind === 'limited' ? { ...end.outcome, by: 'agent' } : end.outcome;
}

function toCost(usd: number | undefined): RunCost {
  return usd === undefined ? { state: 'unknown' } : { state: 'measured', usd };
}
