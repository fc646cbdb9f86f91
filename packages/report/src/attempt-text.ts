import type { AttemptReport } from './model.ts';
import { plainLine } from './plain-text.ts';

/** `attempt 3, opus after haiku: gate failed: test (no progress)`. Plain text, one line. */
export function attemptText({ attempt, agent, escalatedFrom, failure, noProgress }: AttemptReport): string {
  const after = escalatedFrom === undefined ? '' : ` after ${plainLine(escalatedFrom)}`;
  const who = agent === undefined ? '' : `, ${plainLine(agent)}${after}`;
  const stuck = noProgress === undefined ? '' : ' (no progress)';
  const reason = failure ? `: ${plainLine(failure.message)}${stuck}` : '';
  return `attempt ${attempt}${who}${reason}`;
}
