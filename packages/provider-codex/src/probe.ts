import type { Capabilities, Host, Probe } from '@pawl/provider';
import { ask } from '@pawl/provider-kit';
import { codexFolder } from './folders.ts';
import type { CodexOptions } from './options.ts';

export const install = 'Install it with: npm install -g @openai/codex';

/** The rollouts that tokens and denials are read from are of no promised format: only this line of versions is known. */
export const recordedWith = '0.169.0';

export const capabilities: Capabilities = {
  sessions: ['resume', 'continue', 'fork', 'ephemeral', 'list', 'export', 'move', 'read', 'rename'],
  access: ['read-only', 'edit', 'full'],
  limits: [],
  reports: ['tokens', 'reasoning', 'model', 'denials', 'retries', 'compaction'],
  output: ['json-schema'],
};

export async function probe(host: Host, options: CodexOptions): Promise<Probe> {
  const { text, exit } = await ask(host, { file: options.binary, args: ['--version'], cwd: '/' });
  if (exit.error) return { found: false, hint: `Codex was not found (${exit.error.message}). ${install}` };
  const version = /^codex\S* (\d+\.\d+\.\d+\S*)/m.exec(text)?.[1];
  if (exit.code !== 0 || !version) {
    return { found: false, hint: `${options.binary} --version gave no version of Codex. ${install}` };
  }
  return { found: true, version, known: isKnown(version), signedIn: await signedIn(host, options), capabilities };
}

export function isKnown(version: string): boolean {
  const line = (text: string) => text.split('.').slice(0, 2).join('.');
  return line(version) === line(recordedWith);
}

async function signedIn(host: Host, options: CodexOptions): Promise<boolean | undefined> {
  if (host.env.CODEX_API_KEY || host.env.CODEX_ACCESS_TOKEN) return true;
  // Knows the keychain too, and asks nobody.
  const { exit } = await ask(host, { file: options.binary, args: ['login', 'status'], cwd: '/' });
  if (exit.code === 0) return true;
  if (!/not logged in/i.test(exit.stderrTail)) return undefined;
  // With a model provider of the user's own there is nothing to log in to: its key is where the configuration says.
  const folder = codexFolder(host.env);
  const config = folder === undefined ? '' : await host.readFile(`${folder}/config.toml`).catch(() => '');
  return /^\s*(model_provider|oss_provider)\b/m.test(config) ? undefined : false;
}
