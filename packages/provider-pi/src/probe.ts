import type { Capabilities, Host, Probe } from '@pawl/provider';
import { ask, asObject, readObject } from '@pawl/provider-kit';
import { keys, quiet } from './environment.ts';
import { agentFolder } from './folders.ts';
import type { PiOptions } from './options.ts';

export const install = 'Install it with: npm install -g @earendil-works/pi-coding-agent';

/** Older versions lack flags this adapter uses, a later major one is not known. */
export const recordedWith = '1.5.2';

export const capabilities: Capabilities = {
  sessions: ['resume', 'continue', 'fork', 'fork-at', 'ephemeral', 'choose-id', 'list', 'export', 'move', 'read'],
  access: ['read-only', 'edit', 'full'],
  limits: [],
  reports: ['cost', 'tokens', 'text-delta', 'reasoning', 'model', 'denials', 'retries', 'compaction'],
  output: [],
};

export async function probe(host: Host, options: PiOptions): Promise<Probe> {
  const { text, exit } = await ask(host, {
    file: options.binary,
    args: ['--version'],
    cwd: '/',
    env: quiet(host.env),
  });
  if (exit.error) return { found: false, hint: `Pi was not found (${exit.error.message}). ${install}` };
  const version = /^\d+\.\d+\.\d+/m.exec(text)?.[0];
  if (exit.code !== 0 || !version) {
    const last = exit.stderrTail.trim().split('\n').at(-1);
    const said = last ? ` (${last})` : '';
    return { found: false, hint: `${options.binary} --version gave no version of Pi${said}. ${install}` };
  }
  return { found: true, version, known: isKnown(version), signedIn: await signedIn(host), capabilities };
}

export function isKnown(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const [oldMajor = 0, oldMinor = 0, oldPatch = 0] = recordedWith.split('.').map(Number);
  return major === oldMajor && (minor > oldMinor || (minor === oldMinor && patch >= oldPatch));
}

/** With neither a key nor an entry in a file, an account of a cloud or an extension may still be there. */
async function signedIn(host: Host): Promise<boolean | undefined> {
  if (keys.some((key) => host.env[key])) return true;
  const agent = agentFolder(host.env);
  if (agent === undefined) return undefined;
  const accounts = await readJson(`${agent}/auth.json`, host);
  if (accounts && Object.keys(accounts).length > 0) return true;
  const own = asObject((await readJson(`${agent}/models.json`, host))?.providers);
  return Object.values(own ?? {}).some((provider) => asObject(provider)?.apiKey !== undefined) ? true : undefined;
}

async function readJson(path: string, host: Host) {
  const text = await host.readFile(path).catch(() => undefined);
  return text === undefined ? undefined : readObject({ line: 1, text });
}
