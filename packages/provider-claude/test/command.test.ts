import type { Access, SessionStart } from '@pawl/provider';
import type { ClaudeOptions } from '@pawl/provider-claude';
import type { Launch } from '@pawl/provider-kit';
import { describe, expect, test } from 'vitest';
import { command } from '../src/command.ts';
import { claudeOptions } from '../src/options.ts';

const id = '0b5e2e1c-6d0a-4d53-9f3e-2f2f4b8f7a11';
const message = '9f0d2f0e-0a3c-4a5e-bd0a-5f2b1d9c3e77';
const ref = { provider: 'claude', id, cwd: '/elsewhere' };
const launch: Launch<ClaudeOptions> = {
  cwd: '/work',
  options: { binary: 'claude', args: [] },
  access: 'edit',
  start: { kind: 'new' },
  prompt: 'do it',
  limits: {},
  env: {},
  freshId: 'unused',
};
const args = (over: Partial<Launch<ClaudeOptions>>) => command({ ...launch, ...over }).args;
const line = (over: Partial<Launch<ClaudeOptions>>) => args(over).join(' ');

test('a plain turn', () => {
  const { file, cwd, stdin, env } = command(launch);
  expect({ file, cwd, stdin }).toEqual({ file: 'claude', cwd: '/work', stdin: 'do it' });
  expect(env).toEqual({ DISABLE_AUTOUPDATER: '1', CLAUDE_CODE_MAX_RETRIES: '4' });
  expect(line({})).toBe(
    '-p --output-format stream-json --verbose --include-partial-messages --permission-mode acceptEdits ' +
      '--allowedTools Bash --disallowedTools EnterWorktree,ExitWorktree,CronCreate,CronDelete,ScheduleWakeup',
  );
});

describe('how it starts', () => {
  test.each<[SessionStart, string]>([
    [{ kind: 'new', id }, `--session-id ${id}`],
    [{ kind: 'resume', ref }, `--resume ${id}`],
    [{ kind: 'continue' }, '--continue'],
    [{ kind: 'fork', ref }, `--resume ${id} --fork-session`],
    [{ kind: 'fork', ref, at: message }, `--resume ${id} --fork-session --resume-session-at ${message}`],
    [{ kind: 'ephemeral' }, '--no-session-persistence'],
  ])('%j', (start, flags) => {
    expect(line({ start })).toContain(`--include-partial-messages ${flags} --permission-mode`);
  });

  test.each<SessionStart>([
    { kind: 'new', id: 'my session' },
    { kind: 'resume', ref: { ...ref, id: '--dangerously-skip-permissions' } },
    { kind: 'resume', ref: { ...ref, id: '/tmp/other.jsonl' } },
    { kind: 'fork', ref, at: 'first' },
  ])('an id that is no UUID is refused: %j', (start) => {
    expect(() => args({ start })).toThrow(/UUID/);
  });
});

describe('access', () => {
  const words: Record<Access, string> = { 'read-only': 'dontAsk', edit: 'acceptEdits', full: 'bypassPermissions' };
  test.each(Object.entries(words))('%s', (access, mode) => {
    expect(line({ access: access as Access })).toContain(`--permission-mode ${mode}`);
  });

  test('read-only lists the tools there are, and allows nothing by rule', () => {
    const given = args({ access: 'read-only' });
    expect(given[given.indexOf('--tools') + 1]).toBe('Bash,Read,Grep,Glob');
    expect(given).not.toContain('--allowedTools');
    expect(given).not.toContain('--strict-mcp-config');
  });

  test('what settings files allow is taken away', () => {
    const given = args({ access: 'read-only', prepared: { commands: true, servers: true } });
    expect(given[given.indexOf('--tools') + 1]).toBe('Read,Grep,Glob');
    expect(given).toContain('--strict-mcp-config');
  });

  test('full does not say by itself that the machine is a sandbox', () => {
    expect(command({ ...launch, access: 'full' }).env).not.toHaveProperty('IS_SANDBOX');
  });
});

test('model, effort, limits, schema and more flags', () => {
  const outputSchema = { type: 'object' };
  const options: ClaudeOptions = {
    binary: '/opt/claude',
    effort: 'high',
    args: ['--append-system-prompt', 'Be brief.'],
  };
  const given = command({ ...launch, model: 'opus[1m]', limits: { turns: 3, costUsd: 0.5 }, outputSchema, options });
  expect(given.file).toBe('/opt/claude');
  expect(given.args.slice(-12)).toEqual([
    ...['--model', 'opus[1m]', '--effort', 'high', '--max-turns', '3', '--max-budget-usd', '0.5'],
    ...['--json-schema', '{"type":"object"}', '--append-system-prompt', 'Be brief.'],
  ]);
});

test.each([{ turns: 0 }, { turns: 0.5 }, { turns: -1 }, { turns: Number.NaN }, { costUsd: 0 }, { costUsd: -1 }])(
  'a limit that would be none is refused: %j',
  (limits) => {
    expect(() => args({ limits })).toThrow(/cannot be asked for/);
  },
);

test('the retries of the user are kept', () => {
  expect(command({ ...launch, env: { CLAUDE_CODE_MAX_RETRIES: '9' } }).env).toMatchObject({
    CLAUDE_CODE_MAX_RETRIES: '9',
  });
});

describe('options', () => {
  test('have defaults', () => {
    expect(claudeOptions.parse({})).toEqual({ binary: 'claude', args: [] });
  });

  test.each([
    ['an unknown key', { modle: 'x' }, 'modle'],
    ['an empty binary', { binary: '' }, 'binary'],
    ['an unknown effort', { effort: 'extreme' }, 'effort'],
    ['a flag that widens', { args: ['--dangerously-skip-permissions'] }, 'pawl sets'],
    ['a flag that widens, in one word', { args: ['--allowedTools=Bash'] }, 'pawl sets'],
    ['a flag of ours', { args: ['--mcp-config', 'x.json', '--resume'] }, 'pawl sets'],
    ['settings, which hold rules', { args: ['--settings', '{}'] }, 'pawl sets'],
  ])('%s is refused', (_, options, named) => {
    expect(JSON.stringify(claudeOptions.safeParse(options).error?.issues)).toContain(named);
  });
});

describe('servers', () => {
  const mcpServers = [{ name: 'notes', command: 'notes', args: ['--stdio'], env: { NOTES_KEY: 'secret' } }];
  const options = { ...launch.options, mcpServers };

  test('are in a file, with their variables, and their tools are allowed', () => {
    const given = command({ ...launch, options });
    expect(given.args.join(' ')).toContain('--mcp-config pawl-mcp-servers.json --permission-mode acceptEdits');
    expect(given.args).toContain('Bash,mcp__notes');
    expect(given.args.join(' ')).not.toContain('secret');
    expect(JSON.parse(given.files?.['pawl-mcp-servers.json'] ?? '')).toEqual({
      mcpServers: { notes: { command: 'notes', args: ['--stdio'], env: { NOTES_KEY: 'secret' } } },
    });
  });

  test('none where it may only read', () => {
    const given = command({ ...launch, access: 'read-only', options });
    expect(given.args).not.toContain('--mcp-config');
    expect(given).not.toHaveProperty('files');
  });

  test.each([
    [{}],
    [{ name: 'a b', command: 'x' }],
    [{ name: 'a', command: '' }],
    [{ name: 'a', command: 'x', url: 'y' }],
  ])('%j is none', (server) => {
    expect(claudeOptions.safeParse({ mcpServers: [server] }).success).toBe(false);
  });
});

describe('directories', () => {
  const options = { ...launch.options, directories: ['/one', '/two words'] };

  test.each(['read-only', 'edit', 'full'] as const)('%s: each is a flag', (access) => {
    const given = args({ access, options });
    expect(given.flatMap((word, at) => (word === '--add-dir' ? given[at + 1] : []))).toEqual(options.directories);
  });

  test('are not given as more arguments', () => {
    expect(claudeOptions.safeParse({ args: ['--add-dir', '/one'] }).success).toBe(false);
  });
});

describe('a system prompt of its own', () => {
  const given = (start: SessionStart, ...words: string[]) =>
    line({ start, options: { ...launch.options, args: words } });
  const other = '--system-prompt-snapshot off --append-system-prompt Be brief.';

  test.each<SessionStart>([{ kind: 'resume', ref }, { kind: 'continue' }, { kind: 'fork', ref }])(
    'is heard where a session goes on: it would else keep the one that it began with: %j',
    (start) => {
      expect(given(start, '--append-system-prompt', 'Be brief.')).toContain(other);
      expect(given(start, '--system-prompt-file=other.md')).toContain(
        '--system-prompt-snapshot off --system-prompt-file',
      );
    },
  );

  test('nothing is said where there is none, where a session begins, and where the user has said it', () => {
    expect(given({ kind: 'resume', ref })).not.toContain('snapshot');
    expect(given({ kind: 'new' }, '--append-system-prompt', 'Be brief.')).not.toContain('snapshot');
    const own = ['--system-prompt-snapshot', 'on', '--append-system-prompt', 'Be brief.'];
    expect(given({ kind: 'resume', ref }, ...own)).not.toContain('off');
  });
});
