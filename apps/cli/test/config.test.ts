import { describe, expect, test } from 'vitest';
import { parseConfig } from '../src/config/parse.ts';
import { openStage } from './stage.ts';

describe('what is wrong stands where it is wrong, with the text', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'an unknown key with the nearest one',
      'agents: {}\nagnets: {}\n',
      'pawl: .pawl/config.yaml:2:1: error: unknown key `agnets` [unknown-key]\n 2 | agnets: {}\n   | ^^^^^^\n hint: did you mean `agents`?\n',
    ],
    [
      'an unknown key with those that are known',
      'commands:\n  run: x\n',
      'pawl: .pawl/config.yaml:2:3: error: unknown key `run` [unknown-key]\n 2 |   run: x\n   |   ^^^\n hint: known: compile, test, lint, coverage\n',
    ],
    [
      'a key of an agent',
      'agents:\n  stub:\n    provider: script\n    modle: x\n',
      'pawl: .pawl/config.yaml:4:5: error: unknown key `modle` [unknown-key]\n 4 |     modle: x\n   |     ^^^^^\n hint: did you mean `model`?\n',
    ],
    [
      'a key that is missing',
      'agents:\n  stub: { model: x }\n',
      'pawl: .pawl/config.yaml:2:9: error: `agents.stub.provider` is missing [missing-key]\n 2 |   stub: { model: x }\n   |         ^^^^^^^^^^^^\n',
    ],
    [
      'another type',
      'setup: [1]\n',
      'pawl: .pawl/config.yaml:1:8: error: `setup` takes a text [wrong-type]\n 1 | setup: [1]\n   |        ^^^\n',
    ],
    [
      'no duration',
      'gate_timeout: soon\n',
      'pawl: .pawl/config.yaml:1:15: error: `gate_timeout`: this is not a duration: write it like 90s, 10m or 1h30m [invalid-value]\n 1 | gate_timeout: soon\n   |               ^^^^\n',
    ],
    [
      'what comes later',
      'providers: ["acme/foo"]\n',
      'pawl: .pawl/config.yaml:1:13: error: `providers.0`: write the name of an installed package, such as @acme/pawl-provider-foo [invalid-value]\n 1 | providers: ["acme/foo"]\n   |             ^^^^^^^^^^\n',
    ],
    [
      'a name that no agent can have',
      'agents: { "a b": { provider: script } }\n',
      'pawl: .pawl/config.yaml:1:11: error: an agent cannot be named `a b` [invalid-name]\n 1 | agents: { "a b": { provider: script } }\n   |           ^^^^^\n hint: letters, digits, dots and dashes\n',
    ],
    ['no YAML', 'agents: {\n', 'pawl: .pawl/config.yaml:2:1: error: '],
    ['a key twice', 'setup: a\nsetup: b\n', 'pawl: .pawl/config.yaml:2:1: error: '],
    ['a list', '- a\n', 'pawl: .pawl/config.yaml:1:1: error: the file holds keys with values'],
  ];
  test.each(cases)('%s', async (_, text, message) => {
    const stage = openStage();
    stage.write({ '.pawl/config.yaml': text });
    const { code, stderr } = await stage.call('workflows', 'check');
    expect(code).toBe(2);
    if (message.endsWith('\n')) expect(stderr).toBe(message);
    else expect(stderr).toContain(message);
  });

  test('all of it at once', () => {
    const { config, diagnostics } = parseConfig('a: 1\nsetup: []\ncommands: { tset: x }\n', 'config.yaml');
    expect(config).toBeUndefined();
    expect(diagnostics.map(({ line, code }) => [line, code])).toEqual([
      [1, 'unknown-key'],
      [2, 'wrong-type'],
      [3, 'unknown-key'],
    ]);
  });
});

test('never throws, whatever the text', () => {
  const bomb = `a: &a [x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b]\nagents: [*c,*c,*c,*c,*c,*c]\n`;
  for (const text of [
    '',
    '---\n...\n---\n',
    'null',
    '~',
    '!!binary x',
    'a: *b',
    '\t',
    '? {a: b}\n: c',
    '"__proto__": {x: 1}',
    bomb,
    '&a [*a]',
    'agents: { x: null }',
    'agents: 1',
    'agents: { x: { provider: script, options: .nan } }',
  ])
    expect(() => parseConfig(text, 'config.yaml')).not.toThrow();
  expect(parseConfig(bomb, 'config.yaml').diagnostics[0]?.message).toContain('aliases');
  expect(parseConfig('', 'config.yaml')).toEqual({ config: {}, diagnostics: [] });
});

test('what is configured arrives: commands, setup, timeout, conventions, commands of agents from the root', async () => {
  const stage = openStage({ cwd: 'inner' });
  stage.write({
    '.pawl/config.yaml': `agents: { claude-opus: { provider: script, options: { command: [sh, tools/agent.sh] } } }
commands: { compile: "test -f prepared.txt" }
setup: date > prepared.txt
gate_timeout: 1m30s
max_wait: 0s
failure_text: { error: 500, diff: 0 }
`,
    '.pawl/conventions.md': '\nWrite short functions.\n',
    'tools/agent.sh': 'cat > prompt.txt\n',
  });
  stage.write({ 'inner/spec.md': 'x\n' });
  const plan = JSON.parse((await stage.call('run', 'freeform', '--spec', 'spec.md', '--dry-run', '--json')).stdout);
  expect(plan.settings).toEqual({
    maxParallel: expect.any(Number),
    ...{
      commands: { compile: 'test -f prepared.txt' },
      setup: 'date > prepared.txt',
      gateTimeoutMs: 90_000,
      maxWaitMs: 0,
    },
    ...{ failureChars: { error: 500, diff: 0 }, conventions: 'Write short functions.' },
  });
  const { code, stderr } = await stage.call('run', 'freeform', '--spec', 'spec.md');
  expect(code, stderr).toBe(0);
  expect((await stage.call('diff')).stdout).toContain('+Write short functions.');
});
