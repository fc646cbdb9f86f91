import { directories, mcpServers } from '@pawl/provider-kit/options';
import { z } from 'zod';

/** Flags this adapter sets itself or that would widen what a step may do. */
const reserved = [
  ...['-p', '--print', '--output-format', '--input-format', '--verbose', '--include-partial-messages', '--json-schema'],
  ...['-r', '--resume', '-c', '--continue', '--fork-session', '--session-id', '--resume-session-at', '--from-pr'],
  ...['--no-session-persistence', '--bg', '--background', '--cloud', '--teleport', '-w', '--worktree', '--tmux'],
  ...['--model', '--fallback-model', '--effort', '--max-turns', '--max-budget-usd'],
  ...['--permission-mode', '--permission-prompts', '--permission-prompt-tool', '--settings', '--tools'],
  '--add-dir',
  ...['--allowedTools', '--allowed-tools', '--disallowedTools', '--disallowed-tools'],
  ...['--dangerously-skip-permissions', '--allow-dangerously-skip-permissions'],
];

/** `agents.<name>.options` of the configuration. */
export const claudeOptions = z.strictObject({
  /** The program; a name on PATH or a path. */
  binary: z.string().min(1).default('claude'),
  /** How hard the model thinks; undefined leaves the default. */
  effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).optional(),
  /** Folders besides the one it works in, absolute: read, and written with `edit`. */
  directories,
  /** Servers that the agent starts and talks to, besides those of its own settings; not where it may only read. */
  mcpServers,
  /** More flags, handed over as they are (`--append-system-prompt`, `--mcp-config`, …). */
  args: z
    .array(
      z.string().refine((flag) => !reserved.includes(flag.replace(/=.*/s, '')), { error: 'is a flag that pawl sets' }),
    )
    .default([]),
});

export type ClaudeOptions = z.infer<typeof claudeOptions>;
