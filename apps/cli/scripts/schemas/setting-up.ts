import { z } from 'zod';
import { answer } from './common.ts';

/** `init`: files that were written and those that were there. */
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
      fix: z.string().optional(),
    }),
  ),
});

export const models = answer({
  models: z.array(z.strictObject({ name: z.string(), provider: z.string(), model: z.string() })),
});

/** `config get`, `config set`. Null: it is not set any more. */
export const configValue = answer({ key: z.string(), value: z.unknown() });
export const configList = answer({
  file: z.string(),
  values: z.record(z.string(), z.unknown()),
  defaults: z.record(z.string(), z.unknown()),
});
