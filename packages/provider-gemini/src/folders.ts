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
  return new Map(named);
}

/** The CLI spells folders without a slash at the end. */
export function trimmed(cwd: string): string {
  return cwd.length > 1 ? cwd.replace(/\/+$/, '') : cwd;
}
