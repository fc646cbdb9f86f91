import type { Capabilities, Host, Probe } from '@pawl/provider';
import { ask, readObject } from '@pawl/provider-kit';
import { dataFolder, keys, quiet } from './environment.ts';
import type { OpenCodeOptions } from './options.ts';

export const install = 'Install it with: npm install -g opencode-ai';

/** Older versions print other lines, a later major one is not known. */
export const recordedWith = '1.18.33';

export const capabilities: Capabilities = {
  sessions: ['resume', 'continue', 'fork', 'fork-at', 'ephemeral', 'list', 'export', 'move', 'read', 'rename'],
  access: ['read-only', 'edit', 'full'],
  limits: [],
  reports: ['cost', 'tokens', 'reasoning', 'denials', 'compaction'],
  output: [],
};

export async function probe(host: Host, options: OpenCodeOptions): Promise<Probe> {
  const { text, exit } = await ask(host, {
    file: options.binary,
    args: ['--version'],
    cwd: '/',
    env: quiet(host.env),
  });
  if (exit.error) return { found: false, hint: `OpenCode was not found (${exit.error.message}). ${install}` };
  const version = /^\d+\.\d+\.\d+/m.exec(text)?.[0];
  if (exit.code !== 0 || !version) {
    return { found: false, hint: `${options.binary} --version gave no version of OpenCode. ${install}` };
  }
  return { found: true, version, known: isKnown(version), signedIn: await signedIn(host), capabilities };
}

export function isKnown(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const [oldMajor = 0, oldMinor = 0, oldPatch = 0] = recordedWith.split('.').map(Number);
  return major === oldMajor && (minor > oldMinor || (minor === oldMinor && patch >= oldPatch));
}

/** With neither a key nor an account, a model of the configuration or a free one may still answer. */
async function signedIn(host: Host): Promise<boolean | undefined> {
  if (keys.some((key) => host.env[key])) return true;
  const data = dataFolder(host.env);
  const text = data === undefined ? undefined : await host.readFile(`${data}/auth.json`).catch(() => undefined);
  const accounts = text === undefined ? undefined : readObject({ line: 1, text });
  return accounts && Object.keys(accounts).length > 0 ? true : undefined;
}
