import type { SessionStart } from '@pawl/provider';
import type { Launch } from '@pawl/provider-kit';
import type { OpenCodeOptions } from '@pawl/provider-opencode';
import { describe, expect, test } from 'vitest';
import { command } from '../src/command.ts';
import { configContent } from '../src/config.ts';
import { openCodeOptions } from '../src/options.ts';

const ref = { provider: 'opencode', id: 'ses_abc', cwd: '/elsewhere' };
const launch: Launch<OpenCodeOptions> = {
  cwd: '/work',
  options: { binary: 'opencode', args: [] },
  access: 'edit',
  start: { kind: 'new' },
  prompt: 'say "hi"',
  limits: {},
  env: {},
  freshId: '0b5e2e1c-6d0a-4d53-9f3e-2f2f4b8f7a11',
};
const made = (over: Partial<Launch<OpenCodeOptions>>) => command({ ...launch, ...over });
const line = (over: Partial<Launch<OpenCodeOptions>>) => made(over).args.join(' ');
const config = (over: Partial<Launch<OpenCodeOptions>>) => JSON.parse(made(over).env?.OPENCODE_CONFIG_CONTENT ?? '');
const agent = `pawl-${launch.freshId}`;
const always = 'run --format json --thinking --print-logs --log-level ERROR';

test('a plain turn; updates, sharing and downloads off', () => {
  const { file, cwd, env } = made({});
  expect({ file, cwd }).toEqual({ file: 'opencode', cwd: '/work' });
  expect(line({})).toBe(`${always} --title= --agent ${agent}`);
  expect(env).toMatchObject({
    ...{ OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' },
    ...{ OPENCODE_DISABLE_LSP_DOWNLOAD: '1', OPENCODE_DISABLE_SHARE: '1' },
  });
  expect(config({})).toMatchObject({ autoupdate: false, share: 'disabled' });
});

test('what the user says about downloads is kept', () => {
  const env = { OPENCODE_DISABLE_MODELS_FETCH: '0' };
  expect(made({ env }).env).toMatchObject({ OPENCODE_DISABLE_MODELS_FETCH: '0' });
});

test('trap: a prompt in an argument is put in quotes and its own are spoilt; it goes to stdin alone', () => {
  expect(made({}).stdin).toBe('say "hi"');
  expect(line({})).not.toContain('say');
});

test('trap: an open stdin hangs it; there is always one to be closed', () => {
  expect(made({ prompt: '' }).stdin).toBe('');
});

test('trap: a new session has a title made by a request that nobody counts, unless one is given', () => {
  expect(line({})).toContain('--title=');
  expect(line({ start: { kind: 'ephemeral' } })).toContain('--title=');
  expect(line({ start: { kind: 'resume', ref } })).not.toContain('--title');
});

describe('how it starts', () => {
  test.each<[SessionStart, object | undefined, string]>([
    [{ kind: 'resume', ref }, undefined, '--session ses_abc'],
    [{ kind: 'continue' }, { newest: 'ses_new' }, '--session ses_new'],
    [{ kind: 'fork', ref }, undefined, '--session ses_abc --fork'],
    [{ kind: 'fork', ref, at: 'msg_1' }, { copy: 'ses_copy' }, '--session ses_copy'],
  ])('%j', (start, prepared, flags) => {
    expect(line({ start, ...(prepared ? { prepared: prepared as never } : {}) })).toBe(
      `${always} ${flags} --agent ${agent}`,
    );
  });

  test('ephemeral: a store in memory, and no snapshots of the folder', () => {
    const start = { kind: 'ephemeral' } as const;
    expect(made({ start }).env).toMatchObject({ OPENCODE_DB: ':memory:' });
    expect(config({ start })).toMatchObject({ snapshot: false });
    expect(made({}).env).not.toHaveProperty('OPENCODE_DB');
    expect(config({})).not.toHaveProperty('snapshot');
  });

  test.each(['--auto', '', '-x', 'a b'])('an id that could be a flag is refused: %j', (id) => {
    expect(() => made({ start: { kind: 'resume', ref: { ...ref, id } } })).toThrow(/names its sessions/);
  });
});

describe('access', () => {
  const permission = (over: Partial<Launch<OpenCodeOptions>>) => config(over).agent?.[agent]?.permission;

  test('read-only refuses what it does not name, and runs no plug-ins', () => {
    const given = permission({ access: 'read-only' });
    expect(Object.keys(given)[0]).toBe('*');
    expect(given).toMatchObject({ '*': 'deny', read: 'allow', external_directory: 'deny', task: 'deny' });
    for (const name of ['bash', 'edit', 'write']) expect(given).not.toHaveProperty(name);
    expect(line({ access: 'read-only' })).toContain('--pure');
  });

  test('edit keeps to the folder and takes nothing from what the user refuses', () => {
    expect(permission({})).toEqual({ external_directory: 'deny', doom_loop: 'deny', task: 'deny' });
  });

  test('trap: a question stops the turn; neither word asks one by itself', () => {
    for (const access of ['read-only', 'edit'] as const) {
      expect(JSON.stringify(permission({ access }))).not.toContain('"ask"');
      expect(permission({ access }).doom_loop).toBe('deny');
    }
  });

  test('trap: an unknown agent is replaced by the default one, which then has the same permissions', () => {
    for (const access of ['read-only', 'edit'] as const) {
      expect(JSON.parse(made({ access }).env?.OPENCODE_PERMISSION ?? '')).toEqual(permission({ access }));
    }
  });

  test('trap: a configuration in the folder adds to an agent whose name it knows; ours is new for each session', () => {
    const other = made({ freshId: '11111111-2222-4333-8444-555555555555' });
    expect(other.args.join(' ')).toContain('--agent pawl-11111111-2222-4333-8444-555555555555');
  });

  test('full approves all that the user has not denied', () => {
    expect(line({ access: 'full' })).toBe(`${always} --title= --auto`);
    expect(config({ access: 'full' })).not.toHaveProperty('agent');
    expect(made({ access: 'full' }).env).not.toHaveProperty('OPENCODE_PERMISSION');
  });
});

test('model, effort and more flags; limits and schema have none', () => {
  const options: OpenCodeOptions = { binary: '/opt/oc', effort: 'high', args: ['--file', '/x'] };
  const given = made({ model: 'anthropic/claude', options, limits: { turns: 3 } });
  expect(given.file).toBe('/opt/oc');
  expect(given.args.slice(-4)).toEqual(['--model=anthropic/claude', '--variant=high', '--file', '/x']);
});

describe('configuration', () => {
  test('the user keeps what we do not say, at any depth', () => {
    const own = JSON.stringify({ share: 'auto', agent: { mine: { mode: 'all' } }, provider: { x: {} }, list: [1] });
    expect(JSON.parse(configContent(own, { share: 'disabled', agent: { ours: {} } }))).toEqual({
      share: 'disabled',
      agent: { mine: { mode: 'all' }, ours: {} },
      provider: { x: {} },
      list: [1],
    });
    expect(configContent(undefined, { a: 1 })).toBe('{"a":1}');
    expect(configContent(' ', { a: 1 })).toBe('{"a":1}');
  });

  test('one that cannot be read is refused, for ours could not be laid over it', () => {
    expect(() => configContent('{"a": 1, // b\n}', {})).toThrow(expect.objectContaining({ code: 'bad-option' }));
  });
});

describe('options', () => {
  test('have defaults', () => {
    expect(openCodeOptions.parse({})).toEqual({ binary: 'opencode', args: [] });
  });

  test.each([
    ['an unknown key', { modle: 'x' }, 'modle'],
    ['an empty binary', { binary: '' }, 'binary'],
    ['an effort that is a flag', { effort: '--auto' }, 'effort'],
    ['approval of everything', { args: ['--auto'] }, 'pawl sets'],
    ['another agent', { args: ['--agent=build'] }, 'pawl sets'],
    ['another server', { args: ['--attach', 'http://x'] }, 'pawl sets'],
  ])('%s is refused', (_, options, named) => {
    expect(JSON.stringify(openCodeOptions.safeParse(options).error?.issues)).toContain(named);
  });
});

describe('servers', () => {
  const mcpServers = [{ name: 'notes', command: 'notes', args: ['--stdio'], env: { NOTES_KEY: 'secret' } }];
  const mcpOf = (access: 'edit' | 'read-only') =>
    JSON.parse(
      made({ access, options: { binary: 'opencode', args: [], mcpServers } }).env?.OPENCODE_CONFIG_CONTENT ?? '',
    ).mcp;

  test('are a part of the configuration; none where it may only read', () => {
    expect(mcpOf('edit')).toEqual({
      notes: { type: 'local', command: ['notes', '--stdio'], environment: { NOTES_KEY: 'secret' }, enabled: true },
    });
    expect(mcpOf('read-only')).toBeUndefined();
  });
});

describe('directories', () => {
  const options = { binary: 'opencode', args: [], directories: ['/one', '/two words/'] };
  const outside = {
    ...{ '*': 'deny', '/one': 'allow', '/one/**': 'allow' },
    ...{ '/two words/': 'allow', '/two words/**': 'allow' },
  };

  test.each(['read-only', 'edit'] as const)(
    '%s: all outside is denied but for them, the last that fits decides',
    (access) => {
      const { permission } = config({ access, options }).agent[agent];
      expect(Object.entries(permission.external_directory)).toEqual(Object.entries(outside));
      const surrounding = JSON.parse(made({ access, options }).env?.OPENCODE_PERMISSION ?? '');
      expect(surrounding.external_directory).toEqual(outside);
    },
  );

  test('one that is a pattern would be other ones', () => {
    expect(openCodeOptions.safeParse({ directories: ['/a*'] }).success).toBe(false);
  });
});
