import type { Command, JsonObject } from '@pawl/provider';
import { asString, type Launch, type McpServer, refuse, serversFor } from '@pawl/provider-kit';
import { confine } from './access.ts';
import { configContent } from './config.ts';
import { quiet } from './environment.ts';
import type { OpenCodeOptions } from './options.ts';

/**
 * The command line of one turn. The prompt goes to standard input: as an argument it would be put in quotes, and its own
 * quotes spoilt. OpenCode waits for the end of standard input before it does anything.
 */
export function command(launch: Launch<OpenCodeOptions>): Command {
  const { options, model, env, start } = launch;
  const { args, config, permission } = confine(launch.access, launch.freshId, options.directories);
  const servers = serversFor(launch.access, options.mcpServers);
  const ephemeral = start.kind === 'ephemeral';
  const ours: JsonObject = {
    autoupdate: false,
    share: 'disabled',
    ...(ephemeral ? { snapshot: false } : {}),
    ...(servers.length > 0 ? { mcp: Object.fromEntries(servers.map(served)) } : {}),
    ...config,
  };
  return {
    file: options.binary,
    cwd: launch.cwd,
    stdin: launch.prompt,
    args: [
      // What went wrong is often told in the log alone.
      ...['run', '--format', 'json', '--thinking', '--print-logs', '--log-level', 'ERROR'],
      ...startFlags(launch),
      ...args,
      ...(model === undefined ? [] : [`--model=${model}`]),
      ...(options.effort === undefined ? [] : [`--variant=${options.effort}`]),
      ...options.args,
    ],
    env: {
      ...quiet(env),
      OPENCODE_CONFIG_CONTENT: configContent(env.OPENCODE_CONFIG_CONTENT, ours),
      ...(permission ? { OPENCODE_PERMISSION: JSON.stringify(permission) } : {}),
      ...(ephemeral ? { OPENCODE_DB: ':memory:' } : {}),
    },
  };
}

const served = ({ name, command, args, env }: McpServer): [string, JsonObject] => [
  name,
  { type: 'local', command: [command, ...args], environment: env, enabled: true },
];

/** An empty title is the beginning of the prompt; without one a request of its own is made for it, which nobody counts. */
const titled = '--title=';

function startFlags({ start, prepared }: Launch<OpenCodeOptions>): readonly string[] {
  switch (start.kind) {
    case 'new':
    case 'ephemeral':
      return [titled];
    case 'resume':
      return ['--session', checkedId(start.ref.id)];
    case 'continue': {
      const newest = asString(prepared?.newest);
      return newest === undefined ? ['--continue'] : ['--session', newest];
    }
    case 'fork': {
      const copy = asString(prepared?.copy);
      return copy === undefined ? ['--session', checkedId(start.ref.id), '--fork'] : ['--session', copy];
    }
  }
}

/** Anything else could be a flag. */
export function checkedId(id: string): string {
  if (/^[A-Za-z0-9][\w.-]*$/.test(id)) return id;
  throw refuse('bad-option', `OpenCode names its sessions ses_…; ${JSON.stringify(id)} is no such name.`);
}
