import type { JsonObject, Provider } from '@pawl/provider';
import type { SessionRecord } from '@pawl/session-store';
import { loadConfig, noConfig } from './config/load.ts';
import type { Context } from './context.ts';
import { CliError } from './exit.ts';
import { didYouMean } from './refusal.ts';

/** What goes on with a session. */
export interface SessionAgent {
  readonly provider: Provider;
  readonly options: JsonObject;
  readonly model?: string;
}

/**
 * The agent of a session, as the configuration of this repository has it: by the name that a workflow gave it, else its
 * adapter with the agent's own defaults. Another agent cannot read its conversation, and is refused.
 */
export async function agentOf(
  context: Context,
  { id, ref, agent }: Pick<SessionRecord, 'id' | 'ref' | 'agent'>,
  asked: { readonly agent?: string; readonly model?: string },
): Promise<SessionAgent> {
  const root = await context.root();
  const [{ installed, missing }, { agents }] = await Promise.all([
    context.providers(root),
    root === undefined ? noConfig : loadConfig(root),
  ]);
  const name = asked.agent ?? agent;
  const configured = name !== undefined && Object.hasOwn(agents, name) ? agents[name] : undefined;
  const [known, alias] = configured ? [configured.provider] : builtIn(name, installed);
  if (known === undefined && asked.agent !== undefined)
    throw unknownAgent(asked.agent, [...Object.keys(agents), ...installed.keys()]);
  const provider = known ?? ref.provider;
  if (provider !== ref.provider)
    throw new CliError(
      'usage',
      'foreign-session',
      `session ${id} belongs to ${ref.provider}; ${asked.agent === undefined ? `its agent ${name} is one of` : `${name} is one of`} ${provider} here, and agents cannot read each other's sessions`,
      `pawl sessions resume ${id} --agent ${ref.provider} "…"`,
    );
  const found = installed.get(provider);
  if (!found)
    throw new CliError(
      'environment',
      'not-installed',
      `session ${id} needs the adapter ${provider}, which is not installed`,
      missing.find((each) => each.id === provider)?.install ?? 'pawl agents',
    );
  const model = asked.model ?? configured?.model ?? alias;
  return { provider: found, options: configured?.options ?? {}, ...(model !== undefined && { model }) };
}

/** Refused by its name, with those that are there. */
export function unknownAgent(name: string, known: readonly string[]): CliError {
  return new CliError(
    'usage',
    'unknown-agent',
    `there is no agent ${name}${didYouMean(name, known)} (there are: ${known.join(', ')})`,
    'pawl models',
  );
}

/** `claude-opus`: the adapter and its name for a model. */
function builtIn(
  name: string | undefined,
  installed: ReadonlyMap<string, Provider>,
): readonly [provider?: string, model?: string | undefined] {
  if (name === undefined) return [];
  const provider = [...installed.values()].find(({ id }) => name === id || name.startsWith(`${id}-`));
  if (!provider) return [];
  const alias = name.slice(provider.id.length + 1);
  if (alias === '') return [provider.id];
  return [provider.id, Object.hasOwn(provider.models, alias) ? provider.models[alias] : alias];
}
