import type { Command, SessionStart } from '@pawl/provider';
import { asArray, asString, type Launch, type McpServer, refuse, serversFor } from '@pawl/provider-kit';
import type { CodexOptions } from './options.ts';
import { strictSchema } from './schema.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const schemaFile = 'pawl-output-schema.json';

/**
 * The command line of one turn. All flags come before the subcommand, which does not know some of them. Model and sandbox
 * are not kept by a session, so they go with every turn. The prompt goes to standard input.
 */
export function command(launch: Launch<CodexOptions>): Command {
  const { options, outputSchema, prepared } = launch;
  // Another model than that of the session would first have its history replaced by a summary.
  const servers = serversFor(launch.access, options.mcpServers);
  const model = launch.model ?? asString(prepared?.model);
  return {
    file: options.binary,
    cwd: launch.cwd,
    stdin: launch.prompt,
    args: [
      'exec',
      // First, because `--image` takes all words up to the next flag.
      ...options.args,
      '--json',
      '--skip-git-repo-check',
      // Else every run without a network waits five seconds at its end.
      ...['-c', 'analytics.enabled=false'],
      ...accessFlags(launch),
      ...servers.flatMap((server) => ['-c', serverSetting(server)]),
      ...(model === undefined ? [] : ['-m', model]),
      ...(options.effort === undefined ? [] : ['-c', `model_reasoning_effort="${options.effort}"`]),
      ...(outputSchema ? ['--output-schema', schemaFile] : []),
      ...startWords(launch.start, asString(prepared?.id)),
      '-',
    ],
    ...(servers.length > 0 ? { env: serverVariables(servers) } : {}),
    ...(outputSchema ? { files: { [schemaFile]: JSON.stringify(strictSchema(outputSchema)) } } : {}),
  };
}

/** Approved beforehand: nobody is there to be asked. Its variables go by name, for a command line can be read by every process. */
function serverSetting({ name, command, args, env }: McpServer): string {
  const settings = {
    ...{ command, args, env_vars: Object.keys(env) },
    default_tools_approval_mode: 'approve',
  };
  const table = Object.entries(settings).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `mcp_servers.${name}={${table.join(',')}}`;
}

function serverVariables(servers: readonly McpServer[]): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const [name, value] of servers.flatMap(({ env }) => Object.entries(env))) {
    if ((variables[name] ?? value) !== value)
      throw refuse('bad-option', `Two of the servers want ${name} with two values, and Codex has one for both.`);
    variables[name] = value;
  }
  return variables;
}

function accessFlags({ access, options, prepared }: Launch<CodexOptions>): readonly string[] {
  switch (access) {
    case 'read-only': {
      const off = asArray(prepared?.off).flatMap((setting) => asString(setting) ?? []);
      // A rule that allows a command lets it run outside the sandbox.
      return ['-s', 'read-only', '--ignore-rules', ...off.flatMap((setting) => ['-c', setting])];
    }
    case 'edit':
      return [
        ...['-s', 'workspace-write'],
        ...(options.directories ?? []).flatMap((folder) => ['--add-dir', folder]),
        ...(options.network ? ['-c', 'sandbox_workspace_write.network_access=true'] : []),
      ];
    case 'full':
      return ['-s', 'danger-full-access'];
  }
}

function startWords(start: SessionStart, continued: string | undefined): readonly string[] {
  switch (start.kind) {
    case 'new':
      return [];
    case 'resume':
      return ['resume', checked(start.ref.id)];
    case 'continue':
      // `--last` starts a new session where there is none to continue, and says nothing.
      return ['resume', continued ?? '--last'];
    case 'fork':
      return ['fork', checked(start.ref.id)];
    case 'ephemeral':
      return ['--ephemeral'];
  }
}

/** Anything else would be taken for a name, and an unknown name starts a new session. */
function checked(id: string): string {
  if (uuid.test(id)) return id;
  throw refuse('bad-option', `Codex names sessions by UUIDs; ${JSON.stringify(id)} is none.`);
}
