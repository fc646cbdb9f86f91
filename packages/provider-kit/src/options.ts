import { z } from 'zod';

const mcpServer = z.strictObject({
  /** Letters, digits, dashes, underscores. */
  name: z.string().regex(/^[A-Za-z0-9_-]+$/),
  command: z.string().min(1),
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
});

/** A server of the Model Context Protocol that an agent starts, and talks to over standard input and output. */
export type McpServer = z.infer<typeof mcpServer>;

/** The option `mcpServers`: servers besides those of the agent's own settings; none where it may only read. */
export const mcpServers = z.array(mcpServer).optional();

const absolute = /^(?:\/|[A-Za-z]:[\\/]|\\\\)[^\0]*$/;

/**
 * The option `directories`: folders besides the one it works in that the agent's tools may read, and write with access `edit`.
 * Absolute, for a worktree is where pawl puts it.
 */
export const directories = z
  .array(
    z.string().regex(absolute, { error: 'is no absolute path; the agent works in a worktree, wherever that lies' }),
  )
  .optional();

/** The same for a CLI that takes them as a list with commas between, or as patterns. */
export const plainDirectories = directories.refine((paths) => !paths?.some((path) => /[,*?!(){}[\]]/.test(path)), {
  error: 'a path with a comma, a bracket or one of * ? ! means another to this agent',
});

/** An option that other agents have: refused by its name, and why, before anything is started. */
export const refused = (why: string) => z.never({ error: why }).optional();
