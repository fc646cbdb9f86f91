import { describe, expect, test } from 'vitest';
import { type CompileEnvironment, compileWorkflow, parseWorkflow, promptFiles } from '../src/index.ts';
import { environment } from './environment.ts';

function compile(text: string, over: Partial<CompileEnvironment> = {}) {
  const { workflow, diagnostics } = parseWorkflow({ text, file: 'dir/w.yaml' });
  expect(diagnostics).toEqual([]);
  if (workflow === undefined) throw new Error('no workflow');
  return compileWorkflow(workflow, environment(over));
}
function planOf(text: string, over: Partial<CompileEnvironment> = {}) {
  const { plan, diagnostics } = compile(text, over);
  expect(diagnostics).toEqual([]);
  if (plan === undefined) throw new Error('no plan');
  return plan;
}

test('a whole plan', () => {
  const plan = planOf(
    `name: demo
description: shows all
max_budget: 8
steps:
  - name: plan
    type: split
    agent: claude-opus
    gate: [schema]
    each:
      - name: red
        type: code
        agent: claude-haiku
        context: [{ file: "docs/{task.name}.md" }, { bash: "echo {spec}" }]
        prompt: |
          Test {task.description}

          {task.files}
        gate: [compile]
      - name: green
        type: code
        agent: claude-haiku
        session: from: red
        prompt: "{red.diff}{plan.output}{style}"
        retry:
          - attempt: 2
            agent: claude-opus-9
            prompt: "{error} {gate.test_files}"
            session: new
          - exit: 3
  - name: quality
    gate: [test]
`.replace(' {gate.test_files}', ' {prev.output}'),
    { inputs: { style: 'short' } },
  );
  expect(plan).toEqual({
    workflow: { name: 'demo', description: 'shows all', source: 'dir/w.yaml' },
    limits: { costUsd: 8 },
    inputs: { style: 'short' },
    agents: {
      'claude-opus': { name: 'claude-opus', provider: 'claude', model: 'opus', options: {} },
      'claude-haiku': { name: 'claude-haiku', provider: 'claude', model: 'haiku', options: {} },
      'claude-opus-9': { name: 'claude-opus-9', provider: 'claude', model: 'opus-9', options: {} },
    },
    steps: [
      {
        kind: 'split',
        name: 'plan',
        address: 'plan',
        gates: [{ name: 'schema', kind: 'schema', schema: 'tasks' }],
        agent: [['claude-opus']],
        prompt: expect.arrayContaining([[{ ref: 'spec' }]]),
        context: [],
        session: { mode: 'new' },
        guard: { noWrite: true },
        access: 'read-only',
        worktree: 'lane',
        retry: { attempts: 1, entries: [] },
        each: [
          {
            kind: 'code',
            name: 'red',
            address: 'plan/red',
            gates: [{ name: 'compile', kind: 'compile' }],
            agent: [['claude-haiku']],
            prompt: [['Test ', { ref: 'task', field: 'description' }], [], [{ ref: 'task', field: 'files' }], []],
            context: [
              { type: 'file', path: [['docs/', { ref: 'task', field: 'name' }, '.md']] },
              { type: 'bash', command: 'echo {spec}' },
            ],
            session: { mode: 'new' },
            guard: { noWrite: false },
            access: 'edit',
            worktree: 'lane',
            retry: { attempts: 1, entries: [] },
            each: [],
          },
          {
            kind: 'code',
            name: 'green',
            address: 'plan/green',
            gates: [],
            agent: [['claude-haiku']],
            prompt: [
              [
                { ref: 'step', address: 'plan/red', field: 'diff' },
                { ref: 'step', address: 'plan', field: 'output' },
                { ref: 'input', name: 'style' },
              ],
            ],
            context: [],
            session: { mode: 'from', address: 'plan/red' },
            guard: { noWrite: false },
            access: 'edit',
            worktree: 'lane',
            retry: {
              attempts: 3,
              entries: [
                {
                  attempt: 2,
                  agent: [['claude-opus-9']],
                  session: { mode: 'new' },
                  prompt: [[{ ref: 'error' }, ' ', { ref: 'prev', field: 'output' }]],
                },
              ],
            },
            each: [],
          },
        ],
      },
      {
        kind: 'gate',
        name: 'quality',
        address: 'quality',
        gates: [{ name: 'test', kind: 'test' }],
        retry: { attempts: 1, entries: [] },
      },
    ],
  });
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
});

describe('prompt files', () => {
  const text = `name: x
steps:
  - name: a
    type: code
    agent: claude
    prompt: { file: prompts/a.md }
    retry: [{ attempt: 2, prompt: { file: ../again.md } }, { exit: 2 }]
`;
  test('are listed where they are named', () => {
    const { workflow } = parseWorkflow({ text, file: 'w.yaml' });
    expect(workflow && promptFiles(workflow)).toEqual([
      { path: 'prompts/a.md', range: { line: 6, column: 21, endLine: 6, endColumn: 33 } },
      { path: '../again.md', range: { line: 7, column: 43, endLine: 7, endColumn: 54 } },
    ]);
  });

  test('are templates', () => {
    const files = new Map([
      ['prompts/a.md', '\uFEFFDo {spec}\r\nnow\r\n'],
      ['../again.md', '{{literal}}'],
    ]);
    expect(planOf(text, { promptFiles: files }).steps[0]).toMatchObject({
      prompt: [['Do ', { ref: 'spec' }], ['now'], []],
      retry: { entries: [{ prompt: [['{literal}']] }] },
    });
  });

  test('missing ones are named', () => {
    const { plan, diagnostics } = compile(text, { promptFiles: new Map([['prompts/a.md', 'x']]) });
    expect(plan).toBeUndefined();
    expect(diagnostics).toMatchObject([{ code: 'prompt-file', line: 7, column: 43 }]);
  });
});

describe('inputs', () => {
  const text = 'name: x\nsteps:\n  - { name: a, type: code, agent: "claude-{model}", prompt: "{topic}" }\n';

  test('are references in text and plain text in an agent', () => {
    const plan = planOf(text, { inputs: { topic: '{spec} stays', model: 'haiku' } });
    expect(plan.steps[0]).toMatchObject({ prompt: [[{ ref: 'input', name: 'topic' }]], agent: [['claude-haiku']] });
    expect(plan.inputs.topic).toBe('{spec} stays');
  });

  test('missing, reserved, malformed and unused ones are told', () => {
    const codes = (inputs: Record<string, string>) => compile(text, { inputs }).diagnostics.map(({ code }) => code);
    expect(codes({ topic: 'x' })).toEqual(['unknown-name']);
    expect(codes({ topic: 'x', model: 'opus', spec: 'y' })).toEqual(['input-name']);
    expect(codes({ topic: 'x', model: 'opus', 'a.b': 'y' })).toEqual(['input-name']);
    expect(codes({ topic: 'x', model: 'opus', topics: 'y' })).toEqual(['unused-input']);
    expect(codes({ topic: 'x', model: '-pass', toString: 'y' }).sort()).toEqual(['unknown-agent', 'unused-input']);
  });
});

test('names that only an object has are no inputs and no agents', () => {
  const text = 'name: x\nsteps:\n  - { name: a, type: code, agent: constructor, prompt: "{toString} {__proto__}" }\n';
  expect(compile(text).diagnostics.map(({ code }) => code)).toEqual(['unknown-agent', 'unknown-name', 'unknown-name']);
});
