import type { PlannedSession, Retry, RetryEntry, Template } from './plan.ts';
import type { StepState } from './state.ts';

/** What the retry entries make of an attempt: later ones over earlier ones. */
export interface Overrides {
  readonly agent?: Template;
  readonly session?: PlannedSession;
  readonly worktree?: 'reset';
  readonly prompt?: Template;
}

/**
 * The entries in force: each from its attempt on, if its condition holds. Once in force an entry stays, also when its
 * condition no longer holds.
 */
export function entriesAt(retry: Retry, step: StepState, attempt: number): readonly number[] {
  if (attempt < 2) return [];
  return retry.entries.flatMap((entry, index) =>
    step.entries.includes(index) || (entry.attempt <= attempt && conditionHolds(entry, step, index)) ? [index] : [],
  );
}

function conditionHolds(entry: RetryEntry, step: StepState, index: number): boolean {
  if (entry.not !== undefined) return Object.hasOwn(step.gates, entry.not) && step.gates[entry.not]?.pass === false;
  return entry.validate === undefined || step.retryVerdicts[index] === true;
}

/** The first entry whose workflow must be asked before this attempt. */
export function undecided(retry: Retry, step: StepState, attempt: number): number | undefined {
  if (attempt < 2) return undefined;
  const index = retry.entries.findIndex(
    (entry, at) =>
      entry.validate !== undefined &&
      entry.attempt <= attempt &&
      !step.entries.includes(at) &&
      !Object.hasOwn(step.retryVerdicts, at),
  );
  return index === -1 ? undefined : index;
}

export function overridesOf(retry: Retry, entries: readonly number[]): Overrides {
  const overrides = entries
    .flatMap((index) => retry.entries[index] ?? [])
    .map(({ agent, session, worktree, prompt }) => ({
      ...(agent && { agent }),
      ...(session && { session }),
      ...(worktree && { worktree }),
      ...(prompt && { prompt }),
    }));
  return Object.assign({}, ...overrides) as Overrides;
}
