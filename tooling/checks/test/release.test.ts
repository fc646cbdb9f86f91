import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { checkPacked } from '../src/release/release.ts';
import { checkTarball, openTarball } from '../src/release/tarball.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const manifest = {
  name: '@pawl/sound',
  version: '1.0.0',
  license: 'Apache-2.0',
  type: 'module',
  files: ['dist'],
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './package.json': './package.json' },
  dependencies: { zod: '^4.0.0' },
};
const sound = {
  'package.json': JSON.stringify(manifest),
  'README.md': '# sound\n',
  LICENSE: 'words\n',
  'dist/index.js': 'export const one = 1;\n',
  'dist/index.d.ts': 'export declare const one: number;\n',
};

/** A tarball of the sound package with some files put in, replaced or, if undefined, taken out. */
function pack(changed: Readonly<Record<string, string | undefined>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-tarball-'));
  folders.push(folder);
  for (const [path, text] of Object.entries({ ...sound, ...changed })) {
    if (text === undefined) continue;
    const target = join(folder, 'package', path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  execFileSync('tar', ['-czf', 'packed.tgz', 'package'], { cwd: folder });
  return join(folder, 'packed.tgz');
}
const withManifest = (changes: object) => ({ 'package.json': JSON.stringify({ ...manifest, ...changes }) });
const bin = { bin: { sound: './bin/sound.js' } };

describe('a tarball', () => {
  test('that is sound passes all checks', async () => {
    expect(await checkPacked(pack({}))).toEqual([]);
  });

  test.each([
    ['src/index.ts', 'src/index.ts is in the tarball'],
    ['dist/index.test.js', 'dist/index.test.js is in the tarball'],
    ['recordings/one.ndjson', 'recordings/one.ndjson is in the tarball'],
    ['dist/index.js.map', 'dist/index.js.map is in the tarball'],
    ['tsconfig.json', 'tsconfig.json is in the tarball'],
  ])('with %s', (path, sentence) => {
    expect(checkTarball(openTarball(pack({ [path]: 'x' })))).toEqual([expect.stringContaining(sentence)]);
  });

  test.each([
    ['without a licence', { LICENSE: undefined }, 'LICENSE is not in the tarball'],
    ['without a README', { 'README.md': undefined }, 'README.md is not in the tarball'],
    ['under another licence', withManifest({ license: 'MIT' }), 'the license is MIT'],
    ['that runs on install', withManifest({ scripts: { install: 'x' } }), 'the script install would run'],
    [
      'that names its source',
      withManifest({ exports: { '.': { '@pawl/source': './src/index.ts' } } }),
      'publishConfig',
    ],
    ['that asks for a workspace', withManifest({ dependencies: { '@pawl/core': 'workspace:^' } }), 'pack with pnpm'],
    ['whose bin is missing', withManifest(bin), 'bin ./bin/sound.js is not in the tarball'],
    ['whose bin starts nothing', { ...withManifest(bin), 'bin/sound.js': 'run();' }, 'does not begin with #!'],
  ])('%s', (_, changes, sentence) => {
    expect(checkTarball(openTarball(pack(changes)))).toEqual([expect.stringContaining(sentence)]);
  });
});

describe('the tools bite', () => {
  test('publint, at an entry that is not there', async () => {
    const found = await checkPacked(pack({ 'dist/index.js': undefined }));
    expect(found.join('\n')).toMatch(/publint: .*dist\/index\.js/);
  });

  test('arethetypeswrong, at types that speak of another module system', async () => {
    const entry = { types: './dist/index.d.cts', default: './dist/index.js' };
    const files = { ...withManifest({ exports: { '.': entry } }), 'dist/index.d.cts': sound['dist/index.d.ts'] };
    const found = await checkPacked(pack(files));
    expect(found.join('\n')).toMatch(/arethetypeswrong: [\s\S]*CJS/);
  });
});
