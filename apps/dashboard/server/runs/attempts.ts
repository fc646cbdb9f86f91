import type { AttemptReport, GateResult, StepReport } from '@pawl/report';
import { plainText } from '@pawl/report';
import type { Attempt, Gate } from '../../wire.ts';
import { badRequest, notFound } from '../errors.ts';
import { figuresOf } from './figures.ts';
import { isStep } from './flatten.ts';
import type { FoldedRun } from './folded-run.ts';

/** A step by its path as it was shown: names may hold what is not shown. */
export function stepOf(folded: FoldedRun, path: string | null): StepReport {
  const found = folded.placed().find(({ node }) => node.path === path || plainText(node.path) === path)?.node;
  if (found && isStep(found)) return found;
  throw notFound('step of that path in this run');
}

/** An attempt by its place among those of the step; without one the newest. */
export function attemptOf(
  step: StepReport,
  index: string | null,
): { readonly attempt: AttemptReport; readonly index: number } {
  if (index !== null && !/^\d{1,6}$/.test(index)) throw badRequest('an attempt is named by its index');
  const at = index === null ? step.attempts.length - 1 : Number(index);
  const attempt = step.attempts[at];
  if (!attempt) throw notFound('such attempt of this step');
  return { attempt, index: at };
}

export function attemptsOf(
  step: StepReport,
  folded: FoldedRun,
  known: (id: string) => string | undefined,
): readonly Attempt[] {
  return step.attempts.map((attempt, index) => {
    const { session, sessionUse, failure, checkpoint, endedAt, agent, escalatedFrom, model, agentEnd } = attempt;
    const id = session && known(session.id);
    return {
      attempt: attempt.attempt,
      index,
      status: attempt.status,
      startedAt: attempt.startedAt,
      ...(endedAt !== undefined && { endedAt }),
      ...(agent !== undefined && { agent }),
      ...(escalatedFrom !== undefined && { escalatedFrom }),
      ...(model !== undefined && { model }),
      ...(session && { session: { ...session, ...(id !== undefined && { known: id }) } }),
      ...(sessionUse && { sessionUse }),
      ...(agentEnd !== undefined && { agentEnd }),
      hasTurn: folded.filesOf(step.path, index).folder !== undefined,
      gates: attempt.gates.map(gateOf),
      ...(failure && { failure: { reason: failure.reason, message: failure.message, text: failure.text } }),
      files: checkpoint?.files ?? [],
      ...(checkpoint && { checkpoint: checkpoint.commit }),
      figures: figuresOf({ ...attempt, attempts: 1, retries: 0, escalations: 0, guards: 0 }),
    };
  });
}

export const gateOf = ({ log, ...gate }: GateResult): Gate => ({ ...gate, hasLog: log !== undefined });
