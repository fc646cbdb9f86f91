import type { Host, JsonObject, SerializedProviderError, SessionRef } from '@pawl/provider';
import { asString, failure, type Launch, readObject, refuse, serversByName, serversFor } from '@pawl/provider-kit';
import { systemFolders } from './folders.ts';
import { systemDefaults } from './headless.ts';
import type { QwenOptions } from './options.ts';
import { allowsCommands } from './rules.ts';
import { transcripts } from './transcripts.ts';

/** What the command line depends on besides the request. */
export async function prepare(launch: Launch<QwenOptions>, host: Host): Promise<JsonObject> {
  const { access, start, cwd, env } = launch;
  const defaults = await ownDefaults(launch, host);
  const prepared = {
    defaults,
    ...(await servers(launch, defaults, host)),
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

/** Servers are taken from settings alone: from ours, with them in it. */
async function servers({ access, options }: Launch<QwenOptions>, own: boolean, host: Host): Promise<JsonObject> {
  const given = serversFor(access, options.mcpServers);
  if (given.length === 0) return {};
  if (!own) throw refuse('unsupported', 'Qwen Code has settings of its system: write mcpServers there, or in yours.');
  const settings = readObject({ line: 1, text: await host.readFile(systemDefaults) });
  return { withServers: { ...settings, mcpServers: serversByName(given, { trust: true }) } };
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
