import { mcpServers, plainDirectories } from '@pawl/provider-kit/options';
import { z } from 'zod';
import { profileNames } from './profiles/index.ts';

const words = z.array(z.string().min(1)).min(1);

/** `agents.<name>.options` of the configuration. */
export const acpOptions = z
  .strictObject({
    /** An agent that is known. */
    profile: z.enum(profileNames).optional(),
    /** The program and its arguments: of an agent without a profile, or where the profile's own is elsewhere. */
    command: words.optional(),
    /** More arguments, behind those of the profile or the command. */
    args: z.array(z.string()).default([]),
    /** The agent's mode for an access word. Without a profile a word that is not named here is refused. */
    modes: z.partialRecord(z.enum(['read-only', 'edit', 'full']), z.string().min(1)).default({}),
    /** Variables of the environment that the agent needs besides those of its profile. */
    environment: z.array(z.string().min(1)).default([]),
    /** A method of the protocol's `authenticate` to call first. */
    authenticate: z.string().min(1).optional(),
    /** Servers that the agent starts and talks to (MCP). */
    mcpServers,
    /** Folders besides the one it works in, absolute: read, and written with `edit`. */
    directories: plainDirectories,
    /** How hard the model thinks, in the agent's own words; undefined leaves the default. */
    effort: z.string().min(1).optional(),
  })
  .refine(({ profile, command }) => profile !== undefined || command !== undefined, {
    error: `name a profile (${profileNames.join(', ')}) or a command`,
  });

export type AcpOptions = z.infer<typeof acpOptions>;
