import { directories, refused } from '@pawl/provider-kit/options';
import { z } from 'zod';

/** Flags this adapter sets itself, that would widen what a step may do, or that show a key to every process. */
const reserved = [
  ...['-p', '--print', '--mode', '--model', '--models', '--provider', '--thinking', '--list-models', '--export', '--'],
  ...['-c', '--continue', '-r', '--resume', '--session', '--session-id', '--fork', '--session-dir', '--no-session'],
  ...['-t', '--tools', '-xt', '--exclude-tools', '-nt', '--no-tools', '-nbt', '--no-builtin-tools'],
  ...['-a', '--approve', '--api-key', '-h', '--help', '-v', '--version'],
];

/** How hard the model thinks; Pi brings it down to what the model can. */
export const thinkingLevels = ['off', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;

/** `agents.<name>.options` of the configuration. */
export const piOptions = z.strictObject({
  /** The program; a name on PATH or a path. */
  binary: z.string().min(1).default('pi'),
  /** Undefined leaves the default. */
  effort: z.enum(thinkingLevels).optional(),
  /** Folders besides the one it works in, absolute: read, and written with `edit`. */
  directories,
  mcpServers: refused('Pi has servers in its own mcp.json alone, and pawl writes none of its files: `pi mcp add`'),
  /** More flags, handed over as they are (`--append-system-prompt`, `--extension`, `--skill`, …). */
  args: z
    .array(
      z.string().refine((flag) => !reserved.includes(flag.replace(/=.*/s, '')), { error: 'is a flag that pawl sets' }),
    )
    .default([]),
});

export type PiOptions = z.infer<typeof piOptions>;
