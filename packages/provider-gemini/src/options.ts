import { z } from 'zod';

/** Flags this adapter sets itself or that would widen what a step may do. */
const reserved = [
  ...['-p', '--prompt', '-i', '--prompt-interactive', '-o', '--output-format', '--acp', '--experimental-acp'],
  ...['-r', '--resume', '--session-id', '--session-file', '--list-sessions', '--delete-session', '-w', '--worktree'],
  ...['-m', '--model', '-y', '--yolo', '--approval-mode', '--skip-trust', '--policy', '--admin-policy'],
  ...['--allowed-tools', '--allowed-mcp-server-names', '--raw-output', '--accept-raw-output-risk', '--isCommand'],
];

/** `agents.<name>.options` of the configuration. */
export const geminiOptions = z.strictObject({
  /** The program; a name on PATH or a path. */
  binary: z.string().min(1).default('gemini'),
  /** More flags, handed over as they are (`--include-directories`, `--extensions`, …). */
  args: z.array(z.string().refine((flag) => !isReserved(flag), { error: 'is a flag that pawl sets' })).default([]),
});

export type GeminiOptions = z.infer<typeof geminiOptions>;

/** The CLI's parser also takes `--approvalMode`, `--no-…` and `-mMODEL`. */
function isReserved(flag: string): boolean {
  const name = flag.replace(/=.*/s, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (reserved.includes(name.replace(/^--no-/, '--')) || reserved.includes(flag)) return true;
  return /^-[a-z]/.test(flag) && [...flag.slice(1)].some((letter) => reserved.includes(`-${letter}`));
}
