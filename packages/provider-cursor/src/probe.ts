import type { Capabilities, Host, Probe } from '@pawl/provider';
import { ask } from '@pawl/provider-kit';
import type { CursorOptions } from './options.ts';

export const install = 'Install it with: curl https://cursor.com/install -fsS | bash';

export const capabilities: Capabilities = {
  sessions: ['resume'],
  access: ['read-only', 'edit', 'full'],
  limits: [],
  reports: ['tokens', 'reasoning', 'denials'],
  output: [],
};

/** Builds whose streams the adapter was written after; it was never run against one. */
const documented = /^2026\./;

export async function probe(host: Host, { binary }: CursorOptions): Promise<Probe> {
  const { text, exit } = await ask(host, { file: binary, args: ['--version'], cwd: '/' });
  if (exit.error) return { found: false, hint: `Cursor was not found (${exit.error.message}). ${install}` };
  const version = /\d{4}\.\d+\.\d+\S*/.exec(text)?.[0];
  if (exit.code !== 0 || version === undefined) {
    return { found: false, hint: `${binary} --version gave no version of Cursor's CLI. ${install}` };
  }
  const signedIn = await isSignedIn(host, binary);
  return { found: true, version, known: documented.test(version), signedIn, capabilities };
}

async function isSignedIn(host: Host, binary: string): Promise<boolean | undefined> {
  if (host.env.CURSOR_API_KEY) return true;
  const { text } = await ask(host, { file: binary, args: ['status'], cwd: '/', env: { NO_COLOR: '1' } });
  if (/not (logged in|authenticated)/i.test(text)) return false;
  return /logged in/i.test(text) ? true : undefined;
}
