import type { Activity, AnswerClass, ContextUse } from '@pawl/core';

type ToolKind = keyof Activity['calls'];

/** What agents did, added up over their runs; defined in `docs/metrics.md`. */
export interface ActivityTotals {
  readonly answers: Readonly<Partial<Record<AnswerClass, number>>>;
  readonly calls: Readonly<Partial<Record<ToolKind, number>>>;
  readonly failedCalls: number;
  readonly deniedCalls: number;
  readonly corrections: number;
  readonly stuck: number;
  readonly repeats: number;
  readonly stalls: number;
  readonly stalledMs: number;
  readonly modelRetries: number;
  readonly compactions: number;
  /** The fullest of all, by its share of the window where that is known. */
  readonly context?: ContextUse;
  /** Runs of an agent that were not watched to their end, or before this was counted: the true figures are higher. */
  readonly unreported: number;
}

export const noActivity: ActivityTotals = {
  answers: {},
  calls: {},
  failedCalls: 0,
  deniedCalls: 0,
  corrections: 0,
  stuck: 0,
  repeats: 0,
  stalls: 0,
  stalledMs: 0,
  modelRetries: 0,
  compactions: 0,
  unreported: 0,
};

/** Of one run of an agent. */
export function activityOf(activity: Activity | undefined): ActivityTotals {
  if (activity === undefined) return { ...noActivity, unreported: 1 };
  const { firstEditMs: _told, ...counted } = activity;
  return { ...counted, unreported: 0 };
}

export function addActivity(one: ActivityTotals, other: ActivityTotals): ActivityTotals {
  const context = fuller(one.context, other.context);
  return {
    answers: addCounts(one.answers, other.answers),
    calls: addCounts(one.calls, other.calls),
    failedCalls: one.failedCalls + other.failedCalls,
    deniedCalls: one.deniedCalls + other.deniedCalls,
    corrections: one.corrections + other.corrections,
    stuck: one.stuck + other.stuck,
    repeats: one.repeats + other.repeats,
    stalls: one.stalls + other.stalls,
    stalledMs: one.stalledMs + other.stalledMs,
    modelRetries: one.modelRetries + other.modelRetries,
    compactions: one.compactions + other.compactions,
    ...(context && { context }),
    unreported: one.unreported + other.unreported,
  };
}

/** From 0 to 1; undefined where the agent does not tell how large its window is. */
export function contextShare(context: ContextUse | undefined): number | undefined {
  if (context?.window === undefined || !(context.window > 0)) return undefined;
  return Math.min(1, context.tokens / context.window);
}

function fuller(one: ContextUse | undefined, other: ContextUse | undefined): ContextUse | undefined {
  if (!one || !other) return one ?? other;
  const shares = [contextShare(one), contextShare(other)] as const;
  if (shares[0] !== undefined && shares[1] !== undefined) return shares[1] > shares[0] ? other : one;
  if (shares[0] !== undefined || shares[1] !== undefined) return shares[0] === undefined ? other : one;
  return other.tokens > one.tokens ? other : one;
}

function addCounts<Key extends string>(
  one: Readonly<Partial<Record<Key, number>>>,
  other: Readonly<Partial<Record<Key, number>>>,
): Partial<Record<Key, number>> {
  const sum: Partial<Record<Key, number>> = { ...one };
  for (const [key, count] of Object.entries(other) as [Key, number][]) sum[key] = (sum[key] ?? 0) + count;
  return sum;
}

export const countOf = (counts: Readonly<Partial<Record<string, number>>>): number =>
  Object.values(counts).reduce<number>((sum, count) => sum + (count ?? 0), 0);
