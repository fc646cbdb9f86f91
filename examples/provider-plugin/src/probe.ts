import type { Capabilities, Host, Probe } from '@pawl/provider';
import { ask } from '@pawl/provider-kit';
import type { ParrotOptions } from './options.js';

export const install = 'Install it with `npm install --global parrot`.';

/** What was seen to work, and nothing else: the kit refuses the rest by name. */
export const capabilities: Capabilities = {
  sessions: ['resume', 'fork', 'list', 'export'],
  access: ['read-only', 'edit'],
  limits: ['turns'],
  reports: ['cost', 'tokens', 'text-delta', 'model', 'denials'],
  output: [],
};

/** Versions that the recordings were made with. Another one works too, and is told to be untried. */
const recorded = /^2\./;

export async function probe(host: Host, { binary }: ParrotOptions): Promise<Probe> {
  const { text, exit } = await ask(host, { file: binary, args: ['--version'], cwd: '/' });
  const version = /\d+\.\d+\.\d+/.exec(text)?.[0];
  if (exit.error || exit.code !== 0 || version === undefined)
    return { found: false, hint: `Parrot was not found (${binary}). ${install}` };
  return { found: true, version, known: recorded.test(version), signedIn: undefined, capabilities };
}
