import type { Host } from '@pawl/provider';
import { asArray, asObject, asString, readObject } from '@pawl/provider-kit';
import { configFolder } from './folders.ts';

/** What settings files allow beyond what a read-only step may do: `allow` rules add to ours, whatever the mode. */
export interface Rules {
  /** A rule lets commands run. */
  readonly commands: boolean;
  /** A rule lets tools of MCP servers run. */
  readonly servers: boolean;
}

export async function readRules(cwd: string, env: Readonly<Record<string, string>>, host: Host): Promise<Rules> {
  const config = configFolder(env);
  const paths = [
    ...(config === undefined ? [] : [`${config}/settings.json`]),
    `${cwd}/.claude/settings.json`,
    `${cwd}/.claude/settings.local.json`,
  ];
  const allowed = (await Promise.all(paths.map((path) => allowRules(path, host)))).flat();
  return {
    commands: allowed.some((rule) => /^(Bash|PowerShell|\*)/.test(rule)),
    servers: allowed.some((rule) => /^(mcp__|\*)/.test(rule)),
  };
}

async function allowRules(path: string, host: Host): Promise<readonly string[]> {
  const text = await host.readFile(path).catch(() => undefined);
  if (text === undefined) return [];
  const settings = readObject({ line: 1, text });
  // The CLI reads more than strict JSON (comments): what cannot be read here may allow anything.
  if (!settings) return text.trim() === '' ? [] : ['*'];
  return asArray(asObject(settings.permissions)?.allow).map((rule) => asString(rule) ?? '*');
}
