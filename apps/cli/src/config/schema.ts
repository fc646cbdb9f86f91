import { parseDuration } from '@pawl/workflow-schema';
import { z } from 'zod';

const words = (message: string) => z.string().trim().min(1, message);
const command = words('a shell command is missing');

const agent = z.strictObject({
  provider: words('the name of an adapter is missing'),
  model: words('the name of a model is missing').optional(),
  options: z.record(z.string(), z.json()).optional(),
});
const commands = z.strictObject({ compile: command, test: command, lint: command, coverage: command }).partial();
/** Of a registry: a path would be code that nobody installed. */
const packageName = z
  .string()
  .max(214)
  .regex(
    /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/,
    'write the name of an installed package, such as @acme/pawl-provider-foo',
  );
const providers = z
  .array(packageName)
  .refine((names) => new Set(names).size === names.length, 'a package is named twice');
const path = words('the path of a file or folder is missing');
const broughtIn = z.strictObject({ path, how: z.enum(['copy', 'link', 'template']).optional(), from: path.optional() });
const count = z.int().min(1).max(1000);
const failureText = z
  .strictObject({ error: z.int().min(100).max(100_000), diff: z.int().min(0).max(100_000) })
  .partial();

/** Milliseconds, from text such as `90s`. */
const durationFrom = (least: number) =>
  z.string().transform((text, context) => {
    const ms = parseDuration(text);
    if (ms !== undefined && ms >= least) return ms;
    context.addIssue({ code: 'custom', message: 'this is not a duration: write it like 90s, 10m or 1h30m' });
    return z.NEVER;
  });
const duration = durationFrom(1);

/** `.pawl/config.yaml`, as its owner writes it. */
export const configSchema = z.strictObject({
  agents: z.record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/), agent).optional(),
  /** Packages of others that bring adapters; nothing that is not named is loaded. */
  providers: providers.optional(),
  commands: commands.optional(),
  setup: command.optional(),
  /** Before a worktree is taken away. */
  teardown: command.optional(),
  bring_in: z
    .array(z.union([path, broughtIn], { error: 'a path is expected, or { path, how: copy, link or template }' }))
    .optional(),
  gate_timeout: duration.optional(),
  failure_text: failureText.optional(),
  /** Lanes at once where a workflow does not say. */
  max_parallel: count.optional(),
  /** Turns at once, by the name of an adapter. */
  provider_limits: z.record(z.string().regex(/^[a-z0-9][a-z0-9-]*$/), count).optional(),
  /** How long an attempt waits for a provider that does not answer for now; `0s`: not at all. */
  max_wait: durationFrom(0).optional(),
  no_progress: z.enum(['stop', 'escalate', 'ignore']).optional(),
  /** A turn whose process died. */
  on_interrupt: z.enum(['resume', 'retry', 'ask']).optional(),
  unknown_cost: z.enum(['warn', 'fail', 'estimate']).optional(),
});
export type ConfigFile = z.output<typeof configSchema>;

/** The keys that may stand where a path of keys leads. */
export function knownKeys([first, , third]: readonly PropertyKey[]): readonly string[] {
  if (first === undefined) return Object.keys(configSchema.shape);
  if (first === 'agents' && third === undefined) return Object.keys(agent.shape);
  if (first === 'commands') return Object.keys(commands.shape);
  return first === 'failure_text' ? Object.keys(failureText.shape) : [];
}
