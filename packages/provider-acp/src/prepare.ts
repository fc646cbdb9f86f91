import type { Host, JsonObject } from '@pawl/provider';
import type { Launch } from '@pawl/provider-kit';
import type { AcpOptions } from './options.ts';
import { knownProfile } from './profiles/chosen.ts';
import type { Defaults } from './profiles/known-profile.ts';

/** Whether our defaults are to be laid below the user's settings. */
export async function prepare({ options, env }: Launch<AcpOptions>, host: Host): Promise<JsonObject> {
  const defaults = knownProfile(options)?.defaults;
  return { defaults: defaults !== undefined && (await free(defaults, env, host)) };
}

async function free(
  { variable, file, folders }: Defaults,
  env: Launch<AcpOptions>['env'],
  host: Host,
): Promise<boolean> {
  if (env[variable]) return false;
  for (const folder of folders) if ((await host.listFolder(folder)).includes(file)) return false;
  return true;
}
