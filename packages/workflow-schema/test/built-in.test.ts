import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { builtInValidators, builtInWorkflows, compileWorkflow, parseWorkflow, workflowNames } from '../src/index.ts';
import { workflowShape } from '../src/shape/workflow.ts';
import { builtIn, environment } from './environment.ts';

describe.each(Object.entries(builtInWorkflows))('%s', (name, text) => {
  test('is whole, without a warning, on claude alone', () => {
    const { workflow, diagnostics } = parseWorkflow({ text, file: name });
    expect(diagnostics).toEqual([]);
    expect(workflow?.name.text).toBe(name);
    expect(workflow?.description).toMatch(/\.$/);
    const providers = { claude: { models: {} }, ...(name === 'cheap2sota' && { qwen: { models: {} } }) };
    const compiled = workflow && compileWorkflow(workflow, environment({ providers, agents: {} }));
    expect(compiled?.diagnostics).toEqual([]);
    expect(compiled?.plan?.limits.costUsd).toBeGreaterThan(0);
  });

  test('passes what the specification says to somebody', () => {
    const { workflow } = parseWorkflow({ text, file: name });
    const compiled = workflow && compileWorkflow(workflow, environment());
    expect(JSON.stringify(compiled?.plan?.steps)).toContain('{"ref":"spec"}');
  });

  test('has the shape that editors are told', () => {
    expect(workflowShape.safeParse(parse(text)).error).toBeUndefined();
  });
});

test('tdd goes red, green, quality, and climbs', () => {
  const { workflow } = parseWorkflow({ text: builtInWorkflows.tdd ?? '', file: 'tdd' });
  const plan = workflow && compileWorkflow(workflow, environment()).plan;
  expect(plan).toMatchObject({
    limits: { costUsd: 8 },
    steps: [
      {
        kind: 'split',
        agent: [['claude-opus']],
        gates: [{ kind: 'schema', schema: 'tasks' }],
        each: [
          {
            address: 'decompose/red',
            agent: [['claude-haiku']],
            guard: { turns: 40 },
            gates: [{ kind: 'compile' }, { kind: 'touched' }, { kind: 'tests_found' }],
            retry: { attempts: 3, entries: [{ attempt: 2, agent: [['claude-sonnet']] }] },
          },
          {
            session: { mode: 'from', address: 'decompose/red' },
            guard: { turns: 60 },
            gates: [{ kind: 'compile' }, { kind: 'test' }, { kind: 'untouched' }],
            retry: {
              attempts: 5,
              entries: [{ attempt: 2 }, { attempt: 4, agent: [['claude-sonnet']], session: { mode: 'new' } }],
            },
          },
        ],
      },
      { kind: 'gate', gates: [{ kind: 'compile' }, { kind: 'lint' }, { kind: 'test' }] },
    ],
  });
});

test('all that Gump has are there, and two more', () => {
  const gump = 'bugfix cheap2sota freeform implement-spec parallel-tasks refactor simple tdd';
  expect(Object.keys(builtInWorkflows).sort()).toEqual([...gump.split(' '), 'migrate', 'review'].sort());
  expect(Object.keys(builtInValidators)).toEqual(['arch-review']);
});

function planOf(name: string, inputs: Record<string, string> = {}) {
  const { workflow } = parseWorkflow({ text: builtIn(name)?.text ?? '', file: name });
  return workflow && compileWorkflow(workflow, environment({ inputs }));
}

test('cheap2sota climbs from the cheapest', () => {
  expect(planOf('cheap2sota')?.plan).toMatchObject({
    limits: { costUsd: 10 },
    steps: [
      {
        each: [
          {
            agent: [['qwen']],
            retry: {
              attempts: 6,
              entries: [
                { attempt: 2, prompt: expect.anything() },
                { attempt: 3, agent: [['claude-haiku']] },
                { attempt: 4, agent: [['claude-sonnet']] },
                { attempt: 5, agent: [['claude-opus']], worktree: 'reset', session: { mode: 'new' } },
              ],
            },
          },
        ],
      },
      { kind: 'gate' },
    ],
  });
  expect(planOf('cheap2sota', { cheap: 'codex-mini' })?.plan?.agents).toHaveProperty('codex-mini');
});

test('parallel-tasks plans for tasks side by side', () => {
  const plan = planOf('parallel-tasks')?.plan;
  expect(plan?.steps[0]).toMatchObject({ kind: 'split', parallel: {} });
  expect(JSON.stringify(plan?.steps[0])).toContain('at the same time');
});

test('implement-spec gives its reviewer the change and the task', () => {
  const plan = planOf('implement-spec')?.plan;
  expect(plan).toMatchObject({
    steps: [
      {
        each: [
          {
            gates: [
              { kind: 'compile' },
              { kind: 'test' },
              {
                name: 'review',
                kind: 'validate',
                call: {
                  address: 'decompose/converge/gate/review',
                  inputs: {
                    diff: [[{ ref: 'diff' }]],
                    task: [[{ ref: 'task', field: 'description' }]],
                    agent: [['claude-opus']],
                  },
                  steps: [{ kind: 'validate', address: 'decompose/converge/gate/review/review' }],
                },
              },
            ],
          },
          {
            agent: [[{ ref: 'step', address: 'decompose/converge', field: 'agent' }]],
            session: { mode: 'from', address: 'decompose/converge' },
          },
        ],
      },
      { kind: 'gate' },
    ],
  });
  const { workflow } = parseWorkflow({ text: builtInWorkflows['implement-spec'] ?? '', file: 'x' });
  expect(workflow && workflowNames(workflow)).toMatchObject([{ name: 'validators/arch-review', kind: 'validator' }]);
});

test('arch-review stands alone when its inputs are set', () => {
  expect(planOf('validators/arch-review')?.diagnostics).toMatchObject([{ code: 'missing-input' }]);
  const compiled = planOf('validators/arch-review', { diff: 'the diff', agent: 'stub' });
  expect(compiled?.diagnostics).toEqual([]);
  expect(compiled?.plan?.agents).toHaveProperty('stub');
  // its example of a verdict keeps its braces
  expect(JSON.stringify(compiled?.plan?.steps)).toContain('{\\"pass\\": true');
});

test('review reads what each of its reviewers says', () => {
  const plan = planOf('review')?.plan;
  expect(plan).toMatchObject({
    steps: [
      {
        kind: 'group',
        parallel: { max: 3 },
        steps: [{ kind: 'artifact' }, { kind: 'artifact' }, { kind: 'artifact' }],
      },
      { kind: 'validate' },
    ],
  });
  for (const reviewer of ['correctness', 'security', 'tests']) {
    expect(JSON.stringify(plan?.steps[1])).toContain(`"address":"reviews/${reviewer}","field":"output"`);
  }
});

test('migrate is capped, and ends in a loop until the tests pass', () => {
  expect(planOf('migrate')?.plan).toMatchObject({
    steps: [
      { kind: 'split', parallel: { max: 4 } },
      { kind: 'group', loop: { until: { is: 'gate', gate: 'test' }, max: 3 }, gates: [{}, { name: 'test' }] },
    ],
  });
});
