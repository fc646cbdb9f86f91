import { refused } from '@pawl/provider-kit/options';
import { z } from 'zod';

/** `agents.<name>.options` of the configuration. */
export const scriptOptions = z.strictObject({
  /** The program and its arguments, handed over as they are: no shell, nothing expanded. */
  command: z
    .array(z.string())
    .min(1, 'names the program and its arguments')
    .refine((words) => words[0] !== '', {
      message: 'the program has no name',
    }),
  directories: refused('a script goes where it likes: name folders in `command` or `env`'),
  effort: refused('a script has no such thing that pawl knows of: name it in `command` or `env`'),
  mcpServers: refused('a script starts what it likes: name servers in `command` or `env`'),
  /** Added to the program's environment. */
  env: z.record(z.string().regex(/^[^=\0]+$/, 'is not the name of a variable'), z.string()).optional(),
});

export type ScriptOptions = z.infer<typeof scriptOptions>;
