import { exhausted } from '../budget.ts';
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

/** A person is to decide what becomes of the turn: it was interrupted, and a limit of the run does not decide it. */
export const asksPerson = (draft: Draft, step: StepState): boolean =>
  draft.state.plan.settings.onInterrupt === 'ask' &&
  step.interruptions > 0 &&
  !step.goesOn &&
  !step.failure &&
  !exhausted(draft.state, step, draft.at);

/** Why the attempt's turn fails it; undefined when it was carried out and kept to its guard. */
export function judgeTurn(
  draft: Draft,
  step: StepState,
  checkpoint: Checkpoint,
  planned: AgentStep,
): Failure | undefined {
  if (step.failure) return step.failure;
  if (step.report)
    return judgeEnd(step.report, checkpoint, guardOf(draft.state, step, planned), whyNotLonger(draft, step));
  if (step.interruptions > maxInterruptions)
    return agentFailure(`the turn was interrupted more than ${maxInterruptions} times`, false);
  return runLimit(exhausted(draft.state, step, draft.at) ?? 'a limit of the run was reached');
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
