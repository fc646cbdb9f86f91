import type { Outcome } from '@pawl/core';

/** Who stopped one step, and why: the reason of a signal. */
export class Stopped {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/** For the outcome of what was stopped. */
export const whyStopped = ({ reason }: AbortSignal): { readonly reason?: string } =>
  reason instanceof Stopped ? { reason: reason.why } : {};

/**
 * What is told of an effect that was under way when its process was told to end. A turn that was cut short is interrupted:
 * what it cost and where it stands is known. Of what was cut short without a turn nothing is told: it stays to be done.
 */
export function leftBy(outcome: Outcome): Outcome | undefined {
  if (outcome.kind === 'cancelled') return undefined;
  const cutShort = outcome.kind === 'agent-ended' && outcome.report.end.kind === 'cancelled';
  return cutShort ? { kind: 'interrupted', report: outcome.report } : outcome;
}
