import type { Command, SessionStart } from '@pawl/provider';
import { type Launch, refuse, serversByName, serversFor } from '@pawl/provider-kit';
import { accessFlags } from './access.ts';
import type { ClaudeOptions } from './options.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const serversFile = 'pawl-mcp-servers.json';

/** The command line of one turn. The prompt goes to standard input: it may be longer than an argument can be. */
export function command(launch: Launch<ClaudeOptions>): Command {
  const { options, model, limits, outputSchema, prepared } = launch;
  const servers = serversFor(launch.access, options.mcpServers);
  const rules = { commands: prepared?.commands === true, servers: prepared?.servers === true };
  return {
    file: options.binary,
    cwd: launch.cwd,
    stdin: launch.prompt,
    args: [
      ...['-p', '--output-format', 'stream-json', '--verbose', '--include-partial-messages'],
      ...startFlags(launch.start),
      ...(servers.length > 0 ? ['--mcp-config', serversFile] : []),
      ...(options.directories ?? []).flatMap((folder) => ['--add-dir', folder]),
      ...accessFlags(launch.access, rules, servers),
      ...(model === undefined ? [] : ['--model', model]),
      ...(options.effort === undefined ? [] : ['--effort', options.effort]),
      ...limitFlags(limits),
      ...(outputSchema ? ['--json-schema', JSON.stringify(outputSchema)] : []),
      ...snapshotFlags(launch),
      ...options.args,
    ],
    env: {
      DISABLE_AUTOUPDATER: '1',
      // Its own default is 10 tries, which is three minutes for a wrong key. Four (about eight seconds) bridge a short
      // fault; longer waits are pawl's, where they can be seen and stopped.
      CLAUDE_CODE_MAX_RETRIES: launch.env.CLAUDE_CODE_MAX_RETRIES ?? '4',
    },
    // As a file: on the command line every process could read what is in their environment.
    ...(servers.length > 0 ? { files: { [serversFile]: JSON.stringify({ mcpServers: serversByName(servers) }) } } : {}),
  };
}

/** A session keeps the system prompt that it began with, and ignores another one in silence. */
function snapshotFlags({ start, options: { args } }: Launch<ClaudeOptions>): readonly string[] {
  const named = args.some((flag) => /^--(?:append-)?system-prompt(?:-file)?(?:=|$)/.test(flag));
  const chosen = args.some((flag) => flag.startsWith('--system-prompt-snapshot'));
  return named && !chosen && start.kind !== 'new' && start.kind !== 'ephemeral'
    ? ['--system-prompt-snapshot', 'off']
    : [];
}

function startFlags(start: SessionStart): readonly string[] {
  switch (start.kind) {
    case 'new':
      return start.id === undefined ? [] : ['--session-id', checked(start.id)];
    case 'resume':
      return ['--resume', checked(start.ref.id)];
    case 'continue':
      return ['--continue'];
    case 'fork':
      return [
        ...['--resume', checked(start.ref.id), '--fork-session'],
        ...(start.at === undefined ? [] : ['--resume-session-at', checked(start.at)]),
      ];
    case 'ephemeral':
      return ['--no-session-persistence'];
  }
}

/** To the CLI `--max-turns 0` is no limit at all. */
function limitFlags({ turns, costUsd }: Launch<ClaudeOptions>['limits']): readonly string[] {
  if (turns !== undefined && !(turns >= 1))
    throw refuse('bad-option', `A turn of ${turns} answers cannot be asked for.`);
  if (costUsd !== undefined && !(costUsd > 0))
    throw refuse('bad-option', `A turn for ${costUsd} USD cannot be asked for.`);
  return [
    ...(turns === undefined ? [] : ['--max-turns', String(Math.floor(turns))]),
    ...(costUsd === undefined ? [] : ['--max-budget-usd', String(costUsd)]),
  ];
}

/** Anything else would be taken for a title, a path or a flag. */
function checked(id: string): string {
  if (uuid.test(id)) return id;
  throw refuse('bad-option', `Claude Code names sessions and messages by UUIDs; ${JSON.stringify(id)} is none.`);
}
