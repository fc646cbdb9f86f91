import type { Capabilities, Probe } from '@pawl/provider';

export const capabilities: Capabilities = {
  sessions: ['resume', 'fork', 'ephemeral', 'choose-id'],
  access: ['read-only', 'edit', 'full'],
  limits: [],
  reports: ['text-delta', 'tokens', 'cost'],
  output: [],
};

/** A script has no version and no account; whether it starts is seen when it is started. */
export async function probe(): Promise<Probe> {
  return { found: true, version: 'script', known: true, signedIn: true, capabilities };
}
