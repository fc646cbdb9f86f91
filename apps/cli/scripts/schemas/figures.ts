import { z } from 'zod';
import { count, duration, money } from './common.ts';

const answerClass = z.enum(['coding', 'running', 'exploring', 'delegating', 'other', 'talking', 'thinking']);
const toolKind = z.enum(['read', 'edit', 'execute', 'search', 'fetch', 'think', 'delegate', 'other']);
const contextUse = z.strictObject({ tokens: z.number(), window: z.number().optional(), told: z.boolean() });

export const activity = z.strictObject({
  answers: z.partialRecord(answerClass, count),
  calls: z.partialRecord(toolKind, count),
  failedCalls: count,
  deniedCalls: count,
  corrections: count,
  stuck: count,
  repeats: count,
  stalls: count,
  stalledMs: duration,
  modelRetries: count,
  compactions: count,
  context: contextUse.optional(),
  unreported: count,
});

/** Of one attempt. */
export const agentFigures = {
  cost: money,
  tokens: z.strictObject({
    input: z.number(),
    cached: z.number(),
    output: z.number(),
    reasoning: z.number(),
    unreported: count,
  }),
  turns: z.number(),
  turnsUnreported: count,
  agentRuns: count,
  time: z.strictObject({ agentMs: duration, gatesMs: duration, gitMs: duration, waitingMs: duration }),
  activity,
};

/** Sums over attempts. */
export const figures = { ...agentFigures, attempts: count, retries: count, escalations: count, guards: count };

export const wall = z.strictObject({
  agentMs: duration,
  gatesMs: duration,
  gitMs: duration,
  waitingMs: duration,
  stoodMs: duration,
  pawlMs: duration,
});

const certainty = z.enum(['exact', 'reported', 'estimated', 'inferred']);
export const unit = z.enum(['usd', 'tokens', 'count', 'milliseconds', 'share']);
export const metricValue = z.strictObject({
  id: z.string(),
  value: z.number(),
  unit,
  certainty,
  missing: count.optional(),
});
export const side = z.strictObject({ value: z.number(), certainty, missing: count.optional() });
