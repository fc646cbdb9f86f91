import type { Access, SessionStart } from '@pawl/provider';
import type { CodexOptions } from '@pawl/provider-codex';
import type { Launch } from '@pawl/provider-kit';
import { describe, expect, test } from 'vitest';
import { command } from '../src/command.ts';
import { codexOptions } from '../src/options.ts';

const id = '01a1f855-86ea-7b53-896a-a83558fec421';
const ref = { provider: 'codex', id, cwd: '/elsewhere' };
const launch: Launch<CodexOptions> = {
  cwd: '/work',
  options: { binary: 'codex', network: false, args: [] },
  access: 'edit',
  start: { kind: 'new' },
  prompt: 'do it',
  limits: {},
  env: {},
  freshId: 'unused',
};
const args = (over: Partial<Launch<CodexOptions>>) => command({ ...launch, ...over }).args;
const line = (over: Partial<Launch<CodexOptions>>) => args(over).join(' ');
const common = 'exec --json --skip-git-repo-check -c analytics.enabled=false';

test('a plain turn: a folder need be no repository, the end waits for no network, the prompt is not an argument', () => {
  expect(command(launch)).toEqual({
    ...{ file: 'codex', cwd: '/work', stdin: 'do it' },
    args: `${common} -s workspace-write -`.split(' '),
  });
});

describe('how it starts: all flags come before the subcommand, which does not know some of them', () => {
  test.each<[SessionStart, string]>([
    [{ kind: 'resume', ref }, `-s workspace-write resume ${id} -`],
    [{ kind: 'fork', ref }, `-s workspace-write fork ${id} -`],
    [{ kind: 'ephemeral' }, '-s workspace-write --ephemeral -'],
  ])('%j', (start, words) => {
    expect(line({ start })).toBe(`${common} ${words}`);
  });

  test('continue names the session that was found: `--last` starts a new one where there is none', () => {
    expect(line({ start: { kind: 'continue' }, prepared: { id } })).toBe(`${common} -s workspace-write resume ${id} -`);
  });

  test.each<SessionStart>([
    { kind: 'resume', ref: { ...ref, id: 'my-name' } },
    { kind: 'resume', ref: { ...ref, id: '--last' } },
    { kind: 'fork', ref: { ...ref, id: '' } },
  ])('a name, for which an unknown one starts a new session, is refused: %j', (start) => {
    expect(() => args({ start })).toThrow(/UUID/);
  });
});

describe('access is not kept by a session: it goes with every turn', () => {
  test.each<[Access, string]>([
    ['read-only', '-s read-only --ignore-rules'],
    ['edit', '-s workspace-write'],
    ['full', '-s danger-full-access'],
  ])('%s', (access, flags) => {
    for (const start of [{ kind: 'new' }, { kind: 'resume', ref }] as const) {
      expect(line({ access, start })).toContain(`analytics.enabled=false ${flags} `);
    }
  });

  test('read-only goes without what is approved beforehand', () => {
    const off = ['features.apps=false', 'mcp_servers.notes={command="true",enabled=false}'];
    const given = args({ access: 'read-only', prepared: { off } });
    for (const setting of off) expect(given[given.indexOf(setting) - 1]).toBe('-c');
    expect(line({ access: 'edit', prepared: { off } })).not.toContain('mcp_servers');
  });

  test('a network only for edit, and only where the options say so', () => {
    const options = { ...launch.options, network: true };
    const network = 'sandbox_workspace_write.network_access=true';
    expect(args({ options })).toContain(network);
    expect(args({ options, access: 'read-only' })).not.toContain(network);
    expect(args({})).not.toContain(network);
  });
});

test('the model of a session goes with every turn: with another one its past would become a summary', () => {
  const resumed = { start: { kind: 'resume', ref }, prepared: { model: 'gpt-5.5' } } as const;
  expect(line(resumed)).toContain(`-m gpt-5.5 resume ${id}`);
  expect(line({ ...resumed, model: 'gpt-6.1-sol' })).toContain(`-m gpt-6.1-sol resume ${id}`);
  expect(args({})).not.toContain('-m');
});

test('effort, a schema as a file, more flags', () => {
  const options: CodexOptions = { binary: '/opt/codex', effort: 'high', network: false, args: ['-i', 'a.png'] };
  const given = command({ ...launch, options, outputSchema: { type: 'object', title: 'T' } });
  expect(given.file).toBe('/opt/codex');
  // An image takes every word up to the next flag.
  expect(given.args.slice(0, 4)).toEqual(['exec', '-i', 'a.png', '--json']);
  expect(given.args.slice(-5)).toEqual([
    ...['-c', 'model_reasoning_effort="high"', '--output-schema', 'pawl-output-schema.json', '-'],
  ]);
  expect(JSON.parse(given.files?.['pawl-output-schema.json'] ?? '')).toEqual({ type: 'object', title: 'T' });
});

describe('options', () => {
  test('have defaults', () => {
    expect(codexOptions.parse({})).toEqual({ binary: 'codex', network: false, args: [] });
  });

  test.each([
    ['--profile', 'mine'],
    ['--profile', 'work'],
    ['-c', 'mcp_servers.notes.command="node"'],
    ['-c', 'model_providers.x.base_url="http://x"'],
    ['-c', 'model_reasoning_summary="none"'],
    ['--enable', 'goals'],
  ])('%s %s is handed over', (...words) => {
    expect(codexOptions.parse({ args: words }).args).toEqual(words);
  });

  test.each([
    ['an unknown key', { modle: 'x' }, 'modle'],
    ['an empty binary', { binary: '' }, 'binary'],
    ['an unknown effort, which Codex would hand on', { effort: 'bogus' }, 'effort'],
    ...[
      ['--dangerously-bypass-approvals-and-sandbox'],
      ['--sandbox=danger-full-access'],
      ['-s', 'danger-full-access'],
      ['-sdanger-full-access'],
      ['-c', 'sandbox_mode="danger-full-access"'],
      ['--config', 'approval_policy="on-request"'],
      ['-csandbox_workspace_write.network_access=true'],
      ['--config=default_permissions="x"'],
      ['-c', '"sandbox_mode"="danger-full-access"'],
      ['-c', 'projects."/x".trust_level="trusted"'],
      ['-c', 'model="x"'],
      ['-m', 'x'],
      ['-C/other'],
      ['--approve-for-me'],
      ['--trust'],
      ['--ephemeral'],
      ['resume'],
      ['-'],
    ].map((words): [string, object, string] => [words.join(' '), { args: words }, 'pawl sets']),
  ])('%s is refused', (_, options, named) => {
    expect(JSON.stringify(codexOptions.safeParse(options).error?.issues)).toContain(named);
  });
});

describe('servers', () => {
  const mcpServers = [{ name: 'notes', command: 'notes', args: ['--stdio'], env: { NOTES_KEY: 'secret' } }];
  const options = { ...launch.options, mcpServers };

  test('are settings, approved beforehand; what is in their variables is on no command line', () => {
    const given = command({ ...launch, options });
    const table = '{command="notes",args=["--stdio"],env_vars=["NOTES_KEY"],default_tools_approval_mode="approve"}';
    expect(given.args).toContain(`mcp_servers.notes=${table}`);
    expect(given.args.join(' ')).not.toContain('secret');
    expect(given.env).toEqual({ NOTES_KEY: 'secret' });
  });

  test('none where it may only read', () => {
    const given = command({ ...launch, access: 'read-only', options });
    expect([given.args.join(' ').includes('notes'), given.env]).toEqual([false, undefined]);
  });

  test('two that want one variable with two values are refused', () => {
    const other = { name: 'other', command: 'other', args: [], env: { NOTES_KEY: 'another' } };
    const both = { ...launch.options, mcpServers: [...mcpServers, other] };
    expect(() => command({ ...launch, options: both })).toThrow(/NOTES_KEY/);
  });
});

describe('directories', () => {
  const options = { ...launch.options, directories: ['/one', '/two words'] };

  test('edit: each may be written in, and stands before the subcommand', () => {
    expect(args({ options, start: { kind: 'resume', ref } }).slice(common.split(' ').length)).toEqual([
      '-s',
      'workspace-write',
      '--add-dir',
      '/one',
      '--add-dir',
      '/two words',
      'resume',
      id,
      '-',
    ]);
  });

  test('its sandbox lets everything be read, and full be written anyway', () => {
    for (const access of ['read-only', 'full'] as const) expect(args({ access, options })).not.toContain('--add-dir');
  });

  test('are not given as more arguments', () => {
    expect(codexOptions.safeParse({ args: ['--add-dir=/one'] }).success).toBe(false);
  });
});
