import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHost } from '@pawl/agent';
import { beforeEach, describe, expect, test } from 'vitest';
import { useWorkshop } from './fixtures/workshop.ts';

const workshop = useWorkshop();
const host = createHost({ env: {}, allow: [] });
const files = () => {
  const found = host.files?.(workshop.path('in'));
  if (!found) throw new Error('the host has no files');
  return found;
};

beforeEach(() => {
  mkdirSync(workshop.path('in/deep'), { recursive: true });
  mkdirSync(workshop.path('in-beside'));
  writeFileSync(workshop.path('in/a.txt'), 'a');
  writeFileSync(workshop.path('outside.txt'), 'outside');
  symlinkSync('a.txt', workshop.path('in/link-inside'));
  symlinkSync(workshop.folder, workshop.path('in/out'));
  symlinkSync('../outside.txt', workshop.path('in/link-outside'));
  symlinkSync('../nowhere', workshop.path('in/dangling'));
  symlinkSync('loop', workshop.path('in/loop'));
});

describe('the files of a folder', () => {
  test.each(['a.txt', 'deep', '', '.', 'new.txt', 'deep/new/er.txt', 'link-inside', 'deep//x'])(
    '%j is one',
    async (path) => {
      expect(await files().contains(path)).toBe(true);
      expect(await files().contains(join(workshop.path('in'), path))).toBe(true);
    },
  );

  test.each([
    ...[
      '..',
      '../outside.txt',
      '../in-beside',
      '../in/a.txt',
      'deep/../a.txt',
      'out/outside.txt',
      'out/in/../x',
      'out/new',
    ],
    ...['link-outside', 'dangling', 'dangling/x', 'loop', '/etc/passwd', '/', 'a\0b'],
  ])('%j is none', async (path) => {
    expect(await files().contains(path)).toBe(false);
    await expect(files().read(path)).rejects.toThrow();
    await expect(files().write(path, 'x')).rejects.toThrow();
  });

  test('a link back into it is followed', async () => {
    expect(await files().contains('out/in/a.txt')).toBe(true);
    expect(await files().read('link-inside')).toBe('a');
  });

  test('nothing elsewhere was made or changed', async () => {
    for (const path of ['link-outside', 'dangling', 'out/new', '../in-beside/x']) {
      await files()
        .write(path, 'x')
        .catch(() => undefined);
    }
    expect(readFileSync(workshop.path('outside.txt'), 'utf8')).toBe('outside');
    for (const path of ['nowhere', 'new', 'in-beside/x']) expect(existsSync(workshop.path(path))).toBe(false);
  });

  test('are replaced whole, and made with their folders', async () => {
    await files().write('a.txt', '');
    await files().write('x/y/z.txt', 'z');
    expect(await files().read('a.txt')).toBe('');
    expect(await files().read('x/y/z.txt')).toBe('z');
  });

  test('what is absent is told so; what is no file is refused, without waiting', async () => {
    await expect(files().read('none.txt')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(files().read('deep')).rejects.toThrow('is not a file');
    execFileSync('mkfifo', [workshop.path('in/pipe')]);
    await expect(files().read('pipe')).rejects.toThrow('is not a file');
    await expect(files().write('pipe', 'x')).rejects.toThrow();
    await expect(files().write('deep', 'x')).rejects.toThrow();
  });

  test('a folder that is itself reached by a link is the same', async () => {
    symlinkSync(workshop.path('in'), workshop.path('alias'));
    const other = host.files?.(workshop.path('alias'));
    expect(await other?.contains(workshop.path('in/a.txt'))).toBe(true);
    expect(await other?.contains(workshop.path('alias/a.txt'))).toBe(true);
    linkSync(workshop.path('in/a.txt'), workshop.path('in/hard'));
    expect(await other?.read('hard')).toBe('a');
  });

  test('there are none of a folder that is not there', async () => {
    expect(await host.files?.(workshop.path('absent')).contains('x')).toBe(false);
  });
});

test('a command with an environment of its own gets nothing else of the host’s', async () => {
  const env = { PATH: '/bin', ANTHROPIC_API_KEY: 'a', OPENAI_API_KEY: 'o', GEMINI_MODEL: 'g' };
  const made = createHost({ env, allow: ['ANTHROPIC_*', 'OPENAI_API_KEY', 'GEMINI_*'], extraEnv: { ADDED: '1' } });
  const seen = async (environment?: readonly string[]) => {
    const child = made.spawn({
      ...{ file: process.execPath, args: ['-p', 'Object.keys(process.env).sort().join()'], cwd: workshop.folder },
      ...(environment ? { environment } : {}),
      env: { OWN: '1' },
    });
    for await (const { text } of child.lines) return text.replace(/,PAWL_PROCESS_ID/, '').split(',');
    return [];
  };
  expect(await seen()).toEqual(['ADDED', 'ANTHROPIC_API_KEY', 'GEMINI_MODEL', 'OPENAI_API_KEY', 'OWN', 'PATH']);
  expect(await seen(['GEMINI_*'])).toEqual(['ADDED', 'GEMINI_MODEL', 'OWN', 'PATH']);
  expect(await seen([])).toEqual(['ADDED', 'OWN', 'PATH']);
});
