import type { Capabilities, Host, Probe } from '@pawl/provider';
import { ask, asObject, asString, readObject } from '@pawl/provider-kit';
import { configFolder } from './folders.ts';
import type { QwenOptions } from './options.ts';

export const install = 'Install it with: npm install -g @qwen-code/qwen-code';

/** Recorded with 0.24.4. Before 1.0 each minor version may change flags; older ones lack some that this adapter uses. */
export const recordedWith = '0.24.4';

export const capabilities: Capabilities = {
  sessions: ['resume', 'continue', 'fork', 'ephemeral', 'choose-id', 'list', 'export', 'move', 'read'],
  access: ['read-only', 'edit', 'full'],
  limits: ['turns'],
  reports: ['tokens', 'text-delta', 'reasoning', 'model', 'denials', 'retries'],
  output: ['json-schema'],
};

export async function probe(host: Host, options: QwenOptions): Promise<Probe> {
  const { text, exit } = await ask(host, { file: options.binary, args: ['--version'], cwd: '/' });
  if (exit.error) return { found: false, hint: `Qwen Code was not found (${exit.error.message}). ${install}` };
  const version = /^\d+\.\d+\.\d+\S*$/m.exec(text)?.[0];
  if (exit.code !== 0 || !version) {
    return { found: false, hint: `${options.binary} --version gave no version of Qwen Code. ${install}` };
  }
  return { found: true, version, known: isKnown(version), signedIn: await signedIn(host), capabilities };
}

export function isKnown(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number);
  const [oldMajor = 0, oldMinor = 0, oldPatch = 0] = recordedWith.split('.').map(Number);
  return major === oldMajor && minor === oldMinor && patch >= oldPatch;
}

/** By a key, or by a way to sign in that was chosen. Without both it may be set by a file of the environment. */
async function signedIn(host: Host): Promise<boolean | undefined> {
  const { env } = host;
  const keys = ['OPENAI_API_KEY', 'DASHSCOPE_API_KEY', 'MODELSCOPE_API_KEY'];
  if (keys.some((key) => env[key])) return true;
  const config = configFolder(env);
  if (config === undefined) return undefined;
  const text = await host.readFile(`${config}/settings.json`).catch(() => undefined);
  const settings = text === undefined ? undefined : readObject({ line: 1, text });
  const auth = asObject(asObject(settings?.security)?.auth);
  return asString(auth?.apiKey) || asString(auth?.selectedType) ? true : undefined;
}
