import { z } from 'zod';
import { parseDuration } from '../duration.ts';

// A description ends the sentence "`key` must be …".

/** A timer of the runtime cannot wait longer. */
const longestDuration = 24 * 24 * 3_600_000;

export const flag = z.boolean().describe('`true` or `false`');

/** Gump took these texts too. */
export const looseFlag = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0']), z.literal(1), z.literal(0)])
  .transform((value) => value === true || value === 1 || value === 'true' || value === '1')
  .describe('`true` or `false`');

export const count = z.int().min(1).describe('a whole number of at least 1');

const decimal = /^\d+(\.\d+)?$/;

export const percent = z
  .union([z.number(), z.string().regex(decimal)])
  .refine((value) => Number(value) >= 0 && Number(value) <= 100)
  .transform(Number)
  .describe('a number of percent from 0 to 100, such as 80 or 79.5');

export const money = z
  .union([z.number(), z.string().regex(decimal)])
  .refine((amount) => Number(amount) > 0 && Number.isFinite(Number(amount)))
  .transform(Number)
  .describe('an amount in US dollars above 0, such as 5 or 2.50');

export const duration = z
  .string()
  .refine((text) => {
    const milliseconds = parseDuration(text);
    return milliseconds !== undefined && milliseconds > 0 && milliseconds <= longestDuration;
  })
  .transform((text) => parseDuration(text) ?? 0)
  .describe('a duration above 0 and up to 24 days, such as 90s, 5m or 1h30m');

export const accessWords = ['read-only', 'edit', 'full'] as const;
export const stepTypes = ['code', 'split', 'validate', 'artifact'] as const;
export const worktreeModes = ['read-write', 'read-only', 'none'] as const;
export const pauseWords = ['true', 'false', 'before_gate', 'after_gate'] as const;
export const inputTypes = ['string', 'number', 'boolean', 'enum'] as const;

/** Usable as a path segment, as a word on a command line and, when it starts with a letter or `_`, in a placeholder. */
export const nameRule = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;

/** Of a step: usable as a path segment, as the name of a task is. Attempts and lanes are told apart by `#`, `:`, `@` and `|`. */
export const stepNameRule = /^(?![\s.-])[^/\\#:@|\p{C}]{1,100}(?<!\s)$/u;

/** Of a workflow that is called: names with `/` between them. */
export const workflowNameRule = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}(\/[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}){0,9}$/;

/** Usable in a placeholder, and set with `--set`. */
export const inputNameRule = /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/;
/** An input that stands for a placeholder of the workflow which is called: `topic`, `task.description`. */
export const givenNameRule = /^[A-Za-z_][A-Za-z0-9_.-]{0,199}$/;
