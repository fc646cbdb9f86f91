import type { Command, Host, Probe, Provider } from '@pawl/provider';
import { system } from '../clock.ts';
import { defineCliProvider } from '../define.ts';
import type { Launch, Surroundings } from '../definition.ts';
import { notStarted, refuse } from '../failure.ts';
import { agentOf, verbsOf, wrongVersion } from './agent.ts';
import { callAcp } from './call.ts';
import { AcpConversation } from './conversation.ts';
import { rpcFailure } from './failure.ts';
import { listedSessions } from './opening.ts';
import type { AcpProfile, AcpProviderDefinition } from './profile.ts';
import { initialize, request } from './protocol.ts';

/**
 * A provider for agents that speak ACP over standard input and output; a profile says what is special about one. Each turn
 * is a process of its own, which opens the session anew: what holds for `defineCliProvider` holds here. Permissions are answered
 * by the access word, files are kept in the folder, and a stop is first asked for in the protocol's own way.
 */
export function defineAcpProvider<Options>(
  definition: AcpProviderDefinition<Options>,
  surroundings: Surroundings = system,
): Provider<Options> {
  const { id, title, options, models, environment, capabilities, profile, prepare } = definition;
  const command = (launch: Launch<Options>): Command => {
    const agent = profile(launch.options, launch);
    checkVerb(agent, launch);
    const access = agent.access[launch.access];
    if (!access) {
      const known = Object.keys(agent.access).join(', ') || 'none';
      const message = `${agent.title} cannot be held to access ${launch.access}. Known: ${known}.`;
      throw refuse('unsupported', message);
    }
    const directories = agent.directoryFlag === undefined ? [] : (agent.directories ?? []);
    const folders = directories.flatMap((folder) => [agent.directoryFlag ?? '', folder]);
    const model = launch.model === undefined || agent.modelFlag === undefined ? [] : [agent.modelFlag, launch.model];
    return {
      ...base(agent, launch.cwd),
      args: [...agent.command.args, ...(access.args ?? []), ...folders, ...model],
      env: { ...agent.command.env, ...access.env },
    };
  };
  const provider = defineCliProvider<Options>(
    {
      ...{ id, title, options, models, environment, capabilities, command },
      ...(prepare && { prepare }),
      install: (given) => profile(given).install,
      sameModel: (asked, answered) => asked === answered,
      probe: (host, given) => probeAcp(definition, surroundings, host, given),
      translate: (launch, host) =>
        new AcpConversation({
          ...{ provider: id, profile: profile(launch.options, launch), launch, host, clock: surroundings.clock },
        }),
    },
    surroundings,
  );
  if (!capabilities.sessions.includes('list')) return provider;
  return { ...provider, listSessions: (query, host) => listAcp(definition, surroundings, host, query) };
}

function base({ command, environment }: AcpProfile, cwd: string): Command {
  return { ...command, cwd, stdinOpen: true, ...(environment ? { environment } : {}) };
}

function checkVerb({ title, sessions }: AcpProfile, { start }: Pick<Launch<unknown>, 'start'>): void {
  if (start.kind === 'new' || !sessions || sessions.includes(start.kind)) return;
  const known = sessions.join(', ') || 'nothing of the kind';
  throw refuse('unsupported', `${title} cannot ${start.kind} a session over ACP. It can: ${known}.`);
}

async function probeAcp<Options>(
  { capabilities, profile }: AcpProviderDefinition<Options>,
  { clock }: Surroundings,
  host: Host,
  options: Options,
): Promise<Probe> {
  const agent = profile(options);
  const [answer] = await callAcp(host, base(agent, '.'), [['initialize', initialize(false)]], clock);
  if (!answer || 'exit' in answer) {
    const error = answer?.exit.error && notStarted(answer.exit, agent.command.file, agent.title, agent.install);
    const last = answer?.exit.stderrTail.trimEnd().split('\n').at(-1) ?? '';
    return { found: false, hint: error?.message ?? `${agent.title} was started and did not answer: ${last}` };
  }
  if ('error' in answer) return { found: false, hint: rpcFailure(agent.title, 'initialize', answer.error).message };
  const wrong = wrongVersion(agent.title, answer.result);
  if (wrong) return { found: false, hint: wrong.message };
  const told = agentOf(answer.result);
  const verbs = verbsOf(told).filter((verb) => !agent.sessions || agent.sessions.includes(verb));
  const { version = 'unknown' } = told;
  return {
    found: true,
    version,
    known: agent.known?.test(version) ?? false,
    // Only a session tells, and for some it is an account's first call.
    signedIn: undefined,
    capabilities: {
      ...capabilities,
      sessions: capabilities.sessions.filter((verb) => verbs.includes(verb)),
      access: capabilities.access.filter((word) => agent.access[word]),
    },
  };
}

async function listAcp<Options>(
  { id, options, profile }: AcpProviderDefinition<Options>,
  { clock }: Surroundings,
  host: Host,
  { cwd, limit }: { readonly cwd: string; readonly limit?: number },
): ReturnType<NonNullable<Provider['listSessions']>> {
  const validated = await options['~standard'].validate({});
  if (validated.issues) throw refuse('bad-option', `${id} cannot list sessions without options.`);
  const agent = profile(validated.value);
  const answers = await callAcp(
    host,
    base(agent, cwd),
    [
      ['initialize', initialize(false)],
      ['list', request('list', 'session/list', { cwd })],
    ],
    clock,
  );
  const last = answers.at(-1);
  if (!last || !('result' in last)) throw refuse('unsupported', `${agent.title} did not list its sessions.`);
  return listedSessions(last.result, cwd)
    .slice(0, limit)
    .map(({ id: session, title, updatedAt }) => ({
      ref: { provider: id, id: session, cwd },
      ...(title === undefined ? {} : { title }),
      ...(updatedAt === undefined ? {} : { updatedAt }),
    }));
}
