import type { Host } from '@pawl/provider';
import { refuse } from '@pawl/provider-kit';
import { codexFolder, type Environment } from './folders.ts';

/**
 * Settings that switch off what some configuration lets act without being asked: tools of MCP servers, apps and plug-ins run
 * outside the sandbox, so a turn that may only read must do without them. Those that need an approval can do nothing:
 * nobody is there to give it.
 */
export async function switchedOff(
  cwd: string,
  env: Environment,
  args: readonly string[],
  host: Host,
): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const path of configFiles(cwd, env, args)) {
    const text = await host.readFile(path).catch(() => '');
    for (const setting of approving(text, path)) found.add(setting);
  }
  const settings = args.map((word) => word.replace(/^(-c|--config)=?/, ''));
  for (const setting of approving(settings.join('\n'), 'the options of the agent')) found.add(setting);
  return [...found].sort();
}

/** That of the system, of the user, of a profile, and of each project the folder lies in. */
function configFiles(cwd: string, env: Environment, args: readonly string[]): readonly string[] {
  const user = codexFolder(env);
  const profiles = args.flatMap((word, index) => {
    if (word === '-p' || word === '--profile') return args[index + 1] ?? [];
    return /^(?:--profile=|-p)(.+)/.exec(word)?.[1] ?? [];
  });
  const names = ['config', ...profiles.map((name) => `${name}.config`)];
  const parts = cwd.split('/');
  return [
    '/etc/codex/config.toml',
    ...(user === undefined ? [] : names.map((name) => `${user}/${name}.toml`)),
    ...parts.map((_, index) => `${parts.slice(0, parts.length - index).join('/')}/.codex/config.toml`),
  ];
}

const approval = /approval_mode\s*=\s*["']?(\w*)/g;
const harmless = ['prompt', 'auto'];

/** Reads line by line, not as TOML: enough to tell who is spoken of, and what it cannot tell is refused. */
function approving(text: string, path: string): readonly string[] {
  const lines = text.split('\n').filter((line) => !line.trimStart().startsWith('#'));
  const modes = lines.flatMap((line) => [...line.matchAll(approval)].map(([, mode = '']) => mode));
  if (modes.every((mode) => harmless.includes(mode))) return [];
  const servers = new Map<string, string>();
  const off = new Set<string>();
  let table = '';
  for (const line of lines) {
    const header = /^\s*\[+\s*([^\]]+?)\s*\]/.exec(line)?.[1];
    if (header !== undefined) table = header;
    const said = header ?? (table === '' ? line.trim() : `${table}.${line.trim()}`);
    const [, ...spelt] = /^mcp_servers\s*\.\s*(?:"([^"]*)"|'([^']*)'|([^"'.\s=]+))/.exec(said) ?? [];
    const server = spelt.join('');
    if (server !== '') {
      if (!/^[\w-]+$/.test(server)) throw cannot(path);
      // The whole transport, of the kind it has: a server that is not there needs one, and it has only one.
      if (/(^|[.{,\s])url\s*=/.test(said)) servers.set(server, 'url="http://127.0.0.1"');
      else if (!servers.has(server)) servers.set(server, 'command="true"');
    } else if (/^apps\b/.test(said)) off.add('features.apps=false');
    else if (/^plugins\b/.test(said)) off.add('features.plugins=false');
    else if (/mcp_servers/.test(said) && header !== 'mcp_servers') throw cannot(path);
  }
  for (const [server, transport] of servers) off.add(`mcp_servers.${server}={${transport},enabled=false}`);
  if (off.size === 0) throw cannot(path);
  return [...off];
}

function cannot(path: string): Error {
  return refuse(
    'unsupported',
    `Codex cannot be held to access read-only: ${path} approves tools in a way that pawl cannot switch off. ` +
      'Write each MCP server as a table of its own ([mcp_servers.<name>]), or take the approval out.',
  );
}
