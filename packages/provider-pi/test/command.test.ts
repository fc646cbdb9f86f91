import type { Access, SessionStart } from '@pawl/provider';
import type { Launch } from '@pawl/provider-kit';
import type { PiOptions } from '@pawl/provider-pi';
import { describe, expect, test } from 'vitest';
import { command } from '../src/command.ts';
import { piOptions } from '../src/options.ts';

const ref = { provider: 'pi', id: 'my-session.1', cwd: '/elsewhere' };
const launch: Launch<PiOptions> = {
  cwd: '/work',
  options: { binary: 'pi', args: [] },
  access: 'edit',
  start: { kind: 'new' },
  prompt: 'do it',
  limits: {},
  env: {},
  freshId: 'unused',
};
const args = (over: Partial<Launch<PiOptions>>) => command({ ...launch, ...over }).args;
const line = (over: Partial<Launch<PiOptions>>) => args(over).join(' ');

test('a plain turn: the prompt by stdin, updates and telemetry off', () => {
  const { file, cwd, stdin, env } = command(launch);
  expect({ file, cwd, stdin }).toEqual({ file: 'pi', cwd: '/work', stdin: 'do it' });
  expect(env).toEqual({ PI_OFFLINE: '1', PI_TELEMETRY: '0', PI_SKIP_VERSION_CHECK: '1' });
  expect(line({})).toMatch(
    /^-p --mode json --tools read,bash,edit,write,grep,find,ls --no-approve --no-mcp --extension pawl-keep-inside\.mjs$/,
  );
});

test('trap: an open stdin hangs it; there is always one to be closed, also for an empty prompt', () => {
  expect(command({ ...launch, prompt: '' }).stdin).toBe('');
});

test('what the user says about going online is kept', () => {
  const env = command({ ...launch, env: { PI_OFFLINE: '0', PI_TELEMETRY: '1' } }).env;
  expect(env).toMatchObject({ PI_OFFLINE: '0', PI_TELEMETRY: '1' });
});

describe('how it starts', () => {
  test.each<[SessionStart, string]>([
    [{ kind: 'new', id: 'a.b-c_d' }, '--session-id a.b-c_d'],
    [{ kind: 'resume', ref }, '--session my-session.1'],
    [{ kind: 'continue' }, '--continue'],
    [{ kind: 'fork', ref }, '--fork my-session.1'],
    [{ kind: 'ephemeral' }, '--no-session'],
  ])('%j', (start, flags) => {
    expect(line({ start })).toContain(`--mode json ${flags} --tools`);
  });

  test('a fork at a message goes on with the copy that was made for it', () => {
    const start = { kind: 'fork', ref, at: '1' } as const;
    expect(line({ start, prepared: { copy: 'the-copy' } })).toContain('--mode json --session the-copy --tools');
  });

  test.each<SessionStart>([
    { kind: 'new', id: 'my session' },
    { kind: 'new', id: '-x' },
    { kind: 'new', id: '' },
    { kind: 'resume', ref: { ...ref, id: '--no-session' } },
    { kind: 'fork', ref: { ...ref, id: '../other' } },
  ])('an id that Pi would not take for one is refused: %j', (start) => {
    expect(() => args({ start })).toThrow(/Pi names sessions/);
  });

  test('trap: a session path that does not exist is created, so no path ever passes', () => {
    const start = { kind: 'resume', ref: { ...ref, id: '/tmp/nosuch/x.jsonl' } } as const;
    expect(() => args({ start })).toThrow(expect.objectContaining({ code: 'bad-option' }));
  });
});

describe('access', () => {
  const tools = (access: Access) => {
    const given = args({ access });
    return given.includes('--tools') ? given[given.indexOf('--tools') + 1] : undefined;
  };

  test('read-only has no tool that writes or runs anything', () => {
    expect(tools('read-only')).toBe('read,grep,find,ls');
    expect(args({ access: 'read-only' })).not.toContain('--extension');
  });

  test('neither read-only nor edit takes what the folder brings along, or servers', () => {
    for (const access of ['read-only', 'edit'] as const) {
      expect(args({ access })).toEqual(expect.arrayContaining(['--no-approve', '--no-mcp']));
    }
  });

  test('edit loads the extension that keeps writes inside, from a file that comes along', () => {
    const { args: given, files = {} } = command(launch);
    const name = given[given.indexOf('--extension') + 1] ?? '';
    expect(files[name]).toContain('export default');
    expect(command({ ...launch, access: 'full' })).not.toHaveProperty('files');
  });

  test('full leaves Pi as its user has set it up', () => {
    expect(line({ access: 'full' })).toBe('-p --mode json');
  });
});

test('model, effort and more flags; limits and schema have none', () => {
  const options: PiOptions = { binary: '/opt/pi', effort: 'high', args: ['--skill', '/data'] };
  const given = command({ ...launch, model: 'anthropic/claude:low', options, limits: { turns: 3 } });
  expect(given.file).toBe('/opt/pi');
  expect(given.args.slice(-6)).toEqual(['--model', 'anthropic/claude:low', '--thinking', 'high', '--skill', '/data']);
});

describe('options', () => {
  test('have defaults', () => {
    expect(piOptions.parse({})).toEqual({ binary: 'pi', args: [] });
  });

  test.each([
    ['an unknown key', { modle: 'x' }, 'modle'],
    ['an empty binary', { binary: '' }, 'binary'],
    ['an unknown effort', { effort: 'extreme' }, 'effort'],
    ['tools', { args: ['--tools', 'bash'] }, 'pawl sets'],
    ['trust in the folder, in one letter', { args: ['-a'] }, 'pawl sets'],
    ['a flag in one word', { args: ['--session-dir=/x'] }, 'pawl sets'],
    ['a key, which every process could read', { args: ['--api-key', 'x'] }, 'pawl sets'],
    ['the end of flags', { args: ['--', 'a second prompt'] }, 'pawl sets'],
  ])('%s is refused', (_, options, named) => {
    expect(JSON.stringify(piOptions.safeParse(options).error?.issues)).toContain(named);
  });
});

describe('options of other agents', () => {
  test('directories: the extension of access edit knows them', () => {
    const options = { ...launch.options, directories: ['/one', '/two'] };
    expect(command({ ...launch, options }).files?.['pawl-keep-inside.mjs']).toContain('["/one","/two"]');
  });

  test('mcpServers is refused by its name, with the way there is', () => {
    const { error } = piOptions.safeParse({ mcpServers: [{ name: 'notes', command: 'notes' }] });
    expect(error?.issues).toMatchObject([{ path: ['mcpServers'], message: expect.stringContaining('pi mcp add') }]);
  });
});
