import { z } from 'zod';
import { answer, count } from './common.ts';

/** Every command's refusal. `code` is stable; what else there is depends on it. */
export const error = answer({
  error: z.looseObject({ code: z.string(), message: z.string(), hint: z.string().optional() }),
});

const capabilities = z.strictObject({
  sessions: z.array(z.string()),
  access: z.array(z.string()),
  limits: z.array(z.string()),
  reports: z.array(z.string()),
  output: z.array(z.string()),
});
const probe = z.union([
  z.strictObject({ found: z.literal(false), hint: z.string() }),
  z.strictObject({
    found: z.literal(true),
    version: z.string(),
    known: z.boolean(),
    signedIn: z.boolean().optional(),
    capabilities,
  }),
]);
/** `adapters`: absent `probe`: it is looked at once an agent is named with its options. `broken`: plug-ins that are no adapter. */
export const agents = answer({
  adapters: z.array(
    z.strictObject({
      provider: z.string(),
      title: z.string(),
      models: z.record(z.string(), z.string()),
      package: z.string().optional(),
      probe: probe.optional(),
    }),
  ),
  missing: z.array(
    z.strictObject({ id: z.string(), title: z.string(), install: z.string(), problem: z.string().optional() }),
  ),
  broken: z.array(z.strictObject({ name: z.string(), problem: z.string(), hint: z.string() })),
  agents: z.array(
    z.strictObject({
      name: z.string(),
      provider: z.string(),
      model: z.string().optional(),
      options: z.looseObject({}),
      problem: z.string().optional(),
    }),
  ),
});

export const workflows = answer({
  workflows: z.array(
    z.strictObject({
      name: z.string(),
      file: z.string(),
      valid: z.boolean(),
      description: z.string().optional(),
      hint: z.string().optional(),
    }),
  ),
});
export const workflow = answer({ name: z.string(), file: z.string(), text: z.string() });
export const newWorkflow = answer({ name: z.string(), file: z.string(), schema: z.string() });
export const workflowCheck = answer({
  workflows: z.array(
    z.strictObject({
      name: z.string(),
      file: z.string(),
      diagnostics: z.array(
        z.strictObject({
          file: z.string(),
          line: count,
          column: count,
          endLine: count.optional(),
          endColumn: count.optional(),
          severity: z.enum(['error', 'warning']),
          code: z.string(),
          message: z.string(),
          hint: z.string().optional(),
        }),
      ),
    }),
  ),
});
