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

describe('gates', () => {
  const gatesOf = (gates: string) => agentStep(`${code}  gate: ${gates}\n`).gates;

  test('names: the word, or the word and its place', () => {
    expect(
      gatesOf(
        '[compile, "touched: *_test.go", { untouched: "src/**" }, test, compile, { bash: "npm run check" }, "bash: a: b", lint, tests_found]',
      ),
    ).toEqual([
      { name: 'compile', kind: 'compile' },
      { name: 'touched_1', kind: 'touched', glob: '*_test.go' },
      { name: 'untouched_2', kind: 'untouched', glob: 'src/**' },
      { name: 'test', kind: 'test' },
      { name: 'compile_4', kind: 'compile' },
      { name: 'bash_5', kind: 'bash', command: 'npm run check' },
      { name: 'bash_6', kind: 'bash', command: 'a: b' },
      { name: 'lint', kind: 'lint' },
      { name: 'tests_found', kind: 'tests_found' },
    ]);
  });

  test('templates mean nothing in them', () => {
    expect(gatesOf('["bash: echo {spec}", "touched: {a,b}/**"]')).toMatchObject([
      { command: 'echo {spec}' },
      { glob: '{a,b}/**' },
    ]);
  });

  test('schema goes by the kind of step', () => {
    const split = (gate: string) =>
      agentStep(`- name: a\n  type: split\n  agent: c\n  gate: [${gate}]\n  each: [{ name: b, gate: [test] }]\n`).gates;
    expect(split('schema')).toEqual([{ name: 'schema', kind: 'schema', schema: 'tasks' }]);
    expect(split('"schema: plan"')).toEqual([{ name: 'schema_0', kind: 'schema', schema: 'tasks' }]);
    const validate = (gate: string) => agentStep(`- name: a\n  type: validate\n  agent: c\n  gate: [${gate}]\n`).gates;
    expect(validate('schema')).toMatchObject([{ schema: 'verdict' }]);
    expect(validate('{ schema: review }')).toMatchObject([{ schema: 'verdict' }]);
    // Of a code step the gate decides what it gives.
    const ofCode = (gate: string) => agentStep(`${code}  gate: [${gate}]\n`).gates;
    expect(ofCode('schema')).toMatchObject([{ schema: 'tasks' }]);
    expect(ofCode('"schema: review"')).toMatchObject([{ schema: 'verdict' }]);
    expect(told(`${code}  gate: ["schema: else"]\n`)).toEqual(['error unknown-value']);
    expect(told('- { name: a, type: code, agent: pass, gate: [schema] }\n')).toEqual(['error misplaced']);
    expect(told('- { name: a, type: artifact, agent: c, prompt: p, gate: [schema] }\n')).toEqual(['error misplaced']);
  });

  test.each(['**/*.ts', 'src/{a,b}/*.[jt]s', 'a+(b|c)', '*.test.*', 'docs/ä ö/*.md', '[!a]*'])(
    'the glob %s',
    (glob) => {
      expect(gatesOf(JSON.stringify([{ touched: glob }]))).toMatchObject([{ glob }]);
    },
  );
});

describe('retry', () => {
  test('entries with their overrides, and the attempts in all', () => {
    const { retry } = agentStep(`${code}  retry:
    - attempt: 2
      prompt: "again: {error}"
    - attempt: 4
      agent: opus
      session: new
      worktree: reset
    - exit: 5
`);
    expect(retry).toMatchObject({
      attempts: 5,
      entries: [
        { attempt: 2, prompt: { type: 'text', template: { lines: [['again: ', { name: 'error' }]] } } },
        { attempt: 4, agent: { lines: [['opus']] }, session: { mode: 'new' }, worktree: 'reset' },
      ],
    });
  });

  test('from attempt 1 on is from attempt 2 on, and is told', () => {
    const step = `${code}  retry: [{ attempt: 1, agent: opus }, { attempt: 2, session: new }, { exit: 3 }]\n`;
    expect(told(step)).toEqual(['warning no-effect']);
    const { workflow } = parse(step);
    expect(workflow?.steps[0]?.retry).toMatchObject({ attempts: 3, entries: [{ attempt: 1 }, { attempt: 2 }] });
  });

  test('a prompt may be a file here too', () => {
    const { retry } = agentStep(`${code}  retry: [{ attempt: 2, prompt: { file: again.md } }, { exit: 2 }]\n`);
    expect(retry.entries[0]?.prompt).toMatchObject({ type: 'file', path: { text: 'again.md' } });
  });

  test('exit alone', () => {
    expect(agentStep(`${code}  retry: [{ exit: 1 }]\n`).retry).toEqual({ attempts: 1, entries: [] });
    expect(agentStep(`${code}  retry:\n    - exit: 3\n`).retry).toEqual({ attempts: 3, entries: [] });
  });

  test('the last attempt is alive; beyond it and behind `exit` nothing is', () => {
    const steps = (entries: string) => `${code}  retry: [${entries}]\n`;
    expect(told(steps('{ attempt: 3, session: new }, { exit: 3 }'))).toEqual([]);
    expect(told(steps('{ attempt: 4, session: new }, { exit: 3 }'))).toEqual(['warning dead-entry']);
    expect(told(steps('{ exit: 3 }, { attempt: 2, session: new }'))).toEqual(['warning dead-entry']);
    const { workflow } = parse(steps('{ attempt: 2, session: new }, { exit: 3 }, { attempt: 3 }'));
    expect(workflow?.steps[0]).toMatchObject({ retry: { attempts: 3, entries: [{ attempt: 2 }] } });
  });

  test.each([
    ['no exit', '{ attempt: 2 }', 'missing-key'],
    ['exit 0', '{ exit: 0 }', 'invalid-value'],
    ['exit in words', '{ exit: two }', 'invalid-value'],
    ['attempt 0', '{ attempt: 0 }, { exit: 3 }', 'invalid-value'],
    ['the same attempt twice', '{ attempt: 2 }, { attempt: 2 }, { exit: 3 }', 'retry-order'],
    ['downwards', '{ attempt: 3 }, { attempt: 2 }, { exit: 4 }', 'retry-order'],
    ['two conditions', '{ attempt: 2, exit: 3 }, { exit: 3 }', 'misplaced'],
    ['no condition', '{ agent: x }, { exit: 3 }', 'missing-key'],
    ['two exits', '{ exit: 3 }, { exit: 4 }', 'duplicate-key'],
    ['an unknown key', '{ attempt: 2, promt: x }, { exit: 3 }', 'unknown-key'],
    ['a worktree mode', '{ attempt: 2, worktree: read-only }, { exit: 3 }', 'unknown-value'],
  ])('%s', (_, entries, expected) => {
    expect(told(`${code}  retry: [${entries}]\n`)).toContain(`error ${expected}`);
  });
});
