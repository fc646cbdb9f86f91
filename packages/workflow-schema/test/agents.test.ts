import { describe, expect, test } from 'vitest';
import { type CompileEnvironment, compileWorkflow, parseWorkflow, resolveAgentName } from '../src/index.ts';
import { environment } from './environment.ts';

const world = environment({
  providers: {
    claude: { models: { opus: 'claude-opus-4', haiku: 'haiku' } },
    acme: { models: {} },
    'acme-cloud': { models: { big: 'acme/big-1' } },
  },
});

describe('resolveAgentName', () => {
  test.each([
    ['claude', 'claude', undefined],
    ['claude-opus', 'claude', 'claude-opus-4'],
    ['claude-haiku', 'claude', 'haiku'],
    ['claude-opus-4-6', 'claude', 'opus-4-6'],
    ['claude-opus[1m]', 'claude', 'opus[1m]'],
    ['acme-cloud', 'acme-cloud', undefined],
    ['acme-cloud-big', 'acme-cloud', 'acme/big-1'],
    ['acme-clouds', 'acme', 'clouds'],
    ['acme-openai/gpt-5:free', 'acme', 'openai/gpt-5:free'],
    ['claude-toString', 'claude', 'toString'],
  ])('%s', (name, provider, model) => {
    expect(resolveAgentName(name, world)).toEqual({
      ok: true,
      agent: { name, provider, ...(model !== undefined && { model }), options: {} },
    });
  });

  test('an agent of the configuration goes first', () => {
    const agents = { 'claude-opus': { provider: 'acme', model: 'x', options: { a: 1 } } };
    expect(resolveAgentName('claude-opus', { ...world, agents })).toEqual({
      ok: true,
      agent: { name: 'claude-opus', provider: 'acme', model: 'x', options: { a: 1 } },
    });
  });

  test.each([
    '',
    'gpt',
    'claudeopus',
    'claude_opus',
    'toString',
    '__proto__',
    '-',
    'claude-',
    'claude---yolo',
    'claude-a b',
    'claude-a\nb',
    'claude-;ls',
  ])('refuses %j', (name) => {
    const found = resolveAgentName(name, world);
    if (name === 'claude-') expect(found).toMatchObject({ ok: true, agent: { provider: 'claude' } });
    else expect(found).toMatchObject({ ok: false, code: 'unknown-agent' });
  });

  test('an adapter that is not installed: the command that adds it', () => {
    const installable = { codex: 'npm install -g @pawl/provider-codex' };
    for (const name of ['codex', 'codex-sol'])
      expect(resolveAgentName(name, { ...world, installable })).toEqual({
        ok: false,
        code: 'unknown-agent',
        message: `the adapter of the agent \`${name}\` is not installed`,
        hint: 'npm install -g @pawl/provider-codex',
      });
    const agents = { mine: { provider: 'codex', options: {} } };
    expect(resolveAgentName('mine', { ...world, agents, installable })).toMatchObject({ hint: installable.codex });
    expect(resolveAgentName('codexes', { ...world, installable })).toMatchObject({ code: 'unknown-agent' });
  });

  test('says what is known and what is near', () => {
    const hint = (name: string) => {
      const found = resolveAgentName(name, world);
      return found.ok ? '' : found.hint;
    };
    expect(hint('claud-opus')).toBe('did you mean `claude-opus`? (known: `stub`, `claude`, `acme` and `acme-cloud`)');
    expect(hint('stbu')).toContain('did you mean `stub`?');
    expect(hint('zzz')).toContain('known: `stub`, `claude`, `acme` and `acme-cloud`');
    expect(resolveAgentName('x', { providers: {}, agents: {} })).toMatchObject({
      hint: expect.stringContaining('no agent is known'),
    });
  });
});

function compile(text: string, over: Partial<CompileEnvironment> = {}) {
  const { workflow, diagnostics } = parseWorkflow({ text: `name: x\n${text}`, file: 'w.yaml' });
  expect(diagnostics).toEqual([]);
  if (workflow === undefined) throw new Error('no workflow');
  return compileWorkflow(workflow, environment(over));
}
const step = (name: string, agent: string, more = '') =>
  `  - { name: ${name}, type: code, agent: ${agent}, prompt: p${more} }\n`;

describe('agents of a workflow', () => {
  test('its own names go before those of the configuration and the providers', () => {
    const { plan } = compile(
      `agents:\n  stub: { provider: claude, model: opus, options: { effort: high } }\n  codex: { provider: claude, model: own }\nsteps:\n${step('a', 'stub')}${step('b', 'codex')}`,
    );
    expect(plan?.agents).toEqual({
      stub: { name: 'stub', provider: 'claude', model: 'opus', options: { effort: 'high' } },
      codex: { name: 'codex', provider: 'claude', model: 'own', options: {} },
    });
  });

  test('the one of an earlier step', () => {
    const { plan, diagnostics } = compile(
      `steps:\n${step('a', 'claude')}${step('b', '"{a.agent}"', ', session: { from: a }')}`,
    );
    expect(diagnostics).toEqual([]);
    expect(plan?.steps[1]).toMatchObject({ agent: [[{ ref: 'step', address: 'a', field: 'agent' }]] });
    expect(Object.keys(plan?.agents ?? {})).toEqual(['claude']);
  });

  test('the one of the planner, inside `each`', () => {
    const { diagnostics } = compile(
      `steps:\n  - name: s\n    type: split\n    agent: claude\n    each:\n    ${step('b', '"{s.agent}"').replaceAll('\n', '')}\n`,
    );
    expect(diagnostics).toEqual([]);
  });

  test.each([
    '"{b.agent}"',
    '"{c.agent}"',
    '"{prev.agent}"',
    '"{a.output}"',
    '"x-{a.agent}"',
    '"{spec}"',
    '"{a.agent}{a.agent}"',
  ])('cannot be %s', (agent) => {
    const { plan, diagnostics } = compile(`steps:\n${step('a', 'claude')}${step('b', agent)}${step('c', 'claude')}`);
    expect(plan).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toContain('agent-template');
  });
});

describe('--agent', () => {
  const text = `steps:\n${step('a', 'nobody')}${step('b', '"{a.agent}"', ', retry: [{ attempt: 2, agent: codex-mini }, { exit: 2 }]')}  - { name: c, type: validate, agent: claude }\n`;

  test('runs every agent step; entries of retry keep theirs', () => {
    const { plan, diagnostics } = compile(text, { agentOverride: 'stub' });
    expect(diagnostics).toEqual([]);
    expect(plan?.steps.map((planned) => ('agent' in planned ? planned.agent : undefined))).toEqual([
      [['stub']],
      [['stub']],
      [['stub']],
    ]);
    expect(plan?.agents).toEqual({
      stub: { name: 'stub', provider: 'script', options: { command: ['node', 'agent.mjs'] } },
      'codex-mini': { name: 'codex-mini', provider: 'codex', model: 'gpt-5-mini', options: {} },
    });
  });

  test('an unknown one is told once, at the name of the workflow', () => {
    const { diagnostics } = compile(text, { agentOverride: 'nobody' });
    expect(diagnostics).toMatchObject([{ code: 'unknown-agent', line: 1, column: 7 }]);
  });
});

describe('sessions between agents', () => {
  const told = (text: string, over: Partial<CompileEnvironment> = {}) =>
    compile(text, over).diagnostics.map(({ code, severity }) => `${severity} ${code}`);

  test('another agent is a warning, when both are known', () => {
    const text = `steps:\n${step('a', 'claude')}${step('b', 'codex', ', session: { from: a }')}`;
    expect(told(text)).toEqual(['warning session-agent']);
    expect(told(text, { agentOverride: 'stub' })).toEqual([]);
    expect(told(`steps:\n${step('a', 'claude-opus')}${step('b', 'claude-haiku', ', session: { from: a }')}`)).toEqual([
      'warning session-agent',
    ]);
    expect(
      told(`steps:\n${step('a', 'claude')}${step('b', '"{a.agent}"')}${step('c', 'codex', ', session: { from: b }')}`),
    ).toEqual([]);
  });

  test('in a retry the agent of its entry counts, or that of an entry before', () => {
    const retry = (entries: string) =>
      `steps:\n${step('a', 'claude')}${step('b', 'claude', `, retry: [${entries}, { exit: 5 }]`)}`;
    expect(told(retry('{ attempt: 2, session: { from: a } }'))).toEqual([]);
    expect(told(retry('{ attempt: 2, agent: codex, session: { from: a } }'))).toEqual(['warning session-agent']);
    expect(told(retry('{ attempt: 2, agent: codex }, { attempt: 3, session: { from: a } }'))).toEqual([
      'warning session-agent',
    ]);
  });
});
