import type { Host, Json, JsonObject, SessionRetention } from '@pawl/provider';
import { asFigure, asObject, asString, readSettings } from '@pawl/provider-kit';
import { configFolder, systemFolders } from './folders.ts';
import { besideEmpty, transcripts } from './transcripts.ts';

const usual: JsonObject = { enabled: true, maxAge: '30d', minRetention: '1d' };
const units: Readonly<Record<string, number>> = { h: 1 / 24, d: 1, w: 7, m: 30 };

/** What its settings say, the project's included: whether the folder is trusted, so that they count, is not asked here. */
export async function sessionRetention(cwd: string, host: Host): Promise<SessionRetention | undefined> {
  const { maxAge, minRetention, maxCount, enabled } = await settingsOf(cwd, host);
  const days = daysIn(maxAge);
  const count = asFigure(maxCount);
  // What is wrong switches the whole clean-up off.
  const wrong = maxAge !== undefined && (days === undefined || days < (daysIn(minRetention) ?? 1));
  const none = days === undefined && count === undefined;
  if (enabled !== true || wrong || none || (maxCount !== undefined && !(count && count >= 1))) return undefined;
  const all = await transcripts(cwd, host.env, host);
  // The session that does the next start counts as one of them.
  const beyond = count === undefined ? [] : all.slice(count - 1).map(({ id }) => id);
  const doomed = (await besideEmpty(cwd, host.env, host)).map(({ session }) => session.id);
  const next = [...new Set([...beyond, ...doomed])];
  return { ...(days === undefined ? {} : { days }), ...(next.length === 0 ? {} : { next }) };
}

/** The defaults of the system first, its settings last. */
async function settingsOf(cwd: string, host: Host): Promise<JsonObject> {
  const { env } = host;
  const config = configFolder(env);
  const system = (name: string, own: string | undefined) =>
    own ? [own] : systemFolders.map((folder) => `${folder}/${name}`);
  const paths = [
    ...system('system-defaults.json', env.GEMINI_CLI_SYSTEM_DEFAULTS_PATH),
    ...(config === undefined ? [] : [`${config}/settings.json`]),
    `${cwd}/.gemini/settings.json`,
    ...system('settings.json', env.GEMINI_CLI_SYSTEM_SETTINGS_PATH),
  ];
  let merged = usual;
  for (const path of paths) {
    const { general } = await readSettings(path, host);
    merged = { ...merged, ...asObject(asObject(general)?.sessionRetention) };
  }
  return merged;
}

function daysIn(period: Json | undefined): number | undefined {
  const [, count, unit = ''] = /^(\d+)([hdwm])$/.exec(asString(period) ?? '') ?? [];
  const days = Number(count) * (units[unit] ?? 0);
  return days > 0 ? days : undefined;
}
