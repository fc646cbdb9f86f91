import { z } from 'zod';
import { answer, count } from './common.ts';

export const init = answer({
  written: z.array(z.string()),
  kept: z.array(z.string()),
  agent: z.string().nullable(),
  commands: z.record(z.string(), z.string()),
});

export const doctor = answer({
  findings: z.array(
    z.strictObject({
      name: z.string(),
      state: z.enum(['ok', 'warning', 'problem']),
      message: z.string(),
      fix: z.string().optional().meta({ description: 'the command, or the deed, that mends it' }),
    }),
  ),
});

export const models = answer({
  models: z.array(z.strictObject({ name: z.string(), provider: z.string(), model: z.string() })),
});

export const config = answer({
  file: z.string(),
  values: z.record(z.string(), z.json()),
  defaults: z.record(z.string(), z.json()),
});
/** null: not set any more. */
export const configValue = answer({ key: z.string(), value: z.json() });

/** A line: a fact of the run's log, or what an agent said or did. */
export const logLine = z.union([
  z.strictObject({
    type: z.literal('agent'),
    step: z.string(),
    attempt: count,
    event: z.looseObject({ type: z.string() }),
  }),
  z.looseObject({ sequence: count, type: z.string() }),
]);
