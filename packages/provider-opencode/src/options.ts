import { mcpServers, plainDirectories } from '@pawl/provider-kit/options';
import { z } from 'zod';

/** Flags this adapter sets itself, that would widen what a step may do, or that make it something else than one turn. */
const reserved = [
  ...['--format', '--thinking', '--print-logs', '--log-level', '--title', '-m', '--model', '--variant', '--'],
  ...['-c', '--continue', '-s', '--session', '--fork', '--share', '--dir', '--attach', '-i', '--interactive', '--mini'],
  ...['--agent', '--auto', '--pure', '--command', '-p', '--password', '-u', '--username', '--port'],
  ...['-h', '--help', '-v', '--version'],
];

/** `agents.<name>.options` of the configuration. */
export const openCodeOptions = z.strictObject({
  /** The program; a name on PATH or a path. */
  binary: z.string().min(1).default('opencode'),
  /** How hard the model thinks, in the words of its provider (`high`, `max`, `minimal`); undefined leaves the default. */
  effort: z
    .string()
    .regex(/^[A-Za-z0-9][\w-]*$/)
    .optional(),
  /** Folders besides the one it works in, absolute: read, and written with `edit`. */
  directories: plainDirectories,
  /** Servers that the agent starts and talks to, besides those of its own settings; not where it may only read. */
  mcpServers,
  /** More flags, handed over as they are (`--file`, …). */
  args: z
    .array(
      z.string().refine((flag) => !reserved.includes(flag.replace(/=.*/s, '')), { error: 'is a flag that pawl sets' }),
    )
    .default([]),
});

export type OpenCodeOptions = z.infer<typeof openCodeOptions>;
