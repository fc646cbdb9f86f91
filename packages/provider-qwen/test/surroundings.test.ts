import { readFileSync } from 'node:fs';
import { collect, type FakeSurroundings, fakeHost } from '@pawl/provider-kit/testing';
import qwen from '@pawl/provider-qwen';
import { describe, expect, test } from 'vitest';
import { environment } from '../src/environment.ts';
import { systemDefaults } from '../src/headless.ts';
import { models } from '../src/models.ts';
import { isKnown } from '../src/probe.ts';
import { allowsCommands } from '../src/rules.ts';

const options = { binary: 'qwen', args: [] };

describe('probe', () => {
  const probe = (stdout: string, surroundings = {}, exit = {}) =>
    qwen.probe(
      fakeHost(() => ({ stdout, exit }), surroundings),
      options,
    );

  test('tells the version, and whether it is one of those recorded', async () => {
    expect(await probe('0.24.4\n')).toMatchObject({ found: true, version: '0.24.4', known: true });
    expect(await probe('0.25.0-nightly.1\n')).toMatchObject({ found: true, version: '0.25.0-nightly.1', known: false });
    expect([isKnown('0.24.9'), isKnown('0.24.3'), isKnown('1.24.4')]).toEqual([true, false, false]);
  });

  test('absent, or something else of that name: an answer with a hint', async () => {
    const error = { code: 'not-found', message: 'no such program' } as const;
    expect(await probe('', {}, { error })).toMatchObject({
      found: false,
      hint: expect.stringContaining('npm install'),
    });
    expect(await probe('qwen of another kind\n')).toMatchObject({ found: false });
    expect(await probe('1.2.3\n', {}, { code: 2 })).toMatchObject({ found: false });
  });

  test('signed in: by a key, by what its settings chose, else it cannot be told', async () => {
    const signedIn = async (surroundings: object) => {
      const found = await probe('0.24.4\n', surroundings);
      return found.found && found.signedIn;
    };
    const env = { HOME: '/home/me' };
    const settings = (auth: object) => ({ '/home/me/.qwen/settings.json': JSON.stringify({ security: { auth } }) });
    expect(await signedIn({ env: { OPENAI_API_KEY: 'k' } })).toBe(true);
    expect(await signedIn({ env: { OPENAI_API_KEY: '' } })).toBeUndefined();
    expect(await signedIn({ env, files: settings({ selectedType: 'openai' }) })).toBe(true);
    expect(await signedIn({ env, files: settings({}) })).toBeUndefined();
    expect(await signedIn({ env })).toBeUndefined();
  });
});

describe('what settings allow to run', () => {
  const env = { HOME: '/home/me' };
  const allows = (files: Record<string, unknown>, more: Record<string, string> = {}) => {
    const texts = Object.entries(files).map(([path, value]) => [
      path,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    return allowsCommands(
      '/repo',
      { ...env, ...more },
      fakeHost(() => ({}), { files: Object.fromEntries(texts) }),
    );
  };
  const allow = (...list: readonly unknown[]) => ({ permissions: { allow: list } });

  test.each<[string, Record<string, unknown>, boolean]>([
    ['no file', {}, false],
    ['none of them', { '/home/me/.qwen/settings.json': { model: {} } }, false],
    ['reading', { '/repo/.qwen/settings.json': allow('Read(./secrets/**)', 'WebFetch') }, false],
    ['a command', { '/home/me/.qwen/settings.json': allow('Bash(npm run *)') }, true],
    ['by its own name', { '/repo/.qwen/settings.json': allow('run_shell_command') }, true],
    ['by the older key', { '/repo/.qwen/settings.json': { tools: { allowed: ['ShellTool(ls)'] } } }, true],
    ['everything', { '/etc/qwen-code/settings.json': allow('*') }, true],
    ['what cannot be read', { '/repo/.qwen/settings.json': '{ // comment\n "permissions": {} }' }, true],
    ['a rule of another shape', { '/repo/.qwen/settings.json': allow({ tool: 'Bash' }) }, true],
    ['an empty file', { '/repo/.qwen/settings.json': ' \n' }, false],
  ])('%s', async (_, files, expected) => {
    expect(await allows(files)).toBe(expected);
  });

  test('also where variables say', async () => {
    expect(await allows({ '/cfg/settings.json': allow('Bash') }, { QWEN_HOME: '/cfg' })).toBe(true);
    expect(await allows({ '/s.json': allow('Bash') }, { QWEN_CODE_SYSTEM_SETTINGS_PATH: '/s.json' })).toBe(true);
  });
});

describe('defaults of this package', () => {
  const own = { [systemDefaults]: '{}' };
  const run = async (surroundings: FakeSurroundings) => {
    const warned: string[] = [];
    const host = {
      ...fakeHost(() => ({}), surroundings),
      log: (_: string, message: string) => void warned.push(message),
    };
    const session = await qwen.open({ cwd: '/repo', access: 'read-only', options, start: { kind: 'new' } }, host);
    await collect(session.turn({ prompt: 'x' }));
    return { env: host.commands[0]?.env ?? {}, warned };
  };

  test('switch off memories written behind our back, and updates', async () => {
    expect((await run({ files: own })).env).toMatchObject({ QWEN_CODE_SYSTEM_DEFAULTS_PATH: systemDefaults });
    expect(JSON.parse(readFileSync(systemDefaults, 'utf8'))).toMatchObject({
      general: { enableAutoUpdate: false },
      memory: { enableManagedAutoMemory: false },
    });
  });

  test('stand back behind an administrator’s, and their absence is said', async () => {
    const folders = { '/etc/qwen-code': ['system-defaults.json'] };
    for (const there of [{ files: own, folders }, { files: own, env: { QWEN_CODE_SYSTEM_DEFAULTS_PATH: '/x' } }, {}]) {
      expect((await run(there)).env).not.toHaveProperty('QWEN_CODE_SYSTEM_DEFAULTS_PATH');
    }
    expect((await run({})).warned.join()).toContain('memories');
  });
});

test('names in workflows stand for whole names', () => {
  expect(Object.values(models).every((name) => name.startsWith('qwen'))).toBe(true);
});

test('the marks of a Qwen Code that runs pawl are not handed on, nor keys of others', () => {
  const reaches = (name: string) =>
    environment.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
  const marks = ['QWEN_CODE', 'QWEN_CODE_SESSION_ID', 'QWEN_CODE_PROJECT_DIR', 'QWEN_CODE_IDE_SERVER_PORT'];
  expect(
    [...marks, 'QWEN_SERVER_TOKEN', 'ANTHROPIC_API_KEY', 'GEMINI_API_KEY', 'GITHUB_TOKEN'].filter(reaches),
  ).toEqual([]);
  expect(reaches('OPENAI_API_KEY') && reaches('DASHSCOPE_API_KEY')).toBe(true);
});

describe('servers', () => {
  const mcpServers = [{ name: 'notes', command: 'notes', args: ['--stdio'], env: { NOTES_KEY: 'secret' } }];
  const run = async (access: 'edit' | 'read-only', surroundings: FakeSurroundings) => {
    const host = fakeHost(() => ({}), surroundings);
    const given = { ...options, mcpServers };
    const session = await qwen.open({ cwd: '/repo', access, options: given, start: { kind: 'new' } }, host);
    const end = (await collect(session.turn({ prompt: 'x' }))).at(-1);
    return { end, command: host.commands.at(-1) };
  };
  const own = { [systemDefaults]: readFileSync(systemDefaults, 'utf8') };

  test('are in a file of ours, whatever settings an administrator has', async () => {
    const { command } = await run('edit', { files: own, folders: { '/etc/qwen-code': ['system-defaults.json'] } });
    expect(command?.args.join(' ')).toContain('--mcp-config pawl-mcp-servers.json');
    expect(command?.args).toContain('mcp__notes');
    expect(JSON.parse(command?.files?.['pawl-mcp-servers.json'] ?? '')).toEqual({
      mcpServers: { notes: { command: 'notes', args: ['--stdio'], env: { NOTES_KEY: 'secret' }, trust: true } },
    });
    expect(command?.args.join(' ')).not.toContain('secret');
  });

  test('none where it may only read', async () => {
    const { command } = await run('read-only', { files: own });
    expect(command).not.toHaveProperty('files');
    expect(command?.args).not.toContain('--mcp-config');
  });
});

describe('effort', () => {
  const run = async (surroundings: FakeSurroundings) => {
    const host = fakeHost(() => ({}), surroundings);
    const given = { ...options, effort: 'high' as const };
    const session = await qwen.open({ cwd: '/repo', access: 'edit', options: given, start: { kind: 'new' } }, host);
    const end = (await collect(session.turn({ prompt: 'x' }))).at(-1);
    return { end, command: host.commands.at(-1) };
  };

  test('is given where there are no settings of the system', async () => {
    expect((await run({})).command?.env).toMatchObject({ QWEN_CODE_SYSTEM_SETTINGS_PATH: 'pawl-settings.json' });
  });

  test.each<[string, FakeSurroundings]>([
    ['/etc/qwen-code/settings.json', { folders: { '/etc/qwen-code': ['settings.json'] } }],
    ['/opt/theirs.json', { env: { QWEN_CODE_SYSTEM_SETTINGS_PATH: '/opt/theirs.json' } }],
  ])('is refused where an administrator has settings in %s, and nothing is started', async (place, surroundings) => {
    const { end, command } = await run(surroundings);
    expect(end).toMatchObject({
      outcome: { kind: 'failed', error: { code: 'unsupported', message: expect.stringContaining(place) } },
    });
    expect(command).toBeUndefined();
  });
});
