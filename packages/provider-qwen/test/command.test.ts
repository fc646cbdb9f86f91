import type { Access, SessionStart } from '@pawl/provider';
import type { Launch } from '@pawl/provider-kit';
import type { QwenOptions } from '@pawl/provider-qwen';
import { describe, expect, test } from 'vitest';
import { command } from '../src/command.ts';
import { systemDefaults } from '../src/headless.ts';
import { qwenOptions } from '../src/options.ts';

const id = '0b5e2e1c-6d0a-4d53-9f3e-2f2f4b8f7a11';
const ref = { provider: 'qwen', id, cwd: '/elsewhere' };
const launch: Launch<QwenOptions> = {
  cwd: '/work',
  options: { binary: 'qwen', args: [] },
  access: 'full',
  start: { kind: 'new' },
  prompt: 'do it',
  limits: {},
  env: {},
  freshId: 'unused',
};
const args = (over: Partial<Launch<QwenOptions>>) => command({ ...launch, ...over }).args;
const line = (over: Partial<Launch<QwenOptions>>) => args(over).join(' ');
const values = (flag: string, given: readonly string[]) =>
  given.flatMap((word, index) => (word === flag ? (given[index + 1] ?? '') : []));

test('a plain turn', () => {
  const { file, cwd, stdin, env } = command(launch);
  expect({ file, cwd, stdin }).toEqual({ file: 'qwen', cwd: '/work', stdin: 'do it' });
  expect(env).toEqual({
    NO_COLOR: '1',
    QWEN_CODE_NO_RELAUNCH: 'true',
    QWEN_CODE_SUPPRESS_YOLO_WARNING: '1',
    QWEN_USAGE_STATISTICS_ENABLED: 'false',
  });
  expect(line({})).toBe(
    '--output-format stream-json --include-partial-messages --approval-mode yolo --exclude-tools enter_worktree ' +
      '--exclude-tools exit_worktree --exclude-tools cron_create --exclude-tools cron_delete --exclude-tools loop_wakeup',
  );
});

describe('how it starts', () => {
  test.each<[SessionStart, string]>([
    [{ kind: 'new', id }, `--session-id ${id}`],
    [{ kind: 'resume', ref }, `--resume ${id}`],
    [{ kind: 'fork', ref }, `--resume ${id} --fork-session`],
    [{ kind: 'ephemeral' }, '--no-chat-recording'],
  ])('%j', (start, flags) => {
    expect(line({ start })).toContain(`--include-partial-messages ${flags} --approval-mode`);
  });

  test('continue goes on with the session that was found, by its id: the flag starts a new one where there is none', () => {
    const given = line({ start: { kind: 'continue' }, prepared: { session: id } });
    expect(given).toContain(`--resume ${id} `);
    expect(given).not.toContain('--continue');
  });

  test.each<SessionStart>([
    { kind: 'new', id: 'my session' },
    { kind: 'resume', ref: { ...ref, id: '--yolo' } },
    { kind: 'resume', ref: { ...ref, id: 'a title' } },
    { kind: 'fork', ref: { ...ref, id: '' } },
  ])('an id that would be taken for a title or a flag is refused: %j', (start) => {
    expect(() => args({ start })).toThrow(/UUID/);
  });
});

describe('access', () => {
  const words: Record<Access, string> = { 'read-only': 'default', edit: 'default', full: 'yolo' };
  test.each(Object.entries(words))('%s says its mode: without one a model would be asked to judge', (access, mode) => {
    expect(line({ access: access as Access })).toContain(`--approval-mode ${mode}`);
  });

  test('read-only denies what writes, and lets the CLI tell reading commands from others', () => {
    const given = args({ access: 'read-only' });
    expect(values('--allowed-tools', given)).toEqual(['run_shell_command(pwd)']);
    expect(values('--exclude-tools', given)).toEqual(
      expect.arrayContaining(['edit', 'write_file', 'notebook_edit', 'monitor', 'agent', 'enter_worktree']),
    );
    expect(values('--exclude-tools', given)).not.toContain('run_shell_command');
    expect(values('--allowed-mcp-server-names', given)).toEqual(['pawl-read-only']);
  });

  test('what settings files allow is taken away', () => {
    const given = args({ access: 'read-only', prepared: { commands: true } });
    expect(values('--allowed-tools', given)).toEqual([]);
    expect(values('--exclude-tools', given)).toContain('run_shell_command');
  });

  test('edit keeps the file tools to the folder: auto-edit would let them write anywhere', () => {
    expect(values('--allowed-tools', args({ access: 'edit' }))).toEqual([
      ...['run_shell_command', 'agent', 'Edit(./**)', 'WriteFile(./**)', 'NotebookEdit(./**)'],
    ]);
  });
});

describe('the prompt', () => {
  const stdin = (prompt: string) => command({ ...launch, prompt }).stdin;

  test('is no command of the CLI, which would answer without the model', () => {
    expect(stdin('/stats of this repository')).toBe('\n/stats of this repository');
    for (const prompt of ['// a comment', '/* one too */', 'a /path', '@file', '']) expect(stdin(prompt)).toBe(prompt);
  });

  test('is never cut in silence: more than the CLI reads is refused', () => {
    expect(stdin('x'.repeat(8_388_608))).toHaveLength(8_388_608);
    expect(() => stdin('ü'.repeat(4_194_305))).toThrow(/8 MiB/);
  });
});

test('model, turns, schema and more flags', () => {
  const options: QwenOptions = { binary: '/opt/qwen', args: ['--auth-type', 'openai'] };
  const outputSchema = { type: 'object' };
  const given = command({ ...launch, model: 'qwen3-coder', limits: { turns: 3, costUsd: 1 }, outputSchema, options });
  expect(given.file).toBe('/opt/qwen');
  expect(given.args.slice(-8).join(' ')).toBe(
    '--model qwen3-coder --max-session-turns 3 --json-schema {"type":"object"} --auth-type openai',
  );
});

test('defaults of this package are used where nothing stands against them; a choice of the user stays', () => {
  expect(command({ ...launch, prepared: { defaults: true } }).env).toMatchObject({
    QWEN_CODE_SYSTEM_DEFAULTS_PATH: systemDefaults,
  });
  expect(command({ ...launch, env: { QWEN_USAGE_STATISTICS_ENABLED: '1' } }).env).toMatchObject({
    QWEN_USAGE_STATISTICS_ENABLED: '1',
  });
});

describe('options', () => {
  test('have defaults', () => {
    expect(qwenOptions.parse({})).toEqual({ binary: 'qwen', args: [] });
  });

  test.each([
    ['an unknown key', { modle: 'x' }, 'modle'],
    ['an empty binary', { binary: '' }, 'binary'],
    ['a flag that widens', { args: ['--yolo'] }, 'pawl sets'],
    ['a flag that widens, in one word', { args: ['--allowed-tools=edit'] }, 'pawl sets'],
    ['a flag that widens, spelt otherwise', { args: ['--approvalMode=yolo'] }, 'pawl sets'],
    ['short flags in one word', { args: ['-dy'] }, 'pawl sets'],
    ['the opposite of a flag of ours', { args: ['--no-chat-recording'] }, 'pawl sets'],
    ['another model in its place', { args: ['--fallback-model', 'x'] }, 'pawl sets'],
  ])('%s is refused', (_, options, named) => {
    expect(JSON.stringify(qwenOptions.safeParse(options).error?.issues)).toContain(named);
  });

  test('others pass', () => {
    const given = ['--auth-type', 'openai', '--append-system-prompt', 'Be brief.', '-d'];
    expect(qwenOptions.parse({ args: given }).args).toEqual(given);
  });
});

describe('directories', () => {
  const options = { ...launch.options, directories: ['/one', '/two words/'] };

  test.each(['read-only', 'edit', 'full'] as const)('%s: each is a flag', (access) => {
    expect(values('--add-dir', args({ access, options }))).toEqual(options.directories);
  });

  test('edit: the file tools may write there too', () => {
    const rules = values('--allowed-tools', args({ access: 'edit', options }));
    expect(rules).toEqual(expect.arrayContaining(['Edit(./**)', 'Edit(//one/**)', 'WriteFile(//two words/**)']));
    expect(values('--allowed-tools', args({ access: 'read-only', options })).join()).not.toContain('//one');
  });

  test.each(['/one,/etc', '/a*', '/a(b)', '/[ab]', '/a?'])('%s would be other ones', (folder) => {
    expect(qwenOptions.safeParse({ directories: [folder] }).success).toBe(false);
  });
});

describe('effort', () => {
  test('is a setting alone: in a file of ours, above those of the user', () => {
    const { env, files } = command({ ...launch, options: { ...launch.options, effort: 'high' } });
    expect(env).toMatchObject({ QWEN_CODE_SYSTEM_SETTINGS_PATH: 'pawl-settings.json' });
    expect(JSON.parse(files?.['pawl-settings.json'] ?? '')).toEqual({
      model: { reasoningEffort: 'high' },
      $version: 4,
    });
  });

  test('one that it does not know is refused', () => {
    expect(qwenOptions.safeParse({ effort: 'huge' }).success).toBe(false);
  });
});
