import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { parseWorkflow, workflowJsonSchema } from '../src/index.ts';
import { workflowShape } from '../src/shape/workflow.ts';

describe('the JSON Schema for editors', () => {
  test('is one, closed, and knows inner steps', () => {
    const schema = workflowJsonSchema();
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      required: ['name', 'steps'],
      additionalProperties: false,
    });
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
    expect(JSON.stringify(schema)).toContain('"$ref"');
  });
});

const mostly = <T, U>(good: readonly T[], bad: readonly U[]) =>
  fc.oneof({ arbitrary: fc.constantFrom(...good), weight: 40 }, { arbitrary: fc.constantFrom(...bad), weight: 1 });
const some = <T>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(shape, { requiredKeys: [] });

const prompt = mostly(['text', 'more\n  text', { file: 'p.md' }], ['', { flie: 'p.md' }, ['x']]);
const session = mostly(['new', 'from: a', { from: 'a' }, { fork: 'a' }, 'fork: a'], ['old', { form: 'a' }, 'from:']);
const guard = some({
  max_turns: mostly([1, 40], [0, 'x', 1.5]),
  max_budget: mostly([1, 2.5, '2.5'], [-1, '$5']),
  max_time: mostly(['5m', '1h30m'], ['5', 5]),
  no_write: mostly([true, false], ['yes']),
});
const gate = fc.array(
  mostly(
    [
      ...['compile', 'test', { touched: '*.ts' }, 'bash: ls', { bash: 'ls' }, { coverage: 79.5 }, 'coverage: 80'],
      ...[{ validate: 'validators/arch', diff: '{diff}', depth: 2 }, 'validate: arch'],
    ],
    ['tests', { bash: '' }, {}, { coverage: 101 }, { validate: '../x' }, { coverage: 80, diff: 'x' }],
  ),
  { minLength: 1, maxLength: 3 },
);
const retry = mostly(
  [
    [{ exit: 3 }],
    [{ not: 'gate.task_files', worktree: 'reset', session: 'new' }, { validate: 'stuck', with: { a: 1 } }, { exit: 3 }],
    [{ attempt: 2, agent: 'x', session: 'new', worktree: 'reset' }, { exit: 3 }],
  ],
  [
    [{ attempt: 1 }],
    [{ exit: 0 }],
    [{ not: 'test' }, { exit: 2 }],
    [{ attempt: 2, worktree: 'clean' }, { exit: 3 }],
    [],
  ],
);
const agent = mostly(['claude', 'codex-mini'], ['', null]);
const name = mostly(['a', 'x.y', 'b-1'], ['two words', '../x']);
const common = { gate, retry, guard, session, access: mostly(['edit', 'full', 'read-only'], ['all']) };
const code = fc
  .tuple(fc.record({ name, agent, prompt }), some(common))
  .map(([given, more]) => ({ type: 'code', ...given, ...more }));
const blocks = fc
  .record({ name, get: fc.record({ prompt, session }), run: fc.record({ agent, guard }) })
  .map((given) => ({ type: 'code', ...given }));
const check = fc.record({ name, gate });
const split = fc
  .record({ name, agent, each: fc.array(fc.oneof(code, check), { minLength: 1, maxLength: 1 }) })
  .map((given) => ({ type: 'split', gate: ['schema'], ...given }));
const composite = some({
  parallel: mostly([true, 'true', false], ['yes', 2]),
  max_parallel: mostly([1, 8], [0]),
  on_conflict: mostly(
    ['stop', { agent: 'claude' }, { agent: 'x', attempts: 3, prompt: 'p' }],
    ['go', {}, { agent: 1 }],
  ),
  when: mostly(['{a.output} == 1', true], ['']),
  hitl: mostly([true, 'after_gate'], ['never']),
  loop: mostly([{ until: 'true', max: 2 }], [{ max: 2 }, { until: 'true', max: 0 }]),
});
const steps = fc.array(fc.oneof(code, check), { minLength: 1, maxLength: 1 });
const group = fc.tuple(fc.record({ name, steps }), composite).map(([given, more]) => ({ ...given, ...more }));
const call = fc
  .tuple(
    fc.record({ name, workflow: mostly(['a', 'workflows/a-b'], ['', '../a']) }),
    some({ with: fc.constant({ a: 'b', c: 1 }) }),
  )
  .map(([given, more]) => ({ ...given, ...more }));
const artifact = fc
  .tuple(
    fc.record({ name, agent, prompt }),
    some({ output: fc.constantFrom({ type: 'object' }, {}), worktree: mostly(['none', 'read-only'], ['write']) }),
  )
  .map(([given, more]) => ({ type: 'artifact', ...given, ...more }));
const getting = fc
  .record({ name, get: fc.constant({ workflow: 'a', topic: 'x', prompt: 'p' }), run: fc.record({ agent }) })
  .map((given) => ({ type: 'code', ...given }));
const step = fc.oneof(
  code,
  blocks,
  check,
  split,
  group,
  call,
  artifact,
  getting,
  fc.record({ name, type: fc.constant('code') }),
);
const workflow = fc.record(
  {
    name: mostly(['w'], ['']),
    description: fc.string(),
    max_budget: mostly([5, '5'], [0]),
    max_timeout: mostly(['2h'], ['2']),
    max_parallel: mostly([4], [0]),
    inputs: mostly(
      [{ a: 'string', b: { type: 'number', default: 2 }, c: { values: ['x'] } }],
      [{ a: 'text' }, { 'a b': 'string' }],
    ),
    outputs: mostly([{ a: '{a.output}' }], [{ 'a b': 'x' }]),
    agents: fc.constant({ r: { provider: 'claude', options: { a: [1] } } }),
    steps: fc.array(step, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ['name', 'steps'] },
);

test('an editor accepts what is accepted here', () => {
  let accepted = 0;
  fc.assert(
    fc.property(workflow, (written) => {
      const { workflow: read } = parseWorkflow({ text: stringify(written), file: 'w.yaml' });
      if (read === undefined) return;
      accepted += 1;
      expect(workflowShape.safeParse(written).error).toBeUndefined();
    }),
    { numRuns: 1000, seed: 7 },
  );
  expect(accepted).toBeGreaterThan(100);
});

test('every mapping of the shape refuses what it does not know', () => {
  const good = { name: 'w', steps: [{ name: 'a', type: 'code', agent: 'x', prompt: 'p', guard: { max_turns: 1 } }] };
  expect(workflowShape.safeParse(good).success).toBe(true);
  expect(workflowShape.safeParse({ ...good, x: 1 }).success).toBe(false);
  expect(workflowShape.safeParse({ ...good, steps: [{ ...good.steps[0], x: 1 }] }).success).toBe(false);
  expect(workflowShape.safeParse({ ...good, steps: [{ ...good.steps[0], guard: { max_turn: 1 } }] }).success).toBe(
    false,
  );
});
