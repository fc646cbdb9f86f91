import type { Host, SessionRetention } from '@pawl/provider';
import { asFigure, readSettings } from '@pawl/provider-kit';
import { configFolder } from './folders.ts';

const usualDays = 30;
/** By system; those of other systems are simply not there. */
const managed: readonly string[] = [
  '/etc/claude-code/managed-settings.json',
  '/Library/Application Support/ClaudeCode/managed-settings.json',
  'C:\\Program Files\\ClaudeCode\\managed-settings.json',
];

/**
 * It cleans up all projects at each start, by the settings of the one it is started in: elsewhere those of this project do
 * not count, so the stricter of both does.
 */
export async function sessionRetention(cwd: string, host: Host): Promise<SessionRetention | undefined> {
  const config = configFolder(host.env);
  if (config === undefined) return undefined;
  const user = [`${config}/settings.json`];
  const project = [...user, `${cwd}/.claude/settings.json`, `${cwd}/.claude/settings.local.json`];
  return { days: Math.min(await daysBy([...user, ...managed], host), await daysBy([...project, ...managed], host)) };
}

/** The last one that says it counts. */
async function daysBy(paths: readonly string[], host: Host): Promise<number> {
  let days = usualDays;
  for (const path of paths) days = asFigure((await readSettings(path, host)).cleanupPeriodDays) ?? days;
  return days;
}
