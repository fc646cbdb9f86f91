import { accessSync, constants, existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createAgent } from '@pawl/agent';
import { runCommand } from '@pawl/process';
import type { Probe, Provider } from '@pawl/provider';
import { hostFor } from './compose.ts';
import type { Context } from './context.ts';

/** One thing that was looked at. `fix` is the command, or the deed, that mends it. */
export interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'problem';
  readonly message: string;
  readonly fix?: string;
}

const leastGit = [2, 31] as const;
const leastNode = [22, 18] as const;
const leastFree = 1024 ** 3;

export async function lookAtGit({ env }: Context): Promise<Finding> {
  const path = env.PATH === undefined ? {} : { PATH: env.PATH };
  const { stdout, error } = await runCommand({
    file: 'git',
    args: ['--version'],
    cwd: '/',
    env: path,
    timeoutMs: 10_000,
  });
  const version = /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0];
  if (error || version === undefined)
    return { name: 'git', state: 'problem', message: 'git was not found', fix: 'install git, and put it on the PATH' };
  const fits = isAtLeast(version, leastGit);
  return {
    name: 'git',
    state: fits ? 'ok' : 'problem',
    message: `git ${version}`,
    ...(!fits && { fix: `upgrade git to ${leastGit.join('.')} or newer` }),
  };
}

export function lookAtNode(version: string = process.versions.node): Finding {
  const fits = isAtLeast(version, leastNode);
  return {
    name: 'node',
    state: fits ? 'ok' : 'problem',
    message: `Node ${version}`,
    ...(!fits && { fix: `upgrade Node to ${leastNode.join('.')} or newer` }),
  };
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [one = 0, two = 0] = version.split('.').map(Number);
  return one > major || (one === major && two >= minor);
}

export async function lookAtHome({ places }: Context): Promise<readonly Finding[]> {
  const { home } = places;
  let there = home;
  while (!existsSync(there) && there !== dirname(there)) there = dirname(there);
  try {
    accessSync(there, constants.W_OK);
  } catch {
    const fix = 'set PAWL_HOME to a folder that you can write';
    return [{ name: 'home', state: 'problem', message: `${home} cannot be written`, fix }];
  }
  const { bavail, bsize } = await statfs(there);
  const free = bavail * bsize;
  const disk: Finding = {
    name: 'disk',
    state: free < leastFree ? 'warning' : 'ok',
    message: `${(free / 1024 ** 3).toFixed(1)} GiB free where worktrees and records lie`,
    ...(free < leastFree && { fix: 'pawl gc' }),
  };
  const told = existsSync(home) ? home : `${home} (made when it is needed)`;
  return [{ name: 'home', state: 'ok', message: told }, disk];
}

/** `paid`: one small question to it, which may cost money. */
export async function lookAtAgent(context: Context, provider: Provider, paid: boolean): Promise<Finding> {
  const { id, title } = provider;
  const name = `agent ${id}`;
  const options = await provider.options['~standard'].validate({});
  if (options.issues)
    return {
      ...{ name: `adapter ${id}`, state: 'ok' as const },
      message: `${title}: used once it is named with its options in .pawl/config.yaml`,
    };
  const probe = await provider.probe(hostFor(provider, context.env), options.value);
  if (!probe.found) return { name, state: 'warning', message: `${title} was not found`, fix: installOf(probe.hint) };
  if (probe.signedIn === false)
    return {
      name,
      state: 'problem',
      message: `${title} ${probe.version} is not signed in`,
      fix: `start ${title} once by itself and sign in`,
    };
  const message = `${title} ${probe.version}${can(probe)}`;
  if (paid) return asked(context, provider, name, message);
  const known: Finding = { name, state: 'ok', message: `${message}${probe.signedIn ? ', signed in' : ''}` };
  if (probe.known) return known;
  return {
    ...known,
    state: 'warning',
    message: `${known.message}; its adapter was not tried with this version`,
    fix: `npm install -g @pawl/provider-${id}@latest, or pawl doctor --probe to see whether it works`,
  };
}

/** The command of a hint, where it ends in one. */
const installOf = (hint: string): string => /Install it with: (.+)$/s.exec(hint)?.[1]?.trim() ?? hint;

function can({ capabilities }: Probe & { readonly found: true }): string {
  const access = capabilities.access.join(', ');
  return access === '' ? '' : `, access ${access}`;
}

const askedMs = 120_000;

async function asked(context: Context, provider: Provider, name: string, message: string): Promise<Finding> {
  const readOnly = provider.capabilities.access.includes('read-only');
  const agent = createAgent(provider, {
    cwd: context.cwd,
    host: hostFor(provider, context.env),
    ...(readOnly && { access: 'read-only' }),
    limits: { turns: 2, wallMs: askedMs },
  });
  try {
    const { outcome, cost } = await agent.run('Answer with the one word: ready');
    const price = cost.state === 'unknown' ? 'cost not told' : `$${cost.usd.toFixed(4)}`;
    if (outcome.kind === 'completed') return { name, state: 'ok', message: `${message}, answered (${price})` };
    const why = outcome.kind === 'failed' ? outcome.error.message : outcome.kind;
    return {
      name,
      state: 'problem',
      message: `${message}: it did not answer: ${why}`,
      fix: `start ${provider.title} once by itself`,
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { name, state: 'problem', message: `${message}: ${why}`, fix: `start ${provider.title} once by itself` };
  } finally {
    await agent.close();
  }
}
