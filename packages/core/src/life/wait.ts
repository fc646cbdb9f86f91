import { amount } from '../amount.ts';
import { exhausted, remaining } from '../budget.ts';
import type { Draft } from '../draft.ts';
import type { AgentEnd, AwaitProvider } from '../effects.ts';
import type { StepState } from '../state.ts';

interface Wait {
  readonly effect: AwaitProvider;
  /** Of the turn that ended, and when the next one begins. */
  readonly told: string;
}

/** What passes without anybody's doing. Adapters say `internal` of what they do not know: that is not waited for. */
const passing = new Set(['rate-limited', 'overloaded', 'quota-exhausted', 'network']);
const firstMs = 15_000;
const longestMs = 10 * 60_000;
const leastMs = 1_000;
/** A provider that says each time that it answers at once is not asked for ever. */
const mostTimes = 20;

/**
 * Whether the attempt waits for its provider instead of having failed: that costs neither an attempt nor a stronger agent.
 * As long as the provider says; else longer each time. Never past a limit of time, nor longer in all than the run allows.
 */
export function waitFor(draft: Draft, step: StepState): Wait | undefined {
  const error = passes(step.report?.end);
  if (!error || step.failure) return undefined;
  const { times, ms } = step.waited ?? { times: 0, ms: 0 };
  const left = maxWaitMs(draft) - ms;
  const waitMs = Math.max(leastMs, Math.ceil(error.askedMs ?? Math.min(left, longestMs, firstMs * 2 ** times)));
  if (times >= mostTimes || waitMs > left || exhausted(draft.state, step, draft.at)) return undefined;
  if (waitMs >= (remaining(draft.state, step, draft.at).wallMs ?? Number.POSITIVE_INFINITY)) return undefined;
  const { code: why, message } = error;
  return {
    effect: { type: 'await-provider', agent: step.agent ?? '', why, waitMs, until: draft.at + waitMs },
    told: `the turn goes on in ${inWords(waitMs)}: ${why}: ${message}`,
  };
}

/** Why it is not waited for a provider any longer, for the failure of the attempt. */
export function whyNotLonger(draft: Draft, { report, waited }: StepState): string | undefined {
  const error = passes(report?.end);
  const most = maxWaitMs(draft);
  if (!error || most === 0) return undefined;
  const facts = [
    ...(error.askedMs === undefined ? [] : [`it may answer again in ${inWords(error.askedMs)}`]),
    ...(waited ? [`it was waited for ${inWords(waited.ms)}`] : []),
  ];
  return facts.length === 0 ? undefined : `${facts.join(', ')}, max_wait is ${inWords(most)}`;
}

const maxWaitMs = (draft: Draft): number => draft.state.plan.settings.maxWaitMs ?? 0;

function passes(end: AgentEnd | undefined) {
  if (end?.kind !== 'failed' || end.error.retryable !== true || !passing.has(end.error.code)) return undefined;
  const { code, message, retryAfterMs } = end.error;
  return { code, message, askedMs: amount(retryAfterMs) };
}

function inWords(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
