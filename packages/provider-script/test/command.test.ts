import type { SessionStart } from '@pawl/provider';
import type { Launch } from '@pawl/provider-kit';
import type { ScriptOptions } from '@pawl/provider-script';
import { describe, expect, test } from 'vitest';
import { command } from '../src/command.ts';
import { scriptOptions } from '../src/options.ts';

const ref = { provider: 'script', id: 's1', cwd: '/work' };
const launch: Launch<ScriptOptions> = {
  cwd: '/work',
  options: { command: ['node', 'agent.mjs', '--fast'] },
  access: 'edit',
  start: { kind: 'new' },
  prompt: 'do it',
  limits: {},
  env: {},
  freshId: 'fresh',
};
const started = (start: SessionStart) => command({ ...launch, start }).env;

test('the command is handed over as it is, the prompt on standard input', () => {
  expect(command(launch)).toMatchObject({ file: 'node', args: ['agent.mjs', '--fast'], cwd: '/work', stdin: 'do it' });
});

describe('the session in the environment', () => {
  test.each<[string, SessionStart, string, string]>([
    ['new', { kind: 'new' }, 'fresh', 'new'],
    ['new with a chosen id', { kind: 'new', id: 'mine' }, 'mine', 'new'],
    ['resume', { kind: 'resume', ref }, 's1', 'resume'],
    ['fork', { kind: 'fork', ref }, 'fresh', 'fork'],
    ['ephemeral', { kind: 'ephemeral' }, 'fresh', 'new'],
  ])('%s', (_, start, id, word) => {
    expect(started(start)).toMatchObject({ PAWL_SESSION_ID: id, PAWL_SESSION_START: word });
  });

  test('a fork tells where it comes from', () => {
    expect(started({ kind: 'fork', ref })).toHaveProperty('PAWL_SESSION_PARENT', 's1');
    expect(started({ kind: 'resume', ref })).not.toHaveProperty('PAWL_SESSION_PARENT');
  });
});

test('an ephemeral session is told not to be kept', () => {
  expect(started({ kind: 'ephemeral' })).toHaveProperty('PAWL_SESSION_KEEP', '0');
  expect(started({ kind: 'new' })).not.toHaveProperty('PAWL_SESSION_KEEP');
});

test('options may add to the environment, but not change what the session is', () => {
  const options = { ...launch.options, env: { MODE: 'x', PAWL_SESSION_ID: 'forged' } };
  expect(command({ ...launch, options }).env).toMatchObject({ MODE: 'x', PAWL_SESSION_ID: 'fresh' });
});

test('the model and the access word are told', () => {
  expect(command({ ...launch, model: 'big' }).env).toMatchObject({ PAWL_MODEL: 'big', PAWL_ACCESS: 'edit' });
  expect(command(launch).env).not.toHaveProperty('PAWL_MODEL');
});

test.each([
  ['no command', {}, 'command'],
  ['an empty one', { command: [] }, 'command'],
  ['one without a program', { command: [''] }, 'command'],
  ['a shell line', { command: 'node agent.mjs' }, 'command'],
  ['an unknown key', { command: ['x'], comand: ['y'] }, 'comand'],
  ['a variable that is no string', { command: ['x'], env: { A: 1 } }, 'A'],
  ['a variable without a name', { command: ['x'], env: { 'A=B': '1' } }, 'A=B'],
])('options are refused: %s', (_, options, named) => {
  const { success, error } = scriptOptions.safeParse(options);
  expect(success).toBe(false);
  expect(JSON.stringify(error?.issues)).toContain(named);
});

test.each(['directories', 'effort', 'mcpServers'])('%s, which other agents have, is refused by its name', (name) => {
  const { error } = scriptOptions.safeParse({ command: ['node'], [name]: 'x' });
  expect(error?.issues).toMatchObject([{ path: [name], message: expect.stringMatching(/^a script /) }]);
});
