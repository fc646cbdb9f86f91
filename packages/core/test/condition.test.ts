import { describe, expect, test } from 'vitest';
import type { Condition, Operand } from '../src/index.ts';
import { code, fails, files, group, plan, turn, validate } from './given.ts';
import { play } from './play.ts';

const input: Operand = { ref: 'input', name: 'x' };
type Comparison = Extract<Condition, { readonly left: Operand }>['is'];
/** Whether a step with the condition runs. */
function holds(when: Condition, x?: string): boolean {
  const run = play(plan([code('step', { when })], { inputs: x === undefined ? {} : { x } }));
  return run.step('step').phase === 'passed';
}

describe('a condition', () => {
  test.each<[string | undefined, Comparison, string | number | boolean, boolean]>([
    ['10', '>', 9, true],
    ['10', '<', '9', false],
    ['9.5', '<=', 9.5, true],
    ['-1', '<', 0, true],
    ['2.0', '==', 2, true],
    ['abc', '<', 'abd', true],
    ['10', '==', 'ten', false],
    [' yes \n', '==', 'yes', true],
    ['true', '==', true, true],
    ['10a', '>', 9, false],
    ['x', '!=', 'y', true],
    ['one two', 'contains', 'two', true],
    ['one', 'contains', 'two', false],
    [undefined, '==', '', true],
    [undefined, '>', 0, false],
    [undefined, 'contains', 'a', false],
    ['5', '>=', 5, true],
  ])('%j %s %j is %s', (x, is, right, expected) => {
    expect(holds({ is, left: input, right }, x)).toBe(expected);
  });

  test.each([
    ['yes', true],
    ['', false],
    ['  ', false],
    ['false', false],
    ['0', false],
    [undefined, false],
    ['no', true],
  ])('a value alone: %j is %s', (x, expected) => {
    expect(holds({ is: 'true', value: input }, x)).toBe(expected);
    expect(holds({ is: 'not', of: { is: 'true', value: input } }, x)).toBe(!expected);
  });

  test('all and any, also of nothing', () => {
    const yes: Condition = { is: 'true', value: true };
    const no: Condition = { is: 'true', value: 0 };
    expect([holds({ is: 'all', of: [yes, no] }), holds({ is: 'any', of: [yes, no] })]).toEqual([false, true]);
    expect([holds({ is: 'all', of: [] }), holds({ is: 'any', of: [] })]).toEqual([true, false]);
  });

  test('a long text that stands outside is there, and like itself', () => {
    const blob = { blob: 'a'.repeat(64), bytes: 1_000_000 };
    const left: Operand = { ref: 'step', address: 'look', field: 'output' };
    const when: Condition = {
      is: 'all',
      of: [
        { is: 'true', value: left },
        { is: '==', left, right: left },
      ],
    };
    const end = { kind: 'completed', text: blob, outputs: [] } as const;
    const run = play(plan([code('look', { kind: 'artifact' }), code('step', { when })]), {
      'look#1/run-agent': turn({ end }),
    });
    expect(run.step('step').phase).toBe('passed');
  });

  test('a step that has not run, and a field that no step has, are the empty text', () => {
    for (const [address, field] of [
      ['later', 'output'],
      ['step', 'nonsense'],
      ['gone/deep', 'output'],
    ] as const)
      expect(holds({ is: '==', left: { ref: 'step', address, field }, right: '' })).toBe(true);
  });

  test("of a gate holds when the step's own gates passed, which they have not before it runs", () => {
    expect(holds({ is: 'gate', gate: 'test' })).toBe(false);
    expect(holds({ is: 'not', of: { is: 'gate', gate: 'constructor' } })).toBe(true);
  });
});

describe('a reference', () => {
  const verdict = (comments: string) => turn({ json: { pass: true, comments } });

  test('to the status of a step that was left out says so: it has not passed', () => {
    const left = code('left', { when: { is: 'true', value: false } });
    const status: Operand = { ref: 'step', address: 'left', field: 'status' };
    const where = (right: string) => code(right, { when: { is: '==', left: status, right } });
    const run = play(plan([left, where('pass'), where('skipped')]));
    expect([run.step('pass').phase, run.step('skipped').phase]).toEqual(['skipped', 'passed']);
  });

  test('reaches into groups, from inside one out of it, and from a task to its own', () => {
    const run = play(
      plan([
        group('setup', [
          validate('deploy'),
          group('deep', [code('er', { kind: 'artifact', prompt: '{step:setup/deploy.comments}' })]),
        ]),
        code('after', { prompt: '{step:setup/deploy.comments}-{step:setup/deep/er.output}' }),
        group('more', [code('inside', { prompt: '{step:after.status}-{step:setup/deploy.comments}' })]),
      ]),
      {
        'setup/deploy#1/run-agent': verdict('Deployed.'),
        'setup/deploy#1/checkpoint': files(),
        'setup/deep/er#1/run-agent': turn({ text: 'DEEP' }),
      },
    );
    expect(run.prompt('setup/deep/er#1/run-agent')).toMatch(/^Deployed\./);
    expect(run.prompt('after#1/run-agent')).toMatch(/^Deployed\.-DEEP/);
    expect(run.prompt('more/inside#1/run-agent')).toMatch(/^pass-Deployed\./);
  });

  test('to the step of a loop reads its last round', () => {
    const loop = {
      until: { is: '==', left: { ref: 'step', address: 'fix/look', field: 'output' }, right: 'done' },
      max: 3,
    } as const;
    const run = play(plan([group('fix', [code('look', { kind: 'artifact' })], { loop })]), {
      'fix/look@1#1/run-agent': turn({ text: 'done' }),
    });
    expect(run.step('fix')).toMatchObject({ attempt: 2, phase: 'passed' });
  });

  test('to a gate of another step is its result', () => {
    const when: Condition = { is: '==', left: { ref: 'step', address: 'fix', field: 'gate.test' }, right: true };
    const steps = [code('fix', { gates: ['test'], attempts: 2 }), code('after', { when })];
    expect(play(plan(steps), { 'fix#1/gate:test': fails('no') }).step('after').phase).toBe('passed');
  });
});

test('a fork begins from a copy of the conversation and goes on in its own', () => {
  const session = { mode: 'fork', address: 'red' } as const;
  const forking = { ...code('green', { gates: ['test'], attempts: 2 }), session };
  const steps = [code('red'), forking, code('blue', { from: 'red' })];
  const run = play(plan(steps), { 'green#1/run-agent': turn({ session: 'copy' }), 'green#1/gate:test': fails('no') });
  expect(run.agent('green#1/run-agent').start).toMatchObject({ kind: 'fork', session: { id: 'session of red#1' } });
  expect(run.agent('green#2/run-agent').start).toMatchObject({ kind: 'resume', session: { id: 'copy' } });
  expect(run.agent('blue#1/run-agent').start).toMatchObject({ kind: 'resume', session: { id: 'session of red#1' } });
  expect(run.prompt('green#1/run-agent')).toContain('This is a new task in the same conversation.');
});
