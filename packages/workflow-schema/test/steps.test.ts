import { describe, expect, test } from 'vitest';
import { parseWorkflow, workflowNames } from '../src/index.ts';
import { code, compileText, planOf, pointed, toldOf, workflow } from './whole.ts';

const step = (type: string, more = '') =>
  workflow(
    `  - { name: a, type: ${type}, agent: claude, prompt: p${more}${type === 'split' ? ', each: [{ name: b, gate: [test] }]' : ''} }\n`,
  );
const first = (text: string) => planOf(text).steps[0];

describe('artifact', () => {
  test('reads only, and its output may have a schema', () => {
    expect(
      first(
        step('artifact', ', output: { type: object, required: [summary], properties: { summary: { type: string } } }'),
      ),
    ).toMatchObject({
      kind: 'artifact',
      access: 'read-only',
      guard: { noWrite: true },
      worktree: 'lane',
      output: { type: 'object', required: ['summary'], properties: { summary: { type: 'string' } } },
    });
    expect(first(step('validate', ', output: { type: object }'))).toHaveProperty('output');
    expect(first(step('artifact'))).not.toHaveProperty('output');
  });

  test.each([
    [', output: { type: objekt }', 'unknown-value', 'objekt'],
    [', output: { properties: { a: { type: strnig } } }', 'unknown-value', 'strnig'],
    [', output: { type: array, items: { type: x } }', 'unknown-value', 'x'],
    [', output: { required: a }', 'wrong-type', 'a'],
    [', output: text', 'wrong-type', 'text'],
    [', gate: [schema]', 'misplaced', 'schema'],
  ])('%s points at its fault', (more, expected, at) => {
    const text = step('artifact', more);
    expect(compileText(text).diagnostics.map((diagnostic) => [diagnostic.code, pointed(text, diagnostic)])).toEqual([
      [expected, at],
    ]);
  });

  test('needs a prompt; other kinds have no schema', () => {
    expect(toldOf(workflow('  - { name: a, type: artifact, agent: claude }\n'))).toEqual(['error missing-key']);
    expect(toldOf(step('code', ', output: { type: object }'))).toEqual(['error misplaced']);
    expect(toldOf(step('split', ', output: { type: object }'))).toEqual(['error misplaced']);
  });
});

describe('agent: pass', () => {
  const pass = (more = '', type = 'code') =>
    workflow(`  - { name: a, type: ${type}, agent: pass, gate: [test]${more} }\n`);

  test('is a step without an agent, whatever --agent says', () => {
    const plan = planOf(pass(', retry: [{ exit: 2 }]'), { agentOverride: 'stub' });
    expect(plan.steps[0]).toMatchObject({ kind: 'code', prompt: [], retry: { attempts: 2 } });
    expect(plan.steps[0]).not.toHaveProperty('agent');
    expect(plan.agents).toEqual({});
  });

  test('a retry may name one', () => {
    const text = pass(', prompt: "{spec}", retry: [{ attempt: 2, agent: claude, prompt: "{error}" }, { exit: 2 }]');
    expect(first(text)).toMatchObject({ prompt: [[{ ref: 'spec' }]], retry: { entries: [{ agent: [['claude']] }] } });
  });

  test('what only an agent heeds is told, and only code can do without', () => {
    expect(toldOf(pass(', prompt: p, guard: { max_turns: 2 }'))).toEqual(['warning no-effect', 'warning no-effect']);
    expect(toldOf(pass(', session: new, access: full'))).toEqual(['warning no-effect', 'warning no-effect']);
    expect(first(pass(', hitl: true'))).toHaveProperty('pause', 'before_gate');
    for (const type of ['split', 'validate', 'artifact']) expect(toldOf(pass('', type))).toContain('error misplaced');
    expect(toldOf(workflow(code('a'), 'agents: { pass: { provider: claude } }\n'))).toEqual(['error reserved-name']);
  });
});

describe('hitl', () => {
  test.each([
    ['true', 'before_gate'],
    ['before_gate', 'before_gate'],
    ['after_gate', 'after_gate'],
    ['false', undefined],
  ])('%s is a pause where it stands, in every form of a step', (hitl, pause) => {
    expect(first(step('code', `, hitl: ${hitl}`))).toHaveProperty('kind', 'code');
    expect(first(step('code', `, hitl: ${hitl}`))?.pause).toBe(pause);
    expect(first(workflow(`  - { name: a, hitl: ${hitl}, gate: [test] }\n`))?.pause).toBe(pause);
    expect(
      first(workflow(`  - { name: a, type: code, run: { agent: claude, hitl: ${hitl} }, get: { prompt: p } }\n`))
        ?.pause,
    ).toBe(pause);
  });

  test('another word is told', () => {
    expect(toldOf(step('code', ', hitl: sometimes'))).toEqual(['error unknown-value']);
    expect(toldOf(workflow('  - { name: a, hitl: true }\n'))).toEqual(['error missing-key']);
  });
});

describe('worktree', () => {
  const kept = (type: string, more: string) => {
    const planned = first(step(type, more));
    if (planned === undefined || !('guard' in planned)) throw new Error('no agent step');
    return [planned.worktree, planned.guard.noWrite, planned.access];
  };

  test.each([
    ['code', '', ['lane', false, 'edit']],
    ['code', ', worktree: read-write', ['lane', false, 'edit']],
    ['code', ', worktree: read-only', ['lane', true, 'read-only']],
    ['code', ', guard: { no_write: true }', ['lane', true, 'edit']],
    ['split', '', ['lane', true, 'read-only']],
    ['split', ', guard: { no_write: false }', ['lane', false, 'read-only']],
    ['validate', ', worktree: read-only', ['lane', true, 'read-only']],
    ['validate', ', worktree: read-write', ['lane', false, 'edit']],
    ['validate', ', worktree: none', ['none', true, 'read-only']],
    ['split', ', worktree: none', ['none', true, 'read-only']],
    ['artifact', ', worktree: none, access: edit', ['none', true, 'edit']],
  ])('of %s%s: where it works, and whether it may write', (type, more, expected) => {
    expect(kept(type, more)).toEqual(expected);
  });

  test('what excludes itself is told', () => {
    // Gump did not heed it there.
    expect(toldOf(step('code', ', worktree: none'))).toEqual(['warning no-effect']);
    const { plan } = compileText(step('code', ', worktree: none'));
    expect(plan?.steps[0]).toMatchObject({ worktree: 'lane', access: 'edit' });
    expect(toldOf(step('code', ', worktree: read-only, access: edit'))).toEqual(['error misplaced']);
    expect(toldOf(step('code', ', worktree: read-only, guard: { no_write: false }'))).toEqual(['warning no-effect']);
    expect(toldOf(step('code', ', worktree: readonly'))).toEqual(['error unknown-value']);
  });
});

describe('coverage', () => {
  const coverage = (gate: string) => first(step('code', `, gate: [${gate}]`))?.gates;

  test('takes percent, also in parts', () => {
    expect(coverage('{ coverage: 80 }')).toEqual([{ name: 'coverage_0', kind: 'coverage', atLeast: 80 }]);
    expect(coverage('{ coverage: 79.5 }')).toMatchObject([{ atLeast: 79.5 }]);
    expect(coverage('"coverage: 79.5"')).toMatchObject([{ atLeast: 79.5 }]);
    expect(coverage('{ coverage: 0 }')).toMatchObject([{ atLeast: 0 }]);
  });

  test.each([
    '{ coverage: 101 }',
    '{ coverage: -1 }',
    '{ coverage: 80% }',
    '{ coverage: most }',
    '"coverage: 8 0"',
    '{ coverage: .inf }',
  ])('%s is told', (gate) => {
    expect(toldOf(step('code', `, gate: [${gate}]`))).toEqual(['error invalid-value']);
  });

  test('needs a number', () => {
    expect(toldOf(step('code', ', gate: [coverage]'))).toEqual(['error missing-value']);
    expect(toldOf(step('code', ', gate: [{ coverage: [80] }]'))).toEqual(['error wrong-type']);
  });
});

describe('inputs and outputs of the whole', () => {
  const text = workflow(
    code('a').replace('prompt: p', 'prompt: "{topic}{depth}"'),
    'inputs:\n  topic: string\n  depth: { type: number, default: 2 }\noutputs: { result: "{a.output}" }\n',
  );

  test('values and defaults are in the plan', () => {
    expect(planOf(text, { inputs: { topic: 't' } }).inputs).toEqual({ topic: 't', depth: '2' });
  });

  test.each<[Record<string, string>, string]>([
    [{}, 'error missing-input'],
    [{ topic: 't', depth: 'deep' }, 'error input-value'],
    [{ topic: 't', dpeth: '3' }, 'error unknown-input'],
    [{ topic: 't', 'a b': '3' }, 'error input-name'],
    [{ topic: 't', spec: 's' }, 'error unknown-input'],
  ])('%j is told', (inputs, expected) => {
    expect(toldOf(text, { inputs })).toEqual([expected]);
  });

  test('a declared input may have a special name', () => {
    const own = workflow(
      code('a').replace('prompt: p', 'prompt: "{diff}{task.description}"'),
      'inputs: { diff: string, task.description: string }\n',
    );
    const given = { diff: 'd', 'task.description': 't' };
    expect(planOf(own, { inputs: given }).steps[0]).toMatchObject({
      prompt: [
        [
          { ref: 'input', name: 'diff' },
          { ref: 'input', name: 'task.description' },
        ],
      ],
    });
  });

  test.each([
    ['inputs: { a: text }', 'unknown-value'],
    ['inputs: { a: { type: enum } }', 'missing-key'],
    ['inputs: { a: { type: string, values: [x] } }', 'misplaced'],
    ['inputs: { a: { type: number, default: x } }', 'input-value'],
    ['inputs: { a: { values: [x, y], default: z } }', 'input-value'],
    ['inputs: { "a b": string }', 'input-name'],
    ['inputs: { a: { tpye: string } }', 'unknown-key'],
    ['inputs: [a]', 'wrong-type'],
    ['outputs: { a: "{b.output}" }', 'unknown-name'],
    ['outputs: { a: "{error}" }', 'unknown-name'],
    ['outputs: { status: x }', 'reserved-name'],
    ['outputs: { "a b": x }', 'invalid-name'],
    ['max_parallel: 0', 'invalid-value'],
  ])('%s is told', (root, expected) => {
    const { diagnostics } = compileText(workflow(code('a'), `${root}\n`), { inputs: { a: 'x' } });
    expect(diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual([expected]);
  });
});

test('workflows that are called are listed in the order of the file', () => {
  const text = workflow(
    '  - { name: a, workflow: workflows/setup }\n  - name: g\n    gate: [{ validate: arch }]\n    retry: [{ validate: validators/stuck }, { exit: 2 }]\n    steps: [{ name: b, type: code, run: { agent: claude }, get: { workflow: research, prompt: p } }]\n',
  );
  const { workflow: parsed } = parseWorkflow({ text, file: 'w.yaml' });
  expect(parsed && workflowNames(parsed).map(({ name, kind, range }) => `${kind} ${name} ${range.line}`)).toEqual([
    'workflow workflows/setup 3',
    'workflow setup 3',
    'validator validators/arch 5',
    'workflow arch 5',
    'validator validators/stuck 6',
    'workflow research 7',
  ]);
});
