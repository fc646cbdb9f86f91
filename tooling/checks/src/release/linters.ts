import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import type { TarballManifest } from './tarball.ts';

/** What publint says of a tarball, suggestions left out. */
export async function runPublint(path: string, manifest: TarballManifest): Promise<readonly string[]> {
  const bytes = readFileSync(path);
  const tarball = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const { messages } = await publint({ pack: { tarball }, level: 'warning' });
  return messages.map((message) => `publint: ${formatMessage(message, { ...manifest }, { color: false })}`);
}

/** Whether every entry resolves to types that fit it, for users on ESM. */
export function runTypesCheck(path: string): readonly string[] {
  const attw = join(import.meta.dirname, '../../node_modules/.bin/attw');
  const args = [path, '--profile', 'esm-only', '--format', 'ascii', '--no-color', '--no-emoji'];
  const run = spawnSync(attw, args, { encoding: 'utf8', timeout: 60_000, shell: process.platform === 'win32' });
  if (run.status === 0) return [];
  return [`arethetypeswrong: ${run.error?.message ?? `${run.stdout}${run.stderr}`.trim()}`];
}
