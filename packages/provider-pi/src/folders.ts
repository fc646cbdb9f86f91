import type { Host } from '@pawl/provider';
import { asString, readObject } from '@pawl/provider-kit';

type Environment = Readonly<Record<string, string>>;

/** Where Pi keeps its things; undefined where there is no home. */
export function agentFolder(env: Environment): string | undefined {
  const home = env.HOME ?? env.USERPROFILE;
  return env.PI_CODING_AGENT_DIR ?? (home === undefined ? undefined : `${home}/.pi/agent`);
}

/** Sessions that were started in a folder: `<agent folder>/sessions/<the path, spelt so>`. */
export function folderName(cwd: string): string {
  return `--${cwd.replace(/^[/\\]/, '').replace(/[/\\:]/g, '-')}--`;
}

/** A folder with sessions of any cwd, if the environment or settings name one. The project's are read even untrusted. */
export async function sharedFolder(cwd: string, env: Environment, host: Host): Promise<string | undefined> {
  const agent = agentFolder(env);
  const named =
    env.PI_CODING_AGENT_SESSION_DIR ??
    (await sessionDir(`${cwd}/.pi/settings.json`, host)) ??
    (agent === undefined ? undefined : await sessionDir(`${agent}/settings.json`, host));
  if (named === undefined) return undefined;
  const home = env.HOME ?? env.USERPROFILE ?? '';
  const path = named.replace(/^~(?=$|[\\/])/, home);
  return /^([/\\]|[A-Za-z]:)/.test(path) ? path : `${cwd}/${path}`;
}

async function sessionDir(path: string, host: Host): Promise<string | undefined> {
  const text = await host.readFile(path).catch(() => undefined);
  if (text === undefined) return undefined;
  return asString(readObject({ line: 1, text })?.sessionDir) || undefined;
}
