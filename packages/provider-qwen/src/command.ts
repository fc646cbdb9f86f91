import type { Command, SessionStart } from '@pawl/provider';
import { asString, type Launch, type McpServer, refuse, serversByName, serversFor } from '@pawl/provider-kit';
import { accessFlags } from './access.ts';
import { systemDefaults } from './headless.ts';
import type { QwenOptions } from './options.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** The CLI reads no more of standard input, and only warns. */
const promptCap = 8 * 1_048_576;

const settingsFile = 'pawl-settings.json';
const serversFile = 'pawl-mcp-servers.json';

/** The command line of one turn. The prompt goes to standard input: it may be longer than an argument can be. */
export function command(launch: Launch<QwenOptions>): Command {
  const { options, model, limits, outputSchema, prepared, env } = launch;
  const servers = serversFor(launch.access, options.mcpServers);
  return {
    file: options.binary,
    cwd: launch.cwd,
    stdin: checkedPrompt(launch.prompt),
    args: [
      ...['--output-format', 'stream-json', '--include-partial-messages'],
      ...startFlags(launch.start, asString(prepared?.session)),
      ...(options.directories ?? []).flatMap((folder) => ['--add-dir', folder]),
      ...(servers.length > 0 ? ['--mcp-config', serversFile] : []),
      ...accessFlags(launch.access, {
        ...{ commands: prepared?.commands === true, servers, directories: options.directories },
      }),
      ...(model === undefined ? [] : ['--model', model]),
      ...(limits.turns === undefined ? [] : ['--max-session-turns', String(limits.turns)]),
      ...(outputSchema ? ['--json-schema', JSON.stringify(outputSchema)] : []),
      ...options.args,
    ],
    env: {
      NO_COLOR: '1',
      QWEN_CODE_NO_RELAUNCH: 'true',
      QWEN_CODE_SUPPRESS_YOLO_WARNING: '1',
      QWEN_USAGE_STATISTICS_ENABLED: env.QWEN_USAGE_STATISTICS_ENABLED ?? 'false',
      ...(prepared?.defaults === true ? { QWEN_CODE_SYSTEM_DEFAULTS_PATH: systemDefaults } : {}),
      ...(options.effort === undefined ? {} : { QWEN_CODE_SYSTEM_SETTINGS_PATH: settingsFile }),
    },
    ...filesOf(options.effort, servers),
  };
}

/** As files: on the command line every process could read the variables of servers, and for the effort there is no flag. */
function filesOf(effort: QwenOptions['effort'], servers: readonly McpServer[]): Pick<Command, 'files'> {
  const files = {
    ...(effort === undefined
      ? {}
      : { [settingsFile]: JSON.stringify({ model: { reasoningEffort: effort }, $version: 4 }) }),
    ...(servers.length === 0
      ? {}
      : { [serversFile]: JSON.stringify({ mcpServers: serversByName(servers, { trust: true }) }) }),
  };
  return Object.keys(files).length === 0 ? {} : { files };
}

function startFlags(start: SessionStart, session: string | undefined): readonly string[] {
  switch (start.kind) {
    case 'new':
      return start.id === undefined ? [] : ['--session-id', checked(start.id)];
    case 'resume':
      return ['--resume', checked(start.ref.id)];
    case 'continue':
      // By its id: `--continue` starts a new one where there is none.
      return session === undefined ? ['--continue'] : ['--resume', checked(session)];
    case 'fork':
      return ['--resume', checked(start.ref.id), '--fork-session'];
    case 'ephemeral':
      return ['--no-chat-recording'];
  }
}

/** Anything else would be taken for a title or a flag. */
function checked(id: string): string {
  if (uuid.test(id)) return id;
  throw refuse('bad-option', `Qwen Code names sessions by UUIDs; ${JSON.stringify(id)} is none.`);
}

function checkedPrompt(prompt: string): string {
  if (new TextEncoder().encode(prompt).length > promptCap)
    throw refuse('bad-option', 'Qwen Code reads no more than 8 MiB of a prompt: give it a file to read instead.');
  // A line that begins with one slash would be taken for a command of the CLI.
  return /^\/(?![/*])/.test(prompt) ? `\n${prompt}` : prompt;
}
