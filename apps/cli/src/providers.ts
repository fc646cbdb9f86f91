import { type AgentStep, allSteps, isAgentStep, type Plan, type PlannedAgent, type Template } from '@pawl/core';
import type { Host, Probe, Provider } from '@pawl/provider';
import claude from '@pawl/provider-claude';
import script from '@pawl/provider-script';
import { findAdapters, type MissingAdapter, packageOf } from './adapters.ts';
import { CliError } from './exit.ts';
import { loadPlugins, type Plugin } from './plugins.ts';

/** Every adapter that there is, and those that there could be. */
export interface Providers {
  readonly installed: ReadonlyMap<string, Provider>;
  readonly missing: readonly MissingAdapter[];
  /** What the configuration names under `providers:`. */
  readonly plugins: readonly Plugin[];
}

/**
 * The adapters that come with the command line, those installed beside it, and the named ones of others. A plug-in that
 * cannot be used is told in `plugins`; it is never left out in silence: see {@link refuseBroken}.
 */
export async function findProviders(named: readonly string[], root: string): Promise<Providers> {
  const [{ found, missing }, loaded] = await Promise.all([findAdapters(), loadPlugins(named, root)]);
  const installed = new Map([claude as Provider, script as Provider, ...found].map((each) => [each.id, each]));
  const taken = new Map([...installed.keys()].map((id) => [id, 'pawl']));
  const plugins = loaded.map((plugin) => {
    if (!('provider' in plugin)) return plugin;
    const { name, provider } = plugin;
    const other = taken.get(provider.id);
    // One of ours in the version of the repository goes before the one beside pawl.
    if (other !== undefined && (other !== 'pawl' || name !== packageOf(provider.id)))
      return {
        name,
        problem: `brings an adapter named ${provider.id}, which ${other} has already`,
        hint: 'name one of them',
      };
    taken.set(provider.id, name);
    installed.set(provider.id, provider);
    return plugin;
  });
  return { installed, missing: missing.filter(({ id }) => !installed.has(id)), plugins };
}

/** Refuses by name what the configuration names and cannot be had. */
export function refuseBroken({ plugins }: Pick<Providers, 'plugins'>): void {
  for (const plugin of plugins)
    if ('problem' in plugin)
      throw new CliError(
        'environment',
        'plugin-broken',
        `${plugin.name}, named under providers: in .pawl/config.yaml, ${plugin.problem}`,
        plugin.hint,
      );
}

type HostOf = (provider: Provider) => Host;

/**
 * Refuses before anything is begun: an agent that is not there, is not signed in, or cannot keep to an access word. A
 * version that its adapter was not recorded with works, and is told once.
 */
export async function checkAgents(
  plan: Plan,
  { installed, missing }: Providers,
  { host, warn }: { readonly host: HostOf; readonly warn: (text: string) => void },
): Promise<void> {
  // Three names of one program are one question to it.
  const probes = new Map<string, Promise<Probe>>();
  const untried = new Set<string>();
  for (const agent of Object.values(plan.agents)) {
    const provider = installed.get(agent.provider);
    if (!provider) {
      const known = missing.find(({ id }) => id === agent.provider);
      throw new CliError(
        'environment',
        'not-installed',
        known?.problem ??
          `agent ${agent.name} needs an adapter named ${agent.provider}, which is not installed (installed: ${[...installed.keys()].join(', ')})`,
        known?.install ?? 'pawl agents',
      );
    }
    const key = JSON.stringify([agent.provider, agent.options]);
    const probing = probes.get(key) ?? probeAgent(agent, provider, host);
    probes.set(key, probing);
    const probe = await probing;
    if (!probe.found)
      throw new CliError('environment', 'not-installed', `agent ${agent.name}: ${probe.hint}`, 'pawl agents');
    if (probe.signedIn === false)
      throw new CliError(
        'environment',
        'not-signed-in',
        `agent ${agent.name}: ${provider.title} is not signed in: start it once by itself and sign in`,
        'pawl agents',
      );
    refuseWider(plan, agent.name, provider, probe.capabilities.access);
    if (!probe.known) untried.add(`${provider.title} ${probe.version}`);
  }
  for (const version of untried)
    warn(
      `warning: ${version} is a version that its adapter was not tried with: it is used all the same, and what it prints that is not known is counted`,
    );
}

/** Whether an agent's program is there. Refuses options that its adapter does not take. */
export async function probeAgent(
  agent: Pick<PlannedAgent, 'name' | 'options'>,
  provider: Provider,
  host: HostOf,
): Promise<Probe> {
  const options = await provider.options['~standard'].validate(agent.options);
  if (!options.issues) return provider.probe(host(provider), options.value);
  const problems = options.issues.map((issue) => {
    const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
    return `${['options', ...path].join('.')}: ${issue.message}`;
  });
  const message = `agent ${agent.name}: ${problems.join('; ')}`;
  throw new CliError('usage', 'bad-option', message, 'correct it in .pawl/config.yaml or in agents: of the workflow');
}

function refuseWider(plan: Plan, agent: string, provider: Provider, access: readonly string[]): void {
  const step = allSteps(plan.steps)
    .filter(isAgentStep)
    .find((each) => namesOf(each).includes(agent) && !access.includes(each.access));
  if (step === undefined) return;
  throw new CliError(
    'usage',
    'unsupported',
    `step ${step.address} needs access ${step.access}, which ${provider.title} cannot keep to (it knows: ${access.join(', ')})`,
    'choose another agent, or write access: full in the step',
  );
}

/** The agents a step is known to run. */
function namesOf({ agent, retry }: AgentStep): readonly string[] {
  return [agent, ...retry.entries.map((entry) => entry.agent)].flatMap((template) => template?.map(wordOf) ?? []);
}

/** A name that another step or an input gives is known only when the run is there. */
const wordOf = (line: Template[number]): string =>
  line.map((part) => (typeof part === 'string' ? part : '\0')).join('');
