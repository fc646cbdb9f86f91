import { refused } from '@pawl/provider-kit/options';
import { z } from 'zod';

/** Flags this adapter sets itself, that would widen what a step may do, or that show a key to every process. */
const reserved = [
  ...['-p', '--print', '--output-format', '--stream-partial-output', '-m', '--model', '--list-models', '--workspace'],
  ...[
    '--resume',
    '--continue',
    '--mode',
    '--plan',
    '--trust',
    '-f',
    '--force',
    '--yolo',
    '--sandbox',
    '--approve-mcps',
  ],
  ...[
    '-a',
    '--api-key',
    '-b',
    '--background',
    '-c',
    '--cloud',
    '-w',
    '--worktree',
    '-h',
    '--help',
    '-v',
    '--version',
    '--',
  ],
];

/** `agents.<name>.options` of the configuration. */
export const cursorOptions = z.strictObject({
  /** The program; a name on PATH or a path. Newer installations also call it `agent`. */
  binary: z.string().min(1).default('cursor-agent'),
  directories: refused('Cursor documents no flag for other folders than the one it works in'),
  effort: refused('Cursor has it in the name of the model (`cursor-agent --list-models`)'),
  mcpServers: refused('Cursor takes servers from its own mcp.json alone, and pawl writes none of its files'),
  /** More flags, handed over as they are (`--name`, `--header`, …). */
  args: z
    .array(
      z.string().refine((flag) => !reserved.includes(flag.replace(/=.*/s, '')), { error: 'is a flag that pawl sets' }),
    )
    .default([]),
});

export type CursorOptions = z.infer<typeof cursorOptions>;
