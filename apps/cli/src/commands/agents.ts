import type { Probe, Provider } from '@pawl/provider';
import { displayWidth, pad, plainLine, wrap } from '@pawl/report';
import type { MissingAdapter } from '../adapters.ts';
import { hostFor } from '../compose.ts';
import { type ConfiguredAgent, configName, loadConfig, noConfig } from '../config/load.ts';
import type { Context } from '../context.ts';
import { CliError, exitCodes } from '../exit.ts';
import type { Plugin } from '../plugins.ts';
import { findProviders, type Providers, probeAgent } from '../providers.ts';
import type { Screen, Style } from '../terminal.ts';

interface Row {
  readonly name: string;
  readonly usable: boolean;
  readonly about: string;
  /** Names a workflow may use. */
  readonly names: readonly string[];
}

/** Which agents can be used here: adapters, whether their program is found and signed in, and the names a workflow may use. */
export async function agents(context: Context, options: { readonly json?: boolean }): Promise<number> {
  const { terminal, env } = context;
  const root = await context.root();
  const config = root === undefined ? noConfig : await loadConfig(root);
  const { agents: configured } = config;
  // One that is broken is a line of the answer here.
  const providers = await findProviders(config.providers, root ?? '/');
  const { installed, missing, plugins } = providers;
  const found = [];
  for (const provider of installed.values()) found.push({ provider, probe: await probeOf(provider, env) });
  const named = [];
  for (const [name, agent] of Object.entries(configured))
    named.push({ name, agent, problem: await problemOf(name, agent, providers, env) });
  if (options.json) {
    const adapters = found.map(({ provider: { id, title, models }, probe }) => {
      const from = pluginOf(id, plugins);
      return { provider: id, title, models, ...(from !== undefined && { package: from }), probe };
    });
    const broken = plugins.flatMap((plugin) => ('problem' in plugin ? plugin : []));
    const own = named.map(({ name, agent, problem }) => ({
      name,
      ...agent,
      ...(problem !== undefined && { problem }),
    }));
    terminal.print(JSON.stringify({ version: 1, adapters, missing, broken, agents: own }));
    return exitCodes.passed;
  }
  const adapters = [
    ...found.map(({ provider, probe }) => adapterRow(provider, probe, pluginOf(provider.id, plugins))),
    ...missing.map(missingRow),
    ...plugins.flatMap(brokenRow),
  ];
  const own = named.map(({ name, agent, problem }) => ({
    name,
    usable: problem === undefined,
    about: problem ?? aboutOf(agent),
    names: [],
  }));
  terminal.print(rowLines(adapters, terminal.data).join('\n'));
  if (own.length > 0) terminal.print(['', `named in ${configName}`, ...rowLines(own, terminal.data)].join('\n'));
  return exitCodes.passed;
}

/** Undefined: nothing can be told before an agent is named with its options. */
async function probeOf(provider: Provider, env: NodeJS.ProcessEnv): Promise<Probe | undefined> {
  const options = await provider.options['~standard'].validate({});
  return options.issues ? undefined : provider.probe(hostFor(provider, env), options.value);
}

async function problemOf(
  name: string,
  agent: ConfiguredAgent,
  { installed, missing }: Providers,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const provider = installed.get(agent.provider);
  const known = missing.find(({ id }) => id === agent.provider);
  if (known) return aboutMissing(known);
  if (!provider) return `there is no adapter ${agent.provider} (installed: ${[...installed.keys()].join(', ')})`;
  try {
    const probe = await probeAgent({ name, options: agent.options }, provider, (each) => hostFor(each, env));
    if (!probe.found) return probe.hint;
    return probe.signedIn === false ? `${provider.title} is not signed in` : undefined;
  } catch (error) {
    if (error instanceof CliError) return error.message;
    throw error;
  }
}

const pluginOf = (id: string, plugins: readonly Plugin[]): string | undefined =>
  plugins.find((plugin) => 'provider' in plugin && plugin.provider.id === id)?.name;

const aboutMissing = ({ title, install, problem }: MissingAdapter): string =>
  problem === undefined ? `${title}: its adapter is not installed: ${install}` : `${problem}: ${install}`;

const missingRow = (missing: MissingAdapter): Row => ({
  name: missing.id,
  usable: false,
  about: aboutMissing(missing),
  names: [],
});

/** By the name of its package: what its agent is called is not known. */
const brokenRow = (plugin: Plugin): readonly Row[] =>
  'problem' in plugin
    ? [
        {
          name: plugin.name,
          usable: false,
          about: `named under providers: ${plugin.problem}: ${plugin.hint}`,
          names: [],
        },
      ]
    : [];

function adapterRow({ id, title, models }: Provider, probe: Probe | undefined, plugin: string | undefined): Row {
  const names = [id, ...Object.keys(models).map((model) => `${id}-${model}`)];
  if (probe === undefined) {
    const example = `agents: { my-agent: { provider: ${id}, options: { … } } }`;
    return {
      name: id,
      usable: true,
      about: `${title}: name one with its options in ${configName}: ${example}`,
      names: [],
    };
  }
  if (!probe.found) return { name: id, usable: false, about: probe.hint, names };
  const signedIn = probe.signedIn === undefined ? 'sign-in not known' : probe.signedIn ? 'signed in' : 'not signed in';
  const untried = probe.known ? '' : ' (a version that this adapter was not tried with)';
  return {
    name: id,
    usable: probe.signedIn !== false,
    about: `${title} ${probe.version}, ${signedIn}${untried}${plugin === undefined ? '' : `; adapter: ${plugin}`}`,
    names,
  };
}

function aboutOf({ provider, model, options }: ConfiguredAgent): string {
  const command = Array.isArray(options.command) ? `: ${options.command.join(' ')}` : '';
  return `${provider}${model === undefined ? '' : `, model ${model}`}${command}`;
}

function rowLines(rows: readonly Row[], { width, color }: Screen): readonly string[] {
  const wide = Math.max(...rows.map((row) => displayWidth(row.name)));
  const room = Math.max(20, width - wide - 4);
  return rows.flatMap(({ name, usable, about, names }) => {
    const [mark, style]: [string, Style] = usable ? ['✓', 'green'] : ['✗', 'red'];
    const [first = '', ...more] = wrap(plainLine(about), room);
    const below = [...more, ...(names.length > 0 ? wrap(`names: ${names.join(', ')}`, room) : [])];
    return [
      `${color(style, mark)} ${pad(name, wide)}  ${first}`,
      ...below.map((line) => `${' '.repeat(wide + 4)}${line}`),
    ];
  });
}
