import type { Host } from '@pawl/provider';
import { asArray, asObject, asString, readObject } from '@pawl/provider-kit';
import { configFolder, systemFolders } from './folders.ts';

/** Names of the tool that runs commands, in rules. */
const shell = /^(run_shell_command|bash|shell|shelltool|\*|monitor)/i;

/** Whether settings let commands run that a read-only step may not: what they allow adds to our flags. */
export async function allowsCommands(cwd: string, env: Readonly<Record<string, string>>, host: Host): Promise<boolean> {
  const config = configFolder(env);
  const paths = [
    ...(config === undefined ? [] : [`${config}/settings.json`]),
    `${cwd}/.qwen/settings.json`,
    `${cwd}/.qwen/settings.local.json`,
    ...systemFolders.flatMap((folder) => [`${folder}/settings.json`, `${folder}/system-defaults.json`]),
    ...[env.QWEN_CODE_SYSTEM_SETTINGS_PATH, env.QWEN_CODE_SYSTEM_DEFAULTS_PATH].flatMap((path) => path || []),
  ];
  const rules = (await Promise.all(paths.map((path) => allowed(path, host)))).flat();
  return rules.some((rule) => shell.test(rule));
}

async function allowed(path: string, host: Host): Promise<readonly string[]> {
  const text = await host.readFile(path).catch(() => undefined);
  if (text === undefined) return [];
  const settings = readObject({ line: 1, text });
  // The CLI reads more than strict JSON (comments): what cannot be read here may allow anything.
  if (!settings) return text.trim() === '' ? [] : ['*'];
  const rules = [
    ...asArray(asObject(settings.permissions)?.allow),
    ...asArray(asObject(settings.tools)?.allowed),
    ...asArray(settings.allowedTools),
  ];
  return rules.map((rule) => asString(rule) ?? '*');
}
