import { mcpServers, plainDirectories } from '@pawl/provider-kit/options';
import { z } from 'zod';

/** Flags this adapter sets itself or that would widen what a step may do. */
const reserved = [
  ...['-p', '--prompt', '-i', '--prompt-interactive', '-o', '--output-format', '--input-format', '--json-schema'],
  ...['--include-partial-messages', '--json-fd', '--json-file', '--input-file', '--acp', '--channel'],
  ...['-c', '--continue', '-r', '--resume', '--session-id', '--fork-session', '--chat-recording', '--worktree'],
  ...['-m', '--model', '--fallback-model', '--max-session-turns', '-y', '--yolo', '--approval-mode'],
  ...['--allowed-tools', '--core-tools', '--exclude-tools', '--allowed-mcp-server-names', '--mcp-config'],
  ...['--add-dir', '--include-directories'],
];

/** `agents.<name>.options` of the configuration. */
export const qwenOptions = z.strictObject({
  /** The program; a name on PATH or a path. */
  binary: z.string().min(1).default('qwen'),
  /** How hard the model thinks; undefined leaves the default. Qwen Code brings it down to what the model can. */
  effort: z.enum(['none', 'low', 'medium', 'high', 'xhigh', 'max']).optional(),
  /** Folders besides the one it works in, absolute: read, and written with `edit`. */
  directories: plainDirectories,
  /** Servers that the agent starts and talks to, besides those of its own settings; not where it may only read. */
  mcpServers,
  /** More flags, handed over as they are (`--append-system-prompt`, `--auth-type`, …). */
  args: z.array(z.string().refine((flag) => !isReserved(flag), { error: 'is a flag that pawl sets' })).default([]),
});

export type QwenOptions = z.infer<typeof qwenOptions>;

/** The CLI's parser also takes `--approvalMode`, `--no-…` and `-mMODEL`. */
function isReserved(flag: string): boolean {
  const name = flag.replace(/=.*/s, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (reserved.includes(name.replace(/^--no-/, '--')) || reserved.includes(flag)) return true;
  return /^-[a-z]/.test(flag) && [...flag.slice(1)].some((letter) => reserved.includes(`-${letter}`));
}
