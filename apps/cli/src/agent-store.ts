import type { Host, Provider } from '@pawl/provider';
import type { SessionRecord } from '@pawl/session-store';
import { hostFor } from './compose.ts';
import type { Context } from './context.ts';

/** What became of a change where the agent itself keeps the session. `none`: it keeps nothing of the kind. */
export type AgentStore =
  | { readonly state: 'changed' | 'none' }
  | { readonly state: 'failed'; readonly message: string };

/**
 * Makes a change also in the agent's own store. That it cannot be made there (the agent has deleted its transcript) is an
 * answer: our own record is changed all the same.
 */
export async function tellAgent(
  context: Context,
  { ref }: SessionRecord,
  change: (provider: Provider, host: Host) => Promise<void> | undefined,
): Promise<AgentStore> {
  const { installed } = await context.providers(await context.root());
  const provider = installed.get(ref.provider);
  if (!provider) return { state: 'none' };
  const changing = change(provider, hostFor(provider, context.env));
  if (!changing) return { state: 'none' };
  try {
    await changing;
    return { state: 'changed' };
  } catch (error) {
    return { state: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}
