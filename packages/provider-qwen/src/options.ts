import { z } from 'zod';

/** Flags this adapter sets itself or that would widen what a step may do. */
const reserved = [
  ...['-p', '--prompt', '-i', '--prompt-interactive', '-o', '--output-format', '--input-format', '--json-schema'],
  ...['--include-partial-messages', '--json-fd', '--json-file', '--input-file', '--acp', '--channel'],
  ...['-c', '--continue', '-r', '--resume', '--session-id', '--fork-session', '--chat-recording', '--worktree'],
  ...['-m', '--model', '--fallback-model', '--max-session-turns', '-y', '--yolo', '--approval-mode'],
  ...['--allowed-tools', '--core-tools', '--exclude-tools', '--allowed-mcp-server-names'],
];

const mcpServer = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_-]+$/),
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
});

/** `agents.<name>.options` of the configuration. */
export const qwenOptions = z.strictObject({
  /** The program; a name on PATH or a path. */
  binary: z.string().min(1).default('qwen'),
  /** Servers that the agent starts and talks to, besides those of its own settings; not where it may only read. */
  mcpServers: z.array(mcpServer).optional(),
  /** More flags, handed over as they are (`--append-system-prompt`, `--auth-type`, `--add-dir`, …). */
  args: z.array(z.string().refine((flag) => !isReserved(flag), { error: 'is a flag that pawl sets' })).default([]),
});

export type QwenOptions = z.infer<typeof qwenOptions>;

/** The CLI's parser also takes `--approvalMode`, `--no-…` and `-mMODEL`. */
function isReserved(flag: string): boolean {
  const name = flag.replace(/=.*/s, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (reserved.includes(name.replace(/^--no-/, '--')) || reserved.includes(flag)) return true;
  return /^-[a-z]/.test(flag) && [...flag.slice(1)].some((letter) => reserved.includes(`-${letter}`));
}
