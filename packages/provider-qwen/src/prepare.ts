import type { Host, JsonObject, SerializedProviderError, SessionRef } from '@pawl/provider';
import { asString, failure, type Launch, refuse } from '@pawl/provider-kit';
import { systemFolders } from './folders.ts';
import { systemDefaults } from './headless.ts';
import type { QwenOptions } from './options.ts';
import { allowsCommands } from './rules.ts';
import { transcripts } from './transcripts.ts';

/** What the command line depends on besides the request. */
export async function prepare(launch: Launch<QwenOptions>, host: Host): Promise<JsonObject> {
  const { access, start, cwd, env } = launch;
  if (launch.options.effort !== undefined) await checkSettings(env, host);
  const prepared = {
    defaults: await ownDefaults(launch, host),
    ...(access === 'read-only' ? { commands: await allowsCommands(cwd, env, host) } : {}),
  };
  if (start.kind !== 'continue') return prepared;
  const [newest] = await transcripts(cwd, env, host);
  if (newest) return { ...prepared, session: newest.id };
  throw refuse('session-not-found', `Qwen Code has no session in ${cwd} to continue; start a new one.`);
}

/** What was continued is the one that was found, and no silent new one. */
export function checkSession(launch: Launch<QwenOptions>, answered: SessionRef): SerializedProviderError | undefined {
  const expected = asString(launch.prepared?.session);
  if (launch.start.kind !== 'continue' || expected === undefined || expected === answered.id) return undefined;
  const message = `Qwen Code answered in session ${answered.id} where ${expected} was to be continued.`;
  return failure('wrong-session', message);
}

/** How hard the model thinks is a setting alone; ours would take the place of an administrator's. */
async function checkSettings(env: Launch<QwenOptions>['env'], host: Host): Promise<void> {
  const theirs = env.QWEN_CODE_SYSTEM_SETTINGS_PATH
    ? [env.QWEN_CODE_SYSTEM_SETTINGS_PATH]
    : await settingsOfSystem(host);
  if (theirs[0] === undefined) return;
  const message = `Qwen Code has settings of its system in ${theirs[0]}: write model.reasoningEffort there, not effort here.`;
  throw refuse('unsupported', message);
}

async function settingsOfSystem(host: Host): Promise<readonly string[]> {
  const found = systemFolders.map(async (folder) =>
    (await host.listFolder(folder)).includes('settings.json') ? [`${folder}/settings.json`] : [],
  );
  return (await Promise.all(found)).flat();
}

/** An administrator's defaults are not to be pushed aside by ours. */
async function ownDefaults({ env }: Launch<QwenOptions>, host: Host): Promise<boolean> {
  if (env.QWEN_CODE_SYSTEM_DEFAULTS_PATH) return false;
  const readable = await host.readFile(systemDefaults).then(
    () => true,
    () => false,
  );
  if (!readable) {
    host.log(
      'warn',
      `${systemDefaults} cannot be read: Qwen Code may write memories after a turn, and count them as usage.`,
    );
    return false;
  }
  for (const folder of systemFolders) {
    if ((await host.listFolder(folder)).includes('system-defaults.json')) return false;
  }
  return true;
}
