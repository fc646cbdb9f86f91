import { z } from 'zod';
import { answer, count, moment } from './common.ts';

/** Every command's refusal. `code` is stable; what else there is depends on it. */
export const error = answer({
  error: z.looseObject({ code: z.string(), message: z.string(), hint: z.string().optional() }),
});

const probe = z.union([
  z.strictObject({ found: z.literal(false), hint: z.string() }),
  z.looseObject({ found: z.literal(true), version: z.string(), known: z.boolean(), signedIn: z.boolean().optional() }),
]);
export const agents = answer({
  adapters: z.array(
    z.looseObject({
      provider: z.string(),
      title: z.string(),
      models: z.record(z.string(), z.string()),
      probe: probe.optional(),
    }),
  ),
  missing: z.array(z.looseObject({ id: z.string(), title: z.string(), install: z.string() })),
  broken: z.array(z.looseObject({})),
  agents: z.array(
    z.looseObject({
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
        z.looseObject({ file: z.string(), line: count, column: count.optional(), message: z.string() }),
      ),
    }),
  ),
});

const session = z.looseObject({
  short: z.string(),
  id: z.string(),
  ref: z.looseObject({ provider: z.string(), id: z.string(), cwd: z.string() }),
  tags: z.array(z.string()),
  archived: z.boolean(),
  createdAt: moment,
  lastUsedAt: moment,
  turns: count,
  messages: count,
});
export const sessions = answer({
  sessions: z.array(session),
  outside: z.array(z.looseObject({})).optional(),
  silent: z.array(z.looseObject({})).optional(),
  next: z.string().optional(),
});
/** Of commands that show, fork, rewind or import one conversation. */
export const sessionAnswer = z.looseObject({ version: z.literal(1), session });
export const sessionExport = z.looseObject({ version: z.literal(1), file: z.string(), digest: z.string() });
export const sessionSearch = answer({
  hits: z.array(z.looseObject({ session: z.unknown() })),
  next: z.string().optional(),
});
/** A line of `sessions show --json` of messages, or of `sessions resume --json`. */
export const sessionLine = z.looseObject({ type: z.string().optional(), role: z.string().optional() });
