import type { Access, JsonObject } from '@pawl/provider';
import acp from '@pawl/provider-acp';
import { acpReply, type FakeSurroundings, fakeHost } from '@pawl/provider-kit/testing';
import { describe, expect, test } from 'vitest';
import { profiles } from '../src/profiles/index.ts';

const every = ['plan', 'default', 'yolo', 'build', 'read-only', 'auto', 'workspace-write', 'agent-full-access'];

interface More {
  readonly access?: Access;
  readonly model?: string;
  readonly efforts?: readonly string[];
  readonly sessionCapabilities?: JsonObject;
}

async function started(options: object, { efforts, sessionCapabilities, ...more }: More = {}) {
  const reply = acpReply({
    modes: every,
    ...(efforts && { efforts }),
    ...(sessionCapabilities && { sessionCapabilities }),
  });
  const host = fakeHost(() => ({}), { reply });
  const start = { kind: 'new' as const };
  const session = await acp.open({ cwd: '/work', access: 'edit', start, options: options as never, ...more }, host);
  const { outcome } = await session.turn({ prompt: 'go' }).ended;
  const said = host.said.map((text) => JSON.parse(text));
  const set = said.filter(({ method }) => method === 'session/set_config_option').map(({ params }) => params.value);
  return { command: host.commands[0], said, set, outcome };
}

describe('profiles', () => {
  test.each([
    ['gemini', ['gemini', '--acp'], ['plan', 'default', 'yolo']],
    ['qwen', ['qwen', '--acp'], ['plan', 'default', 'yolo']],
    ['opencode', ['opencode', 'acp'], ['plan', 'build', 'build']],
    ['claude-agent-acp', ['claude-agent-acp'], ['plan', 'default', 'default']],
    ['codex-acp', ['codex-acp'], ['read-only', 'workspace-write', 'agent-full-access']],
  ])('%s is started as %j and set to its modes', async (profile, words, modes) => {
    for (const [index, access] of (['read-only', 'edit', 'full'] as const).entries()) {
      const { command, set } = await started({ profile }, { access });
      expect([command?.file, ...(command?.args ?? [])].slice(0, words.length)).toEqual(words);
      expect(command?.stdinOpen).toBe(true);
      expect(set).toEqual([modes[index]]);
    }
  });

  test('each gets variables of its own only, and all of them are among those of the provider', async () => {
    const { command } = await started({ profile: 'gemini' });
    expect(command?.environment).toContain('GEMINI_API_KEY');
    expect(command?.environment).not.toContain('OPENAI_API_KEY');
    expect(acp.environment).toEqual(expect.arrayContaining([...(command?.environment ?? [])]));
    expect((await started({ command: ['x'], modes: { edit: 'auto' } })).command?.environment).toEqual([]);
    const own = { command: ['x'], modes: { edit: 'auto' }, environment: ['OPENAI_API_KEY'] };
    expect((await started(own)).command?.environment).toEqual(['OPENAI_API_KEY']);
    const more = await started({ profile: 'codex-acp', environment: ['ACME_KEY'] });
    expect(more.command?.environment).toEqual(expect.arrayContaining(['CODEX_HOME', 'ACME_KEY']));
  });

  test('a model goes by a flag where there is one, else by the session', async () => {
    const byFlag = await started({ profile: 'gemini' }, { model: 'gemini-x' });
    expect(byFlag.command?.args).toEqual(['--acp', '--model', 'gemini-x']);
    expect(byFlag.set).toEqual(['default']);
    expect((await started({ profile: 'opencode' }, { model: 'a/b' })).set).toEqual(['a/b', 'build']);
  });

  test('a program that is elsewhere, more arguments, other modes, a sign-in', async () => {
    const options = { profile: 'gemini', command: ['/opt/g', '--acp'], args: ['-d'], modes: { edit: 'auto' } };
    const { command, set, said } = await started({ ...options, authenticate: 'oauth' });
    expect([command?.file, ...(command?.args ?? [])]).toEqual(['/opt/g', '--acp', '-d']);
    expect(command?.env).toMatchObject({ GEMINI_CLI_NO_RELAUNCH: 'true' });
    expect(set).toEqual(['auto']);
    expect(said[1]).toMatchObject({ method: 'authenticate', params: { methodId: 'oauth' } });
  });

  test.each(['read-only', 'edit'] as const)(
    'a command without a mode for %s is refused, named and before it starts',
    async (access) => {
      await expect(started({ command: ['x'] }, { access })).rejects.toMatchObject({ code: 'unsupported' });
      expect((await started({ command: ['x'] }, { access: 'full' })).set).toEqual([]);
    },
  );

  test('options: a profile or a command, and no others', async () => {
    for (const bad of [{}, { profile: 'nobody' }, { command: [] }, { command: ['x'], modes: { some: 'm' } }]) {
      expect((await acp.options['~standard'].validate(bad)).issues).toBeDefined();
    }
  });
});

describe('what is written', () => {
  test.each(['/memory show', '  $thing', '/usr is a folder'])('%j is no command of the agent', async (prompt) => {
    const host = fakeHost(() => ({}), { reply: acpReply({ modes: every }) });
    const request = {
      cwd: '/work',
      access: 'edit',
      start: { kind: 'new' },
      options: { profile: 'qwen' } as never,
    } as const;
    await (await acp.open(request, host)).turn({ prompt }).ended;
    const last = JSON.parse(host.said.at(-1) ?? '{}');
    expect(last.params.prompt).toEqual([{ type: 'text', text: `Prompt:\n${prompt}` }]);
  });

  test('a session that Gemini CLI wrote in this minute is opened in the next one only', async () => {
    const minute = () => new Date().toISOString().slice(0, 16).replace(':', '-');
    let looked = 0;
    const reply = acpReply({ modes: every });
    const host = {
      ...fakeHost(() => ({}), { env: { HOME: '/home/me' }, reply }),
      // For the first looks its transcript is of the very minute; then the minute is over.
      listFolder: async (path: string) => {
        if (path === '/home/me/.gemini/tmp') return ['work'];
        looked += 1;
        return looked < 3 ? [`session-${minute()}-0b5e2e1c.jsonl`] : ['session-2020-01-01T00-00-0b5e2e1c.jsonl'];
      },
    };
    const ref = { provider: 'acp', id: '0b5e2e1c-6d0a-4d53-9f3e-2f2f4b8f7a11', cwd: '/work' };
    const options = { profile: 'gemini' } as never;
    const session = await acp.open({ cwd: '/work', access: 'edit', start: { kind: 'resume', ref }, options }, host);
    expect((await session.turn({ prompt: 'go' }).ended).outcome.kind).toBe('completed');
    expect(looked).toBe(3);
  });
});

test('Codex tells by the status of its thread that a prompt failed', () => {
  const status = (type: string) => ({ _meta: { codex: { threadStatus: { type } } } });
  const failed = profiles['codex-acp'].failed;
  expect([failed?.(status('systemError')), failed?.(status('active')), failed?.({})]).toEqual([true, false, false]);
});

describe('how hard the model thinks', () => {
  test('is set behind the model, before the mode', async () => {
    const options = { profile: 'opencode', effort: 'high' };
    expect((await started(options, { model: 'a/b', efforts: ['low', 'high'] })).set).toEqual(['a/b', 'high', 'build']);
    expect((await started(options, { efforts: ['low', 'high'] })).set).toEqual(['high', 'build']);
  });

  test.each([
    ['a word that the agent does not know', ['low', 'max'], 'bad-option', /low, max/],
    ['an agent without such a setting', [], 'unsupported', /no such setting/],
  ])('%s: refused by name, and the model is not asked', async (_, efforts, code, why) => {
    const { outcome, said } = await started({ profile: 'codex-acp', effort: 'high' }, { efforts });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code, message: expect.stringMatching(why) } });
    expect(said.map(({ method }) => method)).not.toContain('session/prompt');
  });
});

describe('directories', () => {
  const directories = ['/one', '/two'];
  const opened = async (profile: string, sessionCapabilities?: JsonObject) => {
    const { command, said, outcome } = await started(
      { profile, directories },
      sessionCapabilities && { sessionCapabilities },
    );
    const params = said.find(({ method }) => method === 'session/new')?.params;
    return { args: command?.args.join(' '), asked: params?.additionalDirectories, outcome };
  };

  test.each(['gemini', 'qwen'])('%s: by flags', async (profile) => {
    const { args, asked } = await opened(profile);
    expect(args).toContain('--include-directories /one --include-directories /two');
    expect(asked).toBeUndefined();
  });

  test('by the protocol, where the agent offers that', async () => {
    const { args, asked } = await opened('claude-agent-acp', { additionalDirectories: {} });
    expect({ args, asked }).toEqual({ args: '', asked: directories });
  });

  test('OpenCode asks, and is told beforehand what it may read where it asks for nothing', async () => {
    const { asked, outcome } = await opened('opencode');
    expect({ asked, kind: outcome.kind }).toEqual({ asked: undefined, kind: 'completed' });
    const permission = async (options: object) => {
      const { command } = await started({ profile: 'opencode', ...options }, { access: 'read-only' });
      return JSON.parse(command?.env?.OPENCODE_PERMISSION ?? '').external_directory;
    };
    expect(Object.entries(await permission({ directories }))).toEqual([
      ['*', 'deny'],
      ['/one/**', 'allow'],
      ['/two/**', 'allow'],
    ]);
    expect(await permission({})).toEqual({ '*': 'deny' });
  });

  test('refused by name where it does not, before a session is opened', async () => {
    const { asked, outcome } = await opened('codex-acp');
    expect(asked).toBeUndefined();
    expect(outcome).toMatchObject({
      ...{ kind: 'failed', error: { code: 'unsupported', message: expect.stringContaining('other directories') } },
    });
  });
});

describe('settings below those of the user', () => {
  const opened = async (profile: string, surroundings: FakeSurroundings = {}) => {
    const host = fakeHost(() => ({}), { reply: acpReply({ modes: every }), ...surroundings });
    const options = { profile, args: [], modes: {}, environment: [] } as never;
    const session = await acp.open({ cwd: '/work', access: 'edit', start: { kind: 'new' }, options }, host);
    expect((await session.turn({ prompt: 'go' }).ended).outcome.kind).toBe('completed');
    return host.commands[0];
  };

  test('keep Qwen Code from trying again for hours, and from memories that it writes by requests of its own', async () => {
    const command = await opened('qwen');
    expect(command?.env).toMatchObject({
      ...{ QWEN_CODE_SYSTEM_DEFAULTS_PATH: 'pawl-defaults.json', QWEN_CODE_NO_RELAUNCH: 'true' },
    });
    expect(JSON.parse(command?.files?.['pawl-defaults.json'] ?? '')).toMatchObject({
      ...{ memory: { enableManagedAutoMemory: false }, model: { generationConfig: { maxRetries: 0 } } },
    });
  });

  test.each<[string, FakeSurroundings]>([
    ['a folder of the system', { folders: { '/etc/qwen-code': ['system-defaults.json'] } }],
    ['a variable', { env: { QWEN_CODE_SYSTEM_DEFAULTS_PATH: '/opt/theirs.json' } }],
  ])('push nothing aside that an administrator has in %s', async (_, surroundings) => {
    const command = await opened('qwen', surroundings);
    expect(command?.env).not.toHaveProperty('QWEN_CODE_SYSTEM_DEFAULTS_PATH');
    expect(command).not.toHaveProperty('files');
  });

  test('are for no other agent', async () => {
    expect(await opened('gemini')).not.toHaveProperty('files');
  });
});
