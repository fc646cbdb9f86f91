import type { Capabilities, Host, Probe } from '@pawl/provider';
import { ask, asObject, asString, readObject } from '@pawl/provider-kit';
import { configFolder } from './folders.ts';
import type { GeminiOptions } from './options.ts';

export const install = 'Install it with: npm install -g @google/gemini-cli';

/** Recorded with 0.61.0. Before 1.0 each minor version may change flags; older ones lack some that this adapter uses. */
export const recordedWith = '0.61.0';

export const capabilities: Capabilities = {
  sessions: ['resume', 'continue', 'fork', 'choose-id', 'list', 'export', 'move', 'read'],
  access: ['read-only', 'edit', 'full'],
  limits: [],
  reports: ['tokens', 'text-delta', 'model', 'denials'],
  output: [],
};

export async function probe(host: Host, options: GeminiOptions): Promise<Probe> {
  const { text, exit } = await ask(host, {
    file: options.binary,
    args: ['--version'],
    cwd: '/',
    env: { GEMINI_CLI_NO_RELAUNCH: 'true' },
  });
  if (exit.error) return { found: false, hint: `Gemini CLI was not found (${exit.error.message}). ${install}` };
  const version = /^\d+\.\d+\.\d+\S*$/m.exec(text)?.[0];
  if (exit.code !== 0 || !version) {
    return { found: false, hint: `${options.binary} --version gave no version of Gemini CLI. ${install}` };
  }
  return { found: true, version, known: isKnown(version), signedIn: await signedIn(host), capabilities };
}

export function isKnown(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  const [oldMajor = 0, oldMinor = 0, oldPatch = 0] = recordedWith.split('.').map(Number);
  return major === oldMajor && minor === oldMinor && patch >= oldPatch;
}

/** By a key or by the files of a sign-in. Without both it may still be signed in: by a keychain, or a machine's account. */
async function signedIn(host: Host): Promise<boolean | undefined> {
  const { env } = host;
  if (env.GEMINI_API_KEY || env.GOOGLE_API_KEY || env.GOOGLE_APPLICATION_CREDENTIALS) return true;
  const config = configFolder(env);
  if (config === undefined) return undefined;
  const names = await host.listFolder(config);
  if (names.includes('oauth_creds.json') || names.includes('gemini-credentials.json')) return true;
  const text = await host.readFile(`${config}/settings.json`).catch(() => undefined);
  if (text === undefined) return undefined;
  const security = asObject(readObject({ line: 1, text })?.security);
  const selected = asString(asObject(security?.auth)?.selectedType);
  // A key that was chosen is kept in a keychain, or is missing.
  return selected === 'oauth-personal' && env.GEMINI_FORCE_FILE_STORAGE === 'true' ? false : undefined;
}
