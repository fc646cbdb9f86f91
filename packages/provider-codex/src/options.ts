import { directories, mcpServers } from '@pawl/provider-kit/options';
import { z } from 'zod';

/** Flags and commands this adapter sets itself or that would widen what a step may do. */
const reserved = [
  ...[
    '--json',
    '--sandbox',
    '--model',
    '--cd',
    '--worktree',
    '--add-dir',
    '--skip-git-repo-check',
    '--ephemeral',
    '--output-schema',
  ],
  ...[
    '--output-last-message',
    '--ignore-rules',
    '--last',
    '--all',
    '--trust',
    '--approve-for-me',
    '--full-auto',
    '--yolo',
  ],
  ...['--dangerously-bypass-approvals-and-sandbox', '--dangerously-bypass-hook-trust', '--search', '--color'],
  ...['resume', 'fork', 'review', 'help', '-', '--'],
];
/** The short ones may have their value behind them: `-sread-only`. */
const reservedShort = /^-[smCoah]/;

/** Settings, by the beginning of their dotted name, that are the same in another spelling. */
const reservedSettings =
  /^("?)(sandbox|approval|default_permissions|permissions|trust|projects|model\1$|model_reasoning_effort|analytics)/;

const argument = z.string().superRefine((text, context) => {
  const setting = /^(?:-c|--config)?=?\s*([^=]+?)\s*=/.exec(text)?.[1] ?? '';
  if (reserved.includes(text.replace(/=.*/s, '')) || reservedShort.test(text) || reservedSettings.test(setting)) {
    context.addIssue({ code: 'custom', message: `${text} is something that pawl sets` });
  }
});

/** `agents.<name>.options` of the configuration. */
export const codexOptions = z.strictObject({
  /** The program; a name on PATH or a path. */
  binary: z.string().min(1).default('codex'),
  /** How hard the model thinks; undefined leaves the default. Which of them a model takes is its own affair. */
  effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max', 'ultra']).optional(),
  /** Lets commands of access `edit` use the network, which its sandbox else cuts off. */
  network: z.boolean().default(false),
  /** Folders besides the one it works in, absolute: read, and written with `edit`. */
  directories,
  /** Servers that the agent starts and talks to, besides those of its own settings; not where it may only read. */
  mcpServers,
  /** More flags, handed over as they are (`--profile`, `-c mcp_servers.…`, …). */
  args: z.array(argument).default([]),
});

export type CodexOptions = z.infer<typeof codexOptions>;
