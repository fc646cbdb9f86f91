import type { TurnReport } from '@pawl/agent';
import type { AgentEnd, Effect, GuardName } from '@pawl/core';
import type { Surroundings } from '../perform.ts';
import { whyStopped } from '../stopped.ts';
import { findOutputs, type Place } from './outputs.ts';
import { schemasOf } from './schema.ts';

type RunAgentEffect = Effect & { readonly type: 'run-agent' };
type LimitName = keyof RunAgentEffect['limits'];

const guards: Readonly<Record<LimitName, GuardName>> = {
  turns: 'max_turns',
  costUsd: 'max_budget',
  tokens: 'max_tokens',
  wallMs: 'max_time',
};

/** How the turn ended, in the core's words: a limit is the step's or the run's, whoever kept it. */
export async function endOf(
  effect: RunAgentEffect,
  report: TurnReport,
  place: Place,
  { state, ports, signal }: Surroundings,
): Promise<AgentEnd> {
  if (report.stoppedBy) return limited(effect, report.stoppedBy.limit, report.stoppedBy.value);
  const { outcome } = report.end;
  switch (outcome.kind) {
    case 'completed': {
      const keep = (text: string) => ports.files.keep(state.run, text);
      const wanted = { expected: effect.expect, schema: schemasOf(effect, state).judged };
      const outputs = await findOutputs(wanted, outcome, ports.worktreeFiles, place, keep);
      return { kind: 'completed', text: await keep(outcome.text), outputs };
    }
    case 'limited':
      if (outcome.limit === 'turns' || outcome.limit === 'costUsd') return limited(effect, outcome.limit, undefined);
      return {
        kind: 'limited',
        limit: outcome.limit === 'context' ? 'context' : 'output_tokens',
        by: 'agent',
        message: outcome.limit === 'context' ? 'the context window is full' : 'the answer was cut at the output limit',
      };
    case 'refused':
      return { kind: 'refused', reason: outcome.reason };
    case 'cancelled':
      return { kind: 'cancelled', ...whyStopped(signal) };
    case 'failed':
      // A process that was stopped by us may look like one that crashed.
      return signal.aborted ? { kind: 'cancelled', ...whyStopped(signal) } : { kind: 'failed', error: outcome.error };
  }
}

function limited(effect: RunAgentEffect, limit: LimitName, reached: number | undefined): AgentEnd {
  const asked = effect.limits[limit];
  const name = guards[limit];
  const most = asked === undefined ? '' : ` of ${figure(limit, asked.value)}`;
  const now = reached === undefined ? '' : `, reached ${figure(limit, reached)}`;
  const whose = asked?.by === 'run' ? ' (what the run had left)' : '';
  return { kind: 'limited', limit: name, by: asked?.by ?? 'agent', message: `${name}${most}${whose}${now}` };
}

function figure(limit: LimitName, value: number): string {
  if (limit === 'costUsd') return `$${value.toFixed(value < 1 ? 4 : 2)}`;
  if (limit === 'wallMs') return `${Math.round(value / 100) / 10} s`;
  return String(value);
}
