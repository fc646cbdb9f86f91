import type { Capabilities, Host, Probe } from '@pawl/provider';
import { ask } from '@pawl/provider-kit';
import { configFolder } from './folders.ts';
import type { ClaudeOptions } from './options.ts';

export const install = 'Install it with: npm install -g @anthropic-ai/claude-code';

/** Recorded with 2.1.328; older 2.1 versions lack flags this adapter uses, a later major one is not known. */
export const recordedWith = '2.1.328';

export const capabilities: Capabilities = {
  sessions: [
    'resume',
    'continue',
    'fork',
    'fork-at',
    'ephemeral',
    'choose-id',
    'list',
    'export',
    'move',
    'read',
    'rename',
    'tag',
  ],
  access: ['read-only', 'edit', 'full'],
  limits: ['turns', 'costUsd'],
  reports: ['cost', 'tokens', 'text-delta', 'reasoning', 'model', 'denials', 'retries', 'compaction'],
  output: ['json-schema'],
};

export async function probe(host: Host, options: ClaudeOptions): Promise<Probe> {
  const { text, exit } = await ask(host, {
    file: options.binary,
    args: ['--version'],
    cwd: '/',
    env: { DISABLE_AUTOUPDATER: '1' },
  });
  if (exit.error) return { found: false, hint: `Claude Code was not found (${exit.error.message}). ${install}` };
  const version = /\d+\.\d+\.\d+/.exec(text)?.[0];
  if (exit.code !== 0 || !version) {
    return { found: false, hint: `${options.binary} --version gave no version of Claude Code. ${install}` };
  }
  return { found: true, version, known: isKnown(version), signedIn: await signedIn(host), capabilities };
}

export function isKnown(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  const [oldMajor = 0, oldMinor = 0, oldPatch = 0] = recordedWith.split('.').map(Number);
  return major === oldMajor && (minor > oldMinor || (minor === oldMinor && patch >= oldPatch));
}

const keys = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN', 'AWS_BEARER_TOKEN_BEDROCK'];

/** Without a key and without its file it may still be signed in: by a keychain, or by a helper program of its settings. */
async function signedIn(host: Host): Promise<boolean | undefined> {
  if (keys.some((key) => host.env[key])) return true;
  const config = configFolder(host.env);
  if (config === undefined) return undefined;
  return (await host.listFolder(config)).includes('.credentials.json') ? true : undefined;
}
