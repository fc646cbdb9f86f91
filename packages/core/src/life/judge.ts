import { amount } from '../amount.ts';
import { exhausted, isPriced } from '../budget.ts';
import type { Draft } from '../draft.ts';
import type { AgentReport, Checkpoint } from '../effects.ts';
import type { Failure } from '../events.ts';
import { agentFailure, cancelled, runLimit } from '../failure.ts';
import { guardOf } from '../lookup.ts';
import type { AgentStep, Guard } from '../plan.ts';
import type { StepState } from '../state.ts';
import { whyNotLonger } from './wait.ts';

export const maxInterruptions = 3;
/** Trying again cannot help: something outside the run must change first. */
const finalCodes = new Set([
  'not-installed',
  'not-signed-in',
  'bad-option',
  'unsupported',
  'quota-exhausted',
  'model-not-found',
]);

/** What becomes of a turn that was interrupted. Undefined: it is judged, which fails the attempt. */
export function afterInterruption(draft: Draft, step: StepState): 'goes-on' | 'asks' | undefined {
  if (step.interruptions === 0 || step.report || step.failure || exhausted(draft.state, step, draft.at))
    return undefined;
  if (draft.state.plan.settings.onInterrupt === 'ask') return step.goesOn ? undefined : 'asks';
  return deaths(step) > maxInterruptions ? undefined : 'goes-on';
}

/** Those whose process died: a turn that was stopped in order may be stopped as often as people like. */
export const deaths = ({ interruptions, stops = 0 }: StepState): number => interruptions - stops;

/** Why the attempt's turn fails it; undefined when it was carried out and kept to its guard. */
export function judgeTurn(
  draft: Draft,
  step: StepState,
  checkpoint: Checkpoint,
  planned: AgentStep,
): Failure | undefined {
  if (step.failure) return step.failure;
  const guard = guardOf(draft.state, step, planned);
  if (step.report) {
    const failure = judgeEnd(step.report, checkpoint, guard, whyNotLonger(draft, step));
    return failure?.final ? failure : (judgeCost(draft, step, step.report, guard, failure) ?? failure);
  }
  if (deaths(step) > maxInterruptions)
    return agentFailure(`the turn was interrupted more than ${maxInterruptions} times`, false);
  return runLimit(exhausted(draft.state, step, draft.at) ?? 'a limit of the run was reached');
}

/** Undefined: nobody knows. */
export const costTold = ({ cost }: AgentReport): number | undefined =>
  cost.state === 'unknown' ? undefined : amount(cost.usd);

/** A cost that nobody knows, where that ends the run. Of a turn that its agent ended: one that was stopped or interrupted is only warned of: nobody could have told. */
export function judgeCost(
  { state }: Draft,
  step: StepState,
  report: AgentReport,
  guard: Guard,
  failure?: Failure,
): Failure | undefined {
  if (state.plan.settings.unknownCost !== 'fail' || costTold(report) !== undefined || !isPriced(state, step, guard))
    return undefined;
  const why = `${step.agent} does not report what it costs: max_budget cannot count its turns, and unknown_cost is fail`;
  return runLimit(failure ? `${failure.message}; ${why}` : why);
}

function judgeEnd(
  report: AgentReport,
  checkpoint: Checkpoint,
  guard: Guard,
  notLonger: string | undefined,
): Failure | undefined {
  const { end } = report;
  switch (end.kind) {
    case 'completed': {
      if (!guard.noWrite || checkpoint.files.length === 0) return undefined;
      const files = checkpoint.files.slice(0, 10).map((file) => file.path);
      const message = `no_write: it changed ${files.join(', ')}${checkpoint.files.length > 10 ? ', …' : ''}`;
      return {
        reason: 'guard',
        guard: 'no_write',
        message,
        text: `This step may not change files. ${message}`,
        final: false,
      };
    }
    case 'limited':
      if (end.by === 'run') return runLimit(end.message);
      if (end.limit === 'output_tokens' || end.limit === 'context') return agentFailure(end.message, false);
      return { reason: 'guard', guard: end.limit, message: end.message, text: end.message, final: false };
    case 'refused':
      return agentFailure(`the agent refused: ${end.reason}`, false);
    case 'cancelled':
      return cancelled('the turn', end.reason);
    case 'failed': {
      const { code, message } = end.error;
      const more = notLonger === undefined ? '' : ` (${notLonger})`;
      return agentFailure(`${code}: ${message}${more}`, finalCodes.has(code));
    }
  }
}
