import type { Access, SessionStart } from '@pawl/provider';
import type { GeminiOptions } from '@pawl/provider-gemini';
import type { Launch } from '@pawl/provider-kit';
import { describe, expect, test } from 'vitest';
import { command } from '../src/command.ts';
import { headless } from '../src/headless.ts';
import { geminiOptions } from '../src/options.ts';

const id = '0b5e2e1c-6d0a-4d53-9f3e-2f2f4b8f7a11';
const ref = { provider: 'gemini', id, cwd: '/elsewhere' };
const launch: Launch<GeminiOptions> = {
  cwd: '/work',
  options: { binary: 'gemini', args: [] },
  access: 'edit',
  start: { kind: 'new' },
  prompt: 'do it',
  limits: {},
  env: {},
  freshId: 'unused',
};
const args = (over: Partial<Launch<GeminiOptions>>) => command({ ...launch, ...over }).args;
const line = (over: Partial<Launch<GeminiOptions>>) => args(over).join(' ');

test('a plain turn', () => {
  const { file, cwd, stdin, env } = command(launch);
  expect({ file, cwd, stdin }).toEqual({ file: 'gemini', cwd: '/work', stdin: 'do it' });
  expect(env).toEqual({ GEMINI_CLI_NO_RELAUNCH: 'true', GEMINI_CLI_TRUST_WORKSPACE: 'true', NO_COLOR: '1' });
  expect(line({})).toBe('--output-format stream-json --approval-mode auto_edit --allowed-tools run_shell_command');
});

describe('how it starts', () => {
  test.each<[SessionStart, string]>([
    [{ kind: 'new', id }, `--session-id ${id}`],
    [{ kind: 'resume', ref }, `--resume ${id}`],
    [{ kind: 'resume', ref: { ...ref, id: 'orchestr-0001' } }, '--resume orchestr-0001'],
  ])('%j', (start, flags) => {
    expect(line({ start })).toContain(`stream-json ${flags} --approval-mode`);
  });

  test('continue goes on with the session that was found, by its id: `latest` is another one, or a new one', () => {
    expect(line({ start: { kind: 'continue' }, prepared: { session: id } })).toContain(`--resume ${id} `);
  });

  test('a fork imports the transcript that was found', () => {
    const prepared = { transcript: '/home/me/.gemini/tmp/work/chats/session-x-0b5e2e1c.jsonl' };
    expect(line({ start: { kind: 'fork', ref }, prepared })).toContain(`--session-file ${prepared.transcript} `);
  });

  test.each<[string, SessionStart]>([
    ['a number is a place in a list', { kind: 'resume', ref: { ...ref, id: '1' } }],
    ['a word for another one', { kind: 'resume', ref: { ...ref, id: 'latest' } }],
    ['a flag', { kind: 'resume', ref: { ...ref, id: '--yolo' } }],
    ['a path', { kind: 'fork', ref: { ...ref, id: '../../other' } }],
    ['ids that share their beginning share a file', { kind: 'new', id: 'orchestr-0001' }],
  ])('an id that would mean something else is refused: %s', (_, start) => {
    expect(() => args({ start })).toThrow(/UUID|no id/);
  });
});

describe('access', () => {
  const words: Record<Access, string> = { 'read-only': 'default', edit: 'auto_edit', full: 'yolo' };
  test.each(Object.entries(words))('%s', (access, mode) => {
    expect(line({ access: access as Access })).toContain(`--approval-mode ${mode}`);
  });

  test('read-only takes its own rules in place of the user’s, no tool by name, and no server', () => {
    expect(args({ access: 'read-only' })).toEqual(
      expect.arrayContaining(['--policy', headless.readOnly, '--allowed-tools', 'read_file']),
    );
    expect(line({ access: 'read-only' })).toContain('--allowed-mcp-server-names pawl-read-only');
  });

  test('a plan would be approved by nobody but the model: plan mode is not used', () => {
    for (const access of Object.keys(words)) expect(args({ access: access as Access })).not.toContain('plan');
  });
});

describe('the prompt', () => {
  const stdin = (prompt: string) => command({ ...launch, prompt }).stdin;

  test('is no command of the CLI', () => {
    expect(stdin('/stats of this repository')).toBe('\n/stats of this repository');
    for (const prompt of ['// a comment', '/* one too */', 'a /path', '@file', '']) expect(stdin(prompt)).toBe(prompt);
  });

  test('is never cut in silence: more than the CLI reads is refused', () => {
    expect(stdin('x'.repeat(8_388_608))).toHaveLength(8_388_608);
    expect(() => stdin('ü'.repeat(4_194_305))).toThrow(/8 MiB/);
  });
});

test('settings of this package are used where nothing stands against it', () => {
  expect(command({ ...launch, prepared: { settings: true } }).env).toMatchObject({
    GEMINI_CLI_SYSTEM_SETTINGS_PATH: headless.settings,
    GEMINI_CLI_SYSTEM_DEFAULTS_PATH: headless.systemDefaults,
  });
  expect(command({ ...launch, prepared: { settings: false } }).env).not.toHaveProperty(
    'GEMINI_CLI_SYSTEM_SETTINGS_PATH',
  );
});

test('binary, model and more flags', () => {
  const options: GeminiOptions = { binary: '/opt/gemini', args: ['--extensions', 'mine'] };
  const given = command({ ...launch, model: 'flash', options });
  expect(given.file).toBe('/opt/gemini');
  expect(given.args.slice(-4)).toEqual(['--model', 'flash', '--extensions', 'mine']);
});

describe('options', () => {
  test('have defaults', () => {
    expect(geminiOptions.parse({})).toEqual({ binary: 'gemini', args: [] });
  });

  test.each([
    ['an unknown key', { modle: 'x' }, 'modle'],
    ['an empty binary', { binary: '' }, 'binary'],
    ['a flag that widens', { args: ['--yolo'] }, 'pawl sets'],
    ['a flag that widens, in one word', { args: ['--approval-mode=yolo'] }, 'pawl sets'],
    ['a flag that widens, spelt otherwise', { args: ['--approvalMode=yolo'] }, 'pawl sets'],
    ['short flags in one word', { args: ['-dy'] }, 'pawl sets'],
    ['rules', { args: ['--admin-policy', 'mine.toml'] }, 'pawl sets'],
    ['a flag of ours', { args: ['-e', 'x', '--resume'] }, 'pawl sets'],
  ])('%s is refused', (_, options, named) => {
    expect(JSON.stringify(geminiOptions.safeParse(options).error?.issues)).toContain(named);
  });

  test('others pass', () => {
    const args = ['--extensions=mine', '-e', 'x', '--debug', '-d'];
    expect(geminiOptions.parse({ args }).args).toEqual(args);
  });
});

describe('options of other agents', () => {
  test('directories: each is a flag', () => {
    const options = { ...launch.options, directories: ['/one', '/two words'] };
    const given = args({ options });
    expect(given.flatMap((word, at) => (word === '--include-directories' ? given[at + 1] : []))).toEqual(
      options.directories,
    );
    expect(geminiOptions.safeParse({ args: ['--include-directories', '/one'] }).success).toBe(false);
  });

  test('a directory with a comma would be two', () => {
    expect(geminiOptions.safeParse({ directories: ['/one,/etc'] }).success).toBe(false);
  });

  test.each([
    ['mcpServers', [{ name: 'notes', command: 'notes' }], /profile `gemini`/],
    ['effort', 'high', /settings/],
  ])('%s is refused by its name, with the way there is', (name, value, why) => {
    expect(geminiOptions.safeParse({ [name]: value }).error?.issues).toMatchObject([
      { path: [name], message: expect.stringMatching(why) },
    ]);
  });
});
