import { readFileSync } from 'node:fs';
import type { Access } from '@pawl/provider';
import gemini from '@pawl/provider-gemini';
import { collect, type FakeSurroundings, fakeHost } from '@pawl/provider-kit/testing';
import { describe, expect, test } from 'vitest';
import { environment } from '../src/environment.ts';
import { headless } from '../src/headless.ts';
import { models, sameModel } from '../src/models.ts';
import { isKnown } from '../src/probe.ts';

const options = { binary: 'gemini', args: [] };

describe('probe', () => {
  const probe = (stdout: string, surroundings = {}, exit = {}) =>
    gemini.probe(
      fakeHost(() => ({ stdout, exit }), surroundings),
      options,
    );

  test('tells the version, and whether it is one of those recorded', async () => {
    expect(await probe('0.61.0\n')).toMatchObject({ found: true, version: '0.61.0', known: true });
    expect(await probe('0.62.0-nightly.1\n')).toMatchObject({ found: true, version: '0.62.0-nightly.1', known: false });
    expect([isKnown('0.61.3'), isKnown('0.60.9'), isKnown('1.61.0'), isKnown('0.61.1-preview.0')]).toEqual([
      ...[true, false, false, true],
    ]);
  });

  test('absent, or something else of that name: an answer with a hint', async () => {
    const error = { code: 'not-found', message: 'no such program' } as const;
    expect(await probe('', {}, { error })).toMatchObject({
      found: false,
      hint: expect.stringContaining('npm install'),
    });
    expect(await probe('gemini, the constellation\n')).toMatchObject({ found: false });
    expect(await probe('1.2.3\n', {}, { code: 2 })).toMatchObject({ found: false });
  });

  test('signed in: by a key, by its files, else it cannot be told', async () => {
    const signedIn = async (surroundings: object) => {
      const found = await probe('0.61.0\n', surroundings);
      return found.found && found.signedIn;
    };
    const env = { HOME: '/home/me' };
    expect(await signedIn({ env: { GEMINI_API_KEY: 'k' } })).toBe(true);
    expect(await signedIn({ env: { GEMINI_API_KEY: '' } })).toBeUndefined();
    expect(await signedIn({ env, folders: { '/home/me/.gemini': ['oauth_creds.json'] } })).toBe(true);
    expect(await signedIn({ env })).toBeUndefined();
    const files = { '/home/me/.gemini/settings.json': '{"security":{"auth":{"selectedType":"oauth-personal"}}}' };
    expect(await signedIn({ env, files })).toBeUndefined();
    expect(await signedIn({ env: { ...env, GEMINI_FORCE_FILE_STORAGE: 'true' }, files })).toBe(false);
  });
});

describe('what lies on the machine', () => {
  const own = { [headless.settings]: '{}', [headless.systemDefaults]: '{}', [headless.readOnly]: '' };
  const run = async (access: Access, surroundings: FakeSurroundings) => {
    const warned: string[] = [];
    const host = {
      ...fakeHost(() => ({}), surroundings),
      log: (_: string, message: string) => void warned.push(message),
    };
    const session = await gemini.open({ cwd: '/work', access, options, start: { kind: 'new' } }, host);
    const events = await collect(session.turn({ prompt: 'x' }));
    return { end: events.at(-1), env: host.commands[0]?.env ?? {}, warned };
  };

  test('sessions are not deleted behind our back: its clean-up is switched off', async () => {
    const { env, warned } = await run('edit', { files: own });
    expect(env).toMatchObject({ GEMINI_CLI_SYSTEM_SETTINGS_PATH: headless.settings });
    expect(warned).toEqual([]);
    expect(JSON.parse(readFileSync(headless.settings, 'utf8'))).toMatchObject({
      general: { sessionRetention: { enabled: false }, enableAutoUpdate: false },
    });
  });

  test.each<[string, FakeSurroundings]>([
    ['by a file', { files: own, folders: { '/etc/gemini-cli': ['settings.json'] } }],
    ['by a variable', { files: own, env: { GEMINI_CLI_SYSTEM_SETTINGS_PATH: '/opt/gemini.json' } }],
    ['because ours are not there', {}],
  ])('settings of an administrator stay, and it is said what they must hold: %s', async (_, surroundings) => {
    const { env, warned } = await run('edit', surroundings);
    expect(env).not.toHaveProperty('GEMINI_CLI_SYSTEM_SETTINGS_PATH');
    expect(warned.join()).toContain('sessionRetention');
  });

  test('read-only is refused where its rules are not there, or an administrator’s allow more', async () => {
    const refused = { outcome: { kind: 'failed', error: { code: 'unsupported', retryable: false } } };
    expect((await run('read-only', {})).end).toMatchObject(refused);
    const folders = { '/etc/gemini-cli/policies': ['a.toml', 'notes.md'] };
    const rules = (decision: string) => ({ ...own, '/etc/gemini-cli/policies/a.toml': `decision = "${decision}"` });
    expect((await run('read-only', { files: rules('allow'), folders })).end).toMatchObject(refused);
    expect((await run('read-only', { files: own, folders })).end).toMatchObject(refused);
    expect((await run('read-only', { files: rules('deny'), folders })).end).not.toMatchObject(refused);
    expect((await run('edit', {})).end).not.toMatchObject(refused);
  });
});

describe('the rules of read-only', () => {
  const rules = readFileSync(headless.readOnly, 'utf8');
  const patterns = [...rules.matchAll(/^argsPattern = '(.*)'$/gm)].map(([, pattern = '']) => pattern);
  /** Arguments as the CLI's rules see them. */
  const seen = (command: string) =>
    `{${['command', 'description'].map((name) => `\0"${name}":${JSON.stringify(name === 'command' ? command : 'x')}\0`).join(',')}}`;
  const passes = (command: string) => patterns.some((pattern) => new RegExp(pattern).test(seen(command)));

  test.each([
    'ls',
    'ls -la src',
    'cat a.txt b.txt',
    'git status --short',
    'git log --oneline -3',
    'git diff HEAD~1 -- a.ts',
  ])('a reading command passes: %s', (command) => expect(passes(command)).toBe(true));

  test.each([
    ...['touch a', 'rm -rf .', 'cat a > b', 'cat a; rm b', 'cat a && rm b', 'cat a | sh', 'ls $(rm a)', 'ls `rm a`'],
    ...['cat a\nrm b', 'git commit -am x', 'git diff --output=a', 'git log --ou=a', 'git -c x=y status', 'catalog a'],
    ...['find . -delete', 'env', "cat 'a'", 'sort -o a b', 'git grep -O x', 'git branch x', 'FOO=1 ls', 'cat a & rm b'],
    ...['cat <(rm a)', 'ls\trm', 'cat "a" "\\u0000"', '/tmp/cat a'],
  ])('anything else does not: %s', (command) => expect(passes(command)).toBe(false));

  test('the CLI takes the patterns: no group with a quantifier stands before a quantifier', () => {
    expect(patterns).toHaveLength(2);
    for (const pattern of patterns) expect(pattern).not.toMatch(/\([^)]*[*+?{].*\)[*+?{]/);
  });

  test('everything else is denied, the way out of it first', () => {
    expect(rules).toMatch(/toolName = "\*"\ndecision = "deny"\npriority = 900/);
    expect(rules).not.toMatch(/^toolName = .*plan_mode/m);
  });
});

describe('the model that answered', () => {
  test.each([
    ['flash', 'gemini-3.8-flash', true],
    ['flash', 'gemini-3.5-flash-lite', false],
    ['flash', 'gemini-3.1-pro-preview', false],
    ['flash-lite', 'gemini-3.5-flash-lite', true],
    ['pro', 'gemini-3.1-pro-preview-customtools', true],
    ['auto', 'gemini-3.8-flash', true],
    ['auto-gemini-2.5', 'gemini-2.5-pro', true],
    ['gemini-2.5-flash', 'gemini-2.5-flash', true],
    ['gemini-2.5-flash', 'gemini-2.5-flash-001', true],
    ['gemini-2.5-flash', 'models/gemini-2.5-flash', true],
    ['gemini-2.5-flash', 'gemini-2.5-flash-preview-09-2025', true],
    ['gemini-2.5-flash', 'gemini-2.5-flash-lite', false],
    ['gemini-2.5-pro', 'gemini-2.5-flash', false],
    ['constructor', 'gemini-2.5-pro', false],
  ])('%s by %s: %s', (asked, answered, same) => {
    expect(sameModel(asked, answered, { env: {} })).toBe(same);
  });

  test('a gateway has names of its own, but not of our models', () => {
    const env = { GOOGLE_GEMINI_BASE_URL: 'http://gateway' };
    expect(sameModel('flash', 'glm-9', { env })).toBe(true);
    expect(sameModel('flash', 'gemini-3.1-pro', { env })).toBe(false);
  });

  test('names in workflows are the CLI’s own aliases, or whole names', () => {
    for (const name of Object.values(models)) expect(name).toMatch(/^(pro|flash|flash-lite|auto|gemini-[\d.]+-\w+)$/);
  });
});

test('the marks of a Gemini CLI that runs pawl are not handed on, nor keys of others', () => {
  const reaches = (name: string) =>
    environment.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
  const marks = ['GEMINI_CLI', 'GEMINI_CLI_SESSION_ID', 'GEMINI_CLI_IDE_SERVER_PORT', 'GEMINI_CLI_NO_RELAUNCH'];
  expect([...marks, 'ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'GITHUB_TOKEN'].filter(reaches)).toEqual([]);
  expect(reaches('GEMINI_API_KEY') && reaches('GOOGLE_GENAI_USE_VERTEXAI')).toBe(true);
});
