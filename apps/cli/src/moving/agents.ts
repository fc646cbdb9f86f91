import type { Host, Provider, SessionVerb } from '@pawl/provider';
import { hostFor } from '../compose.ts';
import type { Context } from '../context.ts';
import { CliError } from '../exit.ts';

/** The adapter of a session's agent, where it can do all of that; else a refusal that names those that can. */
export async function agentThatCan(
  context: Context,
  id: string,
  verbs: readonly SessionVerb[],
  what: string,
): Promise<{ readonly provider: Provider; readonly host: Host }> {
  const { installed, missing } = await context.providers(await context.root());
  const provider = installed.get(id);
  if (!provider) {
    const known = missing.find((each) => each.id === id);
    const message = `the adapter of ${id} is not installed`;
    throw new CliError('environment', 'not-installed', message, known?.install ?? 'pawl agents');
  }
  const can = (each: Provider) => verbs.every((verb) => each.capabilities.sessions.includes(verb));
  if (can(provider)) return { provider, host: hostFor(provider, context.env) };
  const others = [...installed.values()].filter(can).map(({ title }) => title);
  throw new CliError(
    'usage',
    'unsupported',
    `${provider.title} cannot ${what}${others.length === 0 ? '' : ` (${others.join(', ')} can)`}`,
    'start a new session there',
    { agents: others },
  );
}
