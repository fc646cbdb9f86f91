import { describe, expect, test } from 'vitest';
import { parseWorkflow, type WorkflowAgentStep, type WorkflowStep } from '../src/index.ts';
import { isAgentStep } from '../src/workflow.ts';

function parse(steps: string, root = '') {
  return parseWorkflow({ text: `name: x\n${root}steps:\n${steps.replace(/^(?=.)/gm, '  ')}`, file: 'w.yaml' });
}
function stepsOf(steps: string, root = ''): readonly WorkflowStep[] {
  const { workflow, diagnostics } = parse(steps, root);
  expect(diagnostics).toEqual([]);
  return workflow?.steps ?? [];
}
function agentStep(steps: string, index = 0): WorkflowAgentStep {
  const step = stepsOf(steps)[index];
  if (step === undefined || !isAgentStep(step)) throw new Error('not an agent step');
  return step;
}
const told = (steps: string) => parse(steps).diagnostics.map(({ code, severity }) => `${severity} ${code}`);

const code = '- name: a\n  type: code\n  agent: claude\n  prompt: p\n';

describe('defaults', () => {
  test('code', () => {
    expect(agentStep(code)).toMatchObject({
      kind: 'code',
      session: { mode: 'new' },
      access: 'edit',
      guard: { noWrite: false },
      context: [],
      gates: [],
      retry: { attempts: 1, entries: [] },
      each: [],
    });
  });

  test('split and validate only read', () => {
    const steps =
      '- name: a\n  type: validate\n  agent: claude\n- name: b\n  type: split\n  agent: claude\n  each:\n    - name: c\n      gate: [test]\n';
    for (const index of [0, 1]) {
      expect(agentStep(steps, index)).toMatchObject({ access: 'read-only', guard: { noWrite: true } });
      expect(agentStep(steps, index)).not.toHaveProperty('prompt');
    }
  });

  test('a default can be overruled', () => {
    const step = agentStep(
      '- name: a\n  type: validate\n  agent: claude\n  access: full\n  guard: { no_write: false }\n',
    );
    expect(step).toMatchObject({ access: 'full', guard: { noWrite: false } });
  });
});

describe('flat form and blocks', () => {
  const flat = `- name: a
  type: code
  prompt: p
  context: [{ file: a.md }, { bash: ls }]
  worktree: read-write
  session: new
  agent: claude
  access: full
  guard: { max_turns: 3, max_budget: "2.50", max_tokens: 9, timeout: 1m, no_write: true }
`;
  const blocks = `- name: a
  type: code
  get:
    prompt: p
    context: [{ file: a.md }, { bash: ls }]
    worktree: read-write
    session: new
  run:
    agent: claude
    access: full
    guard: { max_turns: 3, max_budget: 2.5, max_tokens: 9, max_time: 60s, no_write: true }
`;
  test('mean the same', () => {
    const withoutRanges = (step: WorkflowStep) =>
      JSON.parse(JSON.stringify(step, (key, value: unknown) => (key === 'range' ? undefined : value))) as unknown;
    expect(withoutRanges(agentStep(flat))).toEqual(withoutRanges(agentStep(blocks)));
    expect(agentStep(flat).guard).toEqual({ turns: 3, costUsd: 2.5, tokens: 9, wallMs: 60_000, noWrite: true });
  });

  test('one block does not forbid the flat keys of the other', () => {
    expect(agentStep('- name: a\n  type: code\n  get: { prompt: p }\n  agent: claude\n')).toMatchObject({
      kind: 'code',
    });
  });

  test('a key in both places, or outside its block', () => {
    expect(told('- name: a\n  type: code\n  get: { prompt: p }\n  prompt: q\n  agent: claude\n')).toEqual([
      'error flat-and-block',
    ]);
    expect(told('- name: a\n  type: code\n  get: { prompt: p }\n  session: new\n  agent: claude\n')).toEqual([
      'error flat-and-block',
    ]);
    expect(told('- name: a\n  type: code\n  prompt: p\n  run: { agent: claude }\n  access: full\n')).toEqual([
      'error flat-and-block',
    ]);
  });
});

describe('root', () => {
  test('limits, description, agents', () => {
    const { workflow, diagnostics } = parse(
      code,
      'description: what it does\nmax_budget: "8"\nmax_timeout: 1h30m\nmax_tokens: 1000\nagents: { r: { provider: claude, model: opus, options: { deep: [1, { a: null }] } } }\n',
    );
    expect(diagnostics).toEqual([]);
    expect(workflow).toMatchObject({
      file: 'w.yaml',
      description: 'what it does',
      limits: { costUsd: 8, wallMs: 5_400_000, tokens: 1000 },
      agents: [
        { name: { text: 'r' }, provider: { text: 'claude' }, model: 'opus', options: { deep: [1, { a: null }] } },
      ],
    });
  });

  test('words of before Gump 0.0.4, which it told and did not heed: warnings, and the file still runs', () => {
    const steps =
      '- name: a\n  type: code\n  agent: c\n  prompt: p\n  output: diff\n  on_failure: { retry: 3 }\n  strategy: [same]\n  restart_from: b\n  replan: true\n  foreach: b\n  recipe: other\n';
    const { workflow, diagnostics } = parse(steps, 'review: [x]\nrecipe: tdd\nblast_radius: warn\n');
    expect(diagnostics.map(({ severity, code: what }) => `${severity} ${what}`)).toEqual(
      Array.from({ length: 10 }, () => 'warning no-effect'),
    );
    expect(workflow?.steps).toMatchObject([{ kind: 'code', name: { text: 'a' } }]);
    expect(workflow?.steps[0]).not.toHaveProperty('output');
    // A word of its own is no schema, whatever it says.
    expect(told('- name: a\n  type: artifact\n  agent: c\n  prompt: p\n  output: text\n')).toEqual([
      'error wrong-type',
    ]);
  });

  test('Gump ignored `review`: a warning, and the file still runs', () => {
    const { workflow, diagnostics } = parse(code, 'review: [x]\n');
    expect(workflow).toBeDefined();
    expect(diagnostics).toMatchObject([
      { code: 'no-effect', severity: 'warning', hint: expect.stringContaining('validate') },
    ]);
  });
});

describe('steps', () => {
  test('the same name in another list is another step', () => {
    const steps = stepsOf(
      '- name: a\n  type: split\n  agent: c\n  each: [{ name: a, gate: [test] }]\n- name: b\n  type: split\n  agent: c\n  each: [{ name: a, gate: [test] }]\n',
    );
    expect(steps).toHaveLength(2);
  });

  test.each([
    ['no steps', '[]', 'missing-value'],
    ['a duplicate name', '[{ name: a, gate: [test] }, { name: a, gate: [lint] }]', 'duplicate-name'],
    ['gate-only without gate', '[{ name: a }]', 'missing-key'],
    ['gate-only with context', '[{ name: a, gate: [test], context: [{ file: b }] }]', 'misplaced'],
    ['gate-only with retry', '[{ name: a, gate: [test], retry: [{ exit: 2 }] }]', 'misplaced'],
    ['gate-only with each', '[{ name: a, gate: [test], each: [{ name: b, gate: [test] }] }]', 'missing-key'],
    ['a prompt and no type', '[{ name: a, prompt: p, agent: c }]', 'missing-key'],
    ['a split without each', '[{ name: a, type: split, agent: c }]', 'missing-key'],
    [
      'each in a code step',
      '[{ name: a, type: code, agent: c, prompt: p, each: [{ name: b, gate: [test] }] }]',
      'misplaced',
    ],
    ['a prompt without an agent', '[{ name: a, type: code, prompt: p }]', 'missing-key'],
    [
      'max_time and timeout',
      '[{ name: a, type: code, agent: c, prompt: p, guard: { max_time: 1m, timeout: 1m } }]',
      'misplaced',
    ],
    [
      'a duration without a unit',
      '[{ name: a, type: code, agent: c, prompt: p, guard: { max_time: 60 } }]',
      'invalid-value',
    ],
    [
      'a duration that no timer can wait',
      '[{ name: a, type: code, agent: c, prompt: p, guard: { max_time: 600h } }]',
      'invalid-value',
    ],
    ...['search', 'scrape', 'surf', 'use', 'doc', 'plan'].map((type) => [
      `a type ${type}`,
      `[{ name: a, type: ${type}, agent: c, prompt: p }]`,
      'unknown-value',
    ]),
    [
      'a budget below zero',
      '[{ name: a, type: code, agent: c, prompt: p, guard: { max_budget: -1 } }]',
      'invalid-value',
    ],
    ['a name that leads elsewhere', '[{ name: ../a, gate: [test] }]', 'invalid-name'],
  ])('%s is an error', (_, steps, expected) => {
    const { workflow, diagnostics } = parseWorkflow({ text: `name: x\nsteps: ${steps}\n`, file: 'w.yaml' });
    expect(workflow).toBeUndefined();
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([expected]);
  });

  test('a code step may live on its context alone', () => {
    expect(agentStep('- name: a\n  type: code\n  agent: c\n  context: [{ file: task.md }]\n').context).toHaveLength(1);
  });
});
