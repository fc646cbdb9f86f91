import type { Limit, TurnLimits } from './effects.ts';
import { prefixOf, servingCall } from './frames.ts';
import { frameAt, parentOf, plannedAt } from './lookup.ts';
import type { Guard, Limits } from './plan.ts';
import type { RunState, Spent, StepState } from './state.ts';

/** A limit over more than one turn: the run's, or that of a workflow around the step. */
interface Scope {
  readonly name: string;
  readonly limits: Limits;
  readonly spent: Spent;
  readonly startedAt: number;
}

function scopesOf(state: RunState, step: StepState | undefined): readonly Scope[] {
  const scopes: Scope[] = [
    { name: 'the run', limits: state.plan.limits, spent: state.spent, startedAt: state.startedAt },
  ];
  for (let inner = step; inner; inner = parentOf(state, inner)) {
    const planned = inner.spent && plannedAt(state.plan, inner.address);
    if (planned?.kind === 'call' && inner.spent)
      scopes.push({ name: inner.path, limits: planned.limits, spent: inner.spent, startedAt: inner.startedAt });
    const frame = frameAt(state, inner.frame);
    const owner = frame?.spent && parentOf(state, inner);
    const served = owner && plannedAt(state.plan, owner.address);
    const call = served && servingCall(served, frame);
    if (call)
      scopes.push({ name: prefixOf(frame), limits: call.limits, spent: frame.spent, startedAt: frame.startedAt });
  }
  return scopes;
}

/** Which limit around a step is used up, in words; undefined while there is something left for a turn. */
export function exhausted(state: RunState, step: StepState | undefined, at: number): string | undefined {
  for (const { name, limits, spent } of scopesOf(state, step)) {
    if (limits.costUsd !== undefined && spent.costUsd >= limits.costUsd)
      return `max_budget of ${name} is used up: $${spent.costUsd.toFixed(2)} of $${limits.costUsd}`;
    if (limits.tokens !== undefined && spent.tokens >= limits.tokens)
      return `max_tokens of ${name} are used up: ${spent.tokens} of ${limits.tokens}`;
  }
  return timeOver(state, step, at);
}

/** Whether a limit of money holds for the step's turns: its own guard's, or one around it. */
export const isPriced = (state: RunState, step: StepState, guard: Guard | undefined): boolean =>
  guard?.costUsd !== undefined || scopesOf(state, step).some(({ limits }) => limits.costUsd !== undefined);

/** The only limit that a gate can break: it costs no money, and judges work that is paid for. */
export function timeOver(state: RunState, step: StepState | undefined, at: number): string | undefined {
  const over = scopesOf(state, step).find(
    ({ limits, startedAt }) => limits.wallMs !== undefined && at - startedAt >= limits.wallMs,
  );
  return over && `max_timeout of ${over.name} is over: ${Math.round((over.limits.wallMs ?? 0) / 1000)} s`;
}

/** What is left for the next turn, the least of all limits around it. A turn of unknown cost leaves the money as it was and is told apart in `spent`. */
export function remaining(state: RunState, step: StepState | undefined, at: number): Limits {
  const left = scopesOf(state, step).map(
    ({ limits, spent, startedAt }): Limits => ({
      ...(limits.costUsd !== undefined && { costUsd: limits.costUsd - spent.costUsd }),
      ...(limits.tokens !== undefined && { tokens: limits.tokens - spent.tokens }),
      ...(limits.wallMs !== undefined && { wallMs: limits.wallMs - (at - startedAt) }),
    }),
  );
  const least = (key: keyof Limits): Limits => {
    const values = left.flatMap((limits) => limits[key] ?? []);
    return values.length > 0 ? { [key]: Math.min(...values) } : {};
  };
  return { ...least('costUsd'), ...least('tokens'), ...least('wallMs') };
}

/** The step's guard, narrowed to what the run has left: no turn may spend more than that. */
export function turnLimits(guard: Guard, left: Limits): TurnLimits {
  const costUsd = narrower(guard.costUsd, left.costUsd);
  const tokens = narrower(guard.tokens, left.tokens);
  const wallMs = narrower(guard.wallMs, left.wallMs);
  return {
    ...(guard.turns !== undefined && { turns: { value: guard.turns, by: 'step' } }),
    ...(costUsd && { costUsd }),
    ...(tokens && { tokens }),
    ...(wallMs && { wallMs }),
  };
}

function narrower(step: number | undefined, run: number | undefined): Limit | undefined {
  if (run !== undefined && (step === undefined || run < step)) return { value: run, by: 'run' };
  return step === undefined ? undefined : { value: step, by: 'step' };
}
