import type { Outcome } from './effects.ts';
import type { Failure } from './events.ts';

export const agentFailure = (message: string, final: boolean): Failure => ({
  reason: 'agent',
  message,
  text: message,
  final,
});

/** A limit of the whole run. */
export const runLimit = (message: string): Failure => ({ reason: 'run-limit', message, text: message, final: true });

/** Someone stopped it: starting it again is not ours to decide. */
export function cancelled(what: string, reason: string | undefined): Failure {
  const message = `${what} was ${reason === undefined ? 'cancelled' : `stopped: ${reason}`}`;
  return { reason: 'cancelled', message, text: message, final: true };
}

/** The effect has no result of its own kind. */
export function effectFailure(outcome: Outcome): Failure {
  if (outcome.kind === 'cancelled') return cancelled('it', outcome.reason);
  const message =
    outcome.kind === 'failed'
      ? `${outcome.error.code}: ${outcome.error.message}`
      : `${outcome.kind}: nobody knows how it ended`;
  return { reason: 'effect', message, text: message, final: true };
}

/** A failure inside, as the failure of the step around it. */
export const around = (inner: Failure): Failure => ({
  reason: inner.reason === 'run-limit' || inner.reason === 'cancelled' ? inner.reason : 'steps',
  message: inner.message,
  text: inner.text,
  ...(inner.step !== undefined && { step: inner.step }),
  final: inner.reason === 'run-limit' || inner.reason === 'cancelled',
});
