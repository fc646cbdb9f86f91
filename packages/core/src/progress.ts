import type { Failure } from './events.ts';
import { plannedAt } from './lookup.ts';
import type { RunState, StepState } from './state.ts';

export interface NextAttempt {
  /** Undefined: trying again would only cost. */
  readonly attempt: number | undefined;
  readonly warning?: string;
}

/**
 * The attempt that follows a failure. The same failure with the same files twice in a row gets nowhere: another agent, or
 * an end. A verdict of no gets nowhere at once: who is asked again until it is yes has not been asked.
 */
export function nextAttemptOf(state: RunState, step: StepState, failure: Failure): NextAttempt {
  const next = step.attempt + 1;
  const how = state.plan.settings.noProgress ?? 'escalate';
  const answered = failure.reason === 'verdict';
  if (how === 'ignore' || !(answered || isSame(step, failure))) return { attempt: next };
  const planned = plannedAt(state.plan, step.address);
  // A loop goes round on purpose, and checks alone cost nothing.
  if (!planned || planned.kind === 'gate' || (planned.kind === 'group' && planned.loop)) return { attempt: next };
  const { entries } = planned.retry;
  const stronger = entries.find(
    (entry) => entry.attempt > step.attempt && entry.agent && !entry.not && !entry.validate,
  );
  if (how === 'escalate' && stronger) {
    if (stronger.attempt === next) return { attempt: next };
    const why = answered ? 'the same agent is not asked for another verdict' : sameTwice(step);
    return { attempt: stronger.attempt, warning: `${why}: it goes on with attempt ${stronger.attempt}` };
  }
  // Another agent, a reset or an own prompt that comes next is a change worth trying.
  if (entries.some((entry) => entry.attempt === next)) return { attempt: next };
  if (answered) return { attempt: undefined };
  return { attempt: undefined, warning: `${sameTwice(step)}: another one would cost and change nothing` };
}

const sameTwice = ({ attempt }: StepState): string =>
  `attempts ${attempt - 1} and ${attempt} failed the same way with the same files`;

function isSame(step: StepState, failure: Failure): boolean {
  const { previous, checkpoint, agent } = step;
  if (!checkpoint || !previous?.checkpoint || !previous.failure || failure.reason === 'person') return false;
  return (
    previous.agent === agent &&
    previous.attempt === step.attempt - 1 &&
    previous.checkpoint.tree === checkpoint.tree &&
    fingerprint(previous.failure.text) === fingerprint(failure.text)
  );
}

/** Times, counters, addresses and paths differ from run to run. */
const fingerprint = (text: string): string => text.replace(/0x[\da-f]+|\d+(?:\.\d+)?/gi, '0');
