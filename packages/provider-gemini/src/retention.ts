import type { Host } from '@pawl/provider';
import { asObject, asString } from '@pawl/provider-kit';
import { configFolder } from './folders.ts';

const usual = '30d';
const days: Readonly<Record<string, number>> = { h: 1 / 24, d: 1, w: 7, m: 30 };

/** Of the user's settings; those of a project and of an administrator may say otherwise. */
export async function sessionDays(host: Host): Promise<number | undefined> {
  const config = configFolder(host.env);
  if (config === undefined) return undefined;
  const text = await host.readFile(`${config}/settings.json`).catch(() => '');
  const retention = asObject(asObject(settingsOf(text)?.general)?.sessionRetention);
  if (retention?.enabled === false) return undefined;
  const [, count, unit = ''] = /^(\d+)([hdwm])$/.exec(asString(retention?.maxAge) ?? usual) ?? [];
  return count === undefined ? undefined : Number(count) * (days[unit] ?? 1);
}

/** People write comments into it. */
function settingsOf(text: string) {
  try {
    return asObject(JSON.parse(text.replace(/^\s*\/\/.*$/gm, '')));
  } catch {
    return undefined;
  }
}
