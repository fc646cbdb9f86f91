import { z } from 'zod';

/** `agents.<name>.options` of the configuration. A strict object refuses what it does not know, by name. */
export const parrotOptions = z.strictObject({
  /** The program; a name on PATH or a path. */
  binary: z.string().min(1).default('parrot'),
});

export type ParrotOptions = z.infer<typeof parrotOptions>;
