import { z } from 'zod';

/** Milliseconds since the epoch. */
export const moment = z.number().meta({ description: 'milliseconds since the epoch' });
export const duration = z.number().meta({ description: 'milliseconds' });
export const count = z.int().min(0);
export const money = z.strictObject({ measuredUsd: z.number(), estimatedUsd: z.number(), unpriced: count }).meta({
  description: 'three states that are never added together; unpriced counts runs of agents whose cost nobody knows',
});
export const fileChange = z.strictObject({
  path: z.string(),
  change: z.enum(['added', 'modified', 'deleted']),
  insertions: count.optional(),
  deletions: count.optional(),
});
export const standing = z.enum(['new', 'running', 'stopping', 'passed', 'failed', 'aborted', 'interrupted', 'waiting']);

/** An answer of one object. */
export const answer = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject({ version: z.literal(1), ...shape });
