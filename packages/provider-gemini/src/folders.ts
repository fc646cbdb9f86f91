import type { Host } from '@pawl/provider';
import { asObject, asString, readObject } from '@pawl/provider-kit';

type Environment = Readonly<Record<string, string>>;

/** Where Gemini CLI keeps its things; undefined where there is no home. */
export function configFolder(env: Environment): string | undefined {
  const home = env.GEMINI_CLI_HOME || env.HOME || env.USERPROFILE;
  return home ? `${home}/.gemini` : undefined;
}

/** Where an administrator's settings and rules lie, by system; those of other systems are simply not there. */
export const systemFolders: readonly string[] = [
  '/etc/gemini-cli',
  '/Library/Application Support/GeminiCli',
  'C:\\ProgramData\\gemini-cli',
];

/** The transcripts of each folder that the CLI has worked in: it gives every folder a short name. */
export async function chatFolders(env: Environment, host: Host): Promise<ReadonlyMap<string, string>> {
  const config = configFolder(env);
  if (config === undefined) return new Map();
  const text = await host.readFile(`${config}/projects.json`).catch(() => '');
  const projects = asObject(readObject({ line: 1, text })?.projects) ?? {};
  const named = Object.entries(projects).flatMap(([cwd, name]) => {
    const short = asString(name);
    return short === undefined ? [] : [[cwd, `${config}/tmp/${short}/chats`] as const];
  });
  return new Map([...(await marked(config, host)), ...named]);
}

/** Those it has not worked in yet: it goes by the mark in them when it does. */
async function marked(config: string, host: Host): Promise<readonly (readonly [string, string])[]> {
  const found: (readonly [string, string])[] = [];
  for (const name of await host.listFolder(`${config}/tmp`)) {
    if (!name.startsWith('pawl-')) continue;
    const cwd = (await host.readFile(`${config}/tmp/${name}/.project_root`).catch(() => '')).trim();
    if (cwd !== '') found.push([cwd, `${config}/tmp/${name}/chats`]);
  }
  return found;
}

/** The CLI spells folders without a slash at the end. */
export function trimmed(cwd: string): string {
  return cwd.length > 1 ? cwd.replace(/\/+$/, '') : cwd;
}
