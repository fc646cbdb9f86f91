import type { Host, JsonObject, SerializedProviderError, SessionRef } from '@pawl/provider';
import { asString, failure, type Launch, refuse } from '@pawl/provider-kit';
import { systemFolders } from './folders.ts';
import { headless } from './headless.ts';
import { keepSessions } from './kept.ts';
import type { GeminiOptions } from './options.ts';
import { findTranscript, transcriptNames, transcripts } from './transcripts.ts';

/** What the command line depends on besides the request. */
export async function prepare(launch: Launch<GeminiOptions>, host: Host): Promise<JsonObject> {
  if (launch.access === 'read-only') await checkRules(host);
  await keepSessions(launch, host);
  return { settings: await ownSettings(launch, host), ...(await session(launch, host)) };
}

async function session({ start, cwd, env }: Launch<GeminiOptions>, host: Host): Promise<JsonObject> {
  switch (start.kind) {
    case 'continue': {
      const [newest] = await transcripts(cwd, env, host);
      if (newest) return { session: newest.id };
      throw refuse('session-not-found', `Gemini CLI has no session in ${cwd} to continue; start a new one.`);
    }
    case 'fork': {
      const transcript = await findTranscript(start.ref.id, start.ref.cwd, env, host);
      if (transcript) return { transcript: transcript.path };
      throw refuse('session-not-found', `Gemini CLI has no transcript of session ${start.ref.id} to fork.`);
    }
    case 'new': {
      const short = start.id?.slice(0, 8);
      if (short === undefined) return {};
      const names = await transcriptNames(cwd, env, host);
      if (!names.some((name) => name.endsWith(`-${short}.jsonl`))) return {};
      const message = `A session of Gemini CLI in this folder begins with ${short} already, and would be lost; choose another id.`;
      throw refuse('bad-option', message);
    }
    default:
      return {};
  }
}

/** What was continued is the one that was found, and no silent new one. */
export function checkSession(launch: Launch<GeminiOptions>, answered: SessionRef): SerializedProviderError | undefined {
  const expected = asString(launch.prepared?.session);
  if (launch.start.kind !== 'continue' || expected === undefined || expected === answered.id) return undefined;
  const message = `Gemini CLI answered in session ${answered.id} where ${expected} was to be continued.`;
  return failure('wrong-session', message);
}

/** Rules of an administrator stand above ours. */
async function checkRules(host: Host): Promise<void> {
  // Without them the model could leave its read-only mode by itself.
  const there = await host.readFile(headless.readOnly).then(
    () => true,
    () => false,
  );
  if (!there || headless.readOnly.includes(',')) {
    const message = `Gemini CLI cannot be held to access read-only: its rules in ${headless.readOnly} cannot be read. Install @pawl/provider-gemini again.`;
    throw refuse('unsupported', message);
  }
  for (const folder of systemFolders) {
    for (const name of await host.listFolder(`${folder}/policies`)) {
      if (!name.endsWith('.toml')) continue;
      const text = await host.readFile(`${folder}/policies/${name}`).catch(() => 'allow');
      if (!/\ballow\b/.test(text)) continue;
      const message = `Gemini CLI cannot be held to access read-only: ${folder}/policies/${name} allows tools above any other rule.`;
      throw refuse('unsupported', message);
    }
  }
}

/** An administrator's settings are not to be pushed aside by ours. */
async function ownSettings({ env }: Launch<GeminiOptions>, host: Host): Promise<boolean> {
  const warn = (why: string) =>
    host.log('warn', `${why}: set general.sessionRetention.enabled to false, or Gemini CLI deletes resumed sessions.`);
  if (env.GEMINI_CLI_SYSTEM_SETTINGS_PATH || env.GEMINI_CLI_SYSTEM_DEFAULTS_PATH) {
    warn('Gemini CLI has settings of its system');
    return false;
  }
  const readable = await host.readFile(headless.settings).then(
    () => true,
    () => false,
  );
  if (!readable) {
    warn(`${headless.settings} cannot be read`);
    return false;
  }
  for (const folder of systemFolders) {
    const names = await host.listFolder(folder);
    if (!names.includes('settings.json') && !names.includes('system-defaults.json')) continue;
    warn(`Gemini CLI has settings in ${folder}`);
    return false;
  }
  return true;
}
