import { plainDirectories, refused } from '@pawl/provider-kit/options';
import { z } from 'zod';

/** Flags this adapter sets itself or that would widen what a step may do. */
const reserved = [
  ...['-p', '--prompt', '-i', '--prompt-interactive', '-o', '--output-format', '--acp', '--experimental-acp'],
  ...['-r', '--resume', '--session-id', '--session-file', '--list-sessions', '--delete-session', '-w', '--worktree'],
  ...['-m', '--model', '-y', '--yolo', '--approval-mode', '--skip-trust', '--policy', '--admin-policy'],
  ...[
    '--include-directories',
    '--allowed-tools',
    '--allowed-mcp-server-names',
    '--raw-output',
    '--accept-raw-output-risk',
    '--isCommand',
  ],
];

/** `agents.<name>.options` of the configuration. */
export const geminiOptions = z.strictObject({
  /** The program; a name on PATH or a path. */
  binary: z.string().min(1).default('gemini'),
  /** Folders besides the one it works in, absolute: read, and written with `edit`. */
  directories: plainDirectories,
  effort: refused('Gemini CLI has it in its settings alone (`modelConfigs`), and no flag'),
  mcpServers: refused(
    'Gemini CLI takes servers from settings files alone, and of others than the user’s only those of root: use the agent `acp` with the profile `gemini`',
  ),
  /** More flags, handed over as they are (`--extensions`, …). */
  args: z.array(z.string().refine((flag) => !isReserved(flag), { error: 'is a flag that pawl sets' })).default([]),
});

export type GeminiOptions = z.infer<typeof geminiOptions>;

/** The CLI's parser also takes `--approvalMode`, `--no-…` and `-mMODEL`. */
function isReserved(flag: string): boolean {
  const name = flag.replace(/=.*/s, '').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (reserved.includes(name.replace(/^--no-/, '--')) || reserved.includes(flag)) return true;
  return /^-[a-z]/.test(flag) && [...flag.slice(1)].some((letter) => reserved.includes(`-${letter}`));
}
