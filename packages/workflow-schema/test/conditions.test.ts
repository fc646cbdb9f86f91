import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCondition } from '../src/parse/condition.ts';
import { compileText, planOf, pointed } from './whole.ts';

const range = (start: number, end: number) => ({ line: 1, column: start + 1, endLine: 1, endColumn: end + 1 });
const parse = (text: string, bareGate = false) => parseCondition(text, range, bareGate);
const conditionOf = (text: string, bareGate = false): unknown => {
  const parsed = parse(text, bareGate);
  if (!('condition' in parsed)) throw new Error(parsed.message);
  // names alone: positions have tests of their own
  return JSON.parse(
    JSON.stringify(parsed.condition, (key, value) =>
      key === 'range' ? undefined : value?.name !== undefined ? `{${value.name}}` : (value?.text ?? value),
    ),
  );
};
const is = (left: unknown, word: string, right: unknown) => ({ is: word, left, right });

describe('what a condition says', () => {
  test.each<[string, unknown]>([
    ["{plan.output} == 'x'", is('{plan.output}', '==', 'x')],
    ['{a.b} != "it\\"s"', is('{a.b}', '!=', 'it"s')],
    ["{a.b} == 'it''s'", is('{a.b}', '==', "it's")],
    ['{a.attempt}>2', is('{a.attempt}', '>', 2)],
    ['{a.cost} <= 1.50', is('{a.cost}', '<=', 1.5)],
    ['{a.x} >= -3', is('{a.x}', '>=', -3)],
    ['{a.status} == pass', is('{a.status}', '==', 'pass')],
    ['{a.output} == true', is('{a.output}', '==', true)],
    ["'security' contains {a.x}", is('security', 'contains', '{a.x}')],
    ["{a.x} not contains 'b'", { is: 'not', of: is('{a.x}', 'contains', 'b') }],
    ['{a.x}', { is: 'true', value: '{a.x}' }],
    ['true', { is: 'true', value: true }],
    ['gate.test', { is: 'gate', gate: 'test' }],
    ['not gate.test', { is: 'not', of: { is: 'gate', gate: 'test' } }],
    ['!gate.test', { is: 'not', of: { is: 'gate', gate: 'test' } }],
    [
      '{a.x} && {b.x}',
      {
        is: 'all',
        of: [
          { is: 'true', value: '{a.x}' },
          { is: 'true', value: '{b.x}' },
        ],
      },
    ],
    [
      "{a.x} > 2 and not {b.x} contains 'security'",
      { is: 'all', of: [is('{a.x}', '>', 2), { is: 'not', of: is('{b.x}', 'contains', 'security') }] },
    ],
    [
      '{a} or {b} and {c}',
      {
        is: 'any',
        of: [
          { is: 'true', value: '{a}' },
          { is: 'all', of: ['{b}', '{c}'].map((value) => ({ is: 'true', value })) },
        ],
      },
    ],
    [
      '({a} || {b}) && {c}',
      {
        is: 'all',
        of: [
          { is: 'any', of: ['{a}', '{b}'].map((value) => ({ is: 'true', value })) },
          { is: 'true', value: '{c}' },
        ],
      },
    ],
  ])('%s', (text, expected) => {
    expect(conditionOf(text)).toEqual(expected);
  });

  test('a word alone is a gate where one is meant', () => {
    expect(conditionOf('test', true)).toEqual({ is: 'gate', gate: 'test' });
    expect(conditionOf('test and lint', true)).toMatchObject({ is: 'all', of: [{ gate: 'test' }, { gate: 'lint' }] });
    expect(conditionOf('done == {a.x}', true)).toEqual(is('done', '==', '{a.x}'));
  });
});

describe('what it cannot say', () => {
  test.each<[string, number, string]>([
    ['', 0, 'ends'],
    ['{a.x} ==', 8, 'ends'],
    ['{a.x} = 1', 6, 'not expected'],
    ["{a.x} == 'open", 9, 'value'],
    ['({a.x}', 6, ')'],
    ['{a.x})', 5, 'not expected'],
    ['{a.x} {b.x}', 6, 'not expected'],
    ['and {a.x}', 0, 'value'],
    ['ready', 0, 'alone'],
    ['{a b}', 0, 'value'],
    ['{a.x} & {b.x}', 6, 'not expected'],
    ['🔑', 0, 'value'],
  ])('%s', (text, start, message) => {
    const parsed = parse(text);
    expect(parsed).toMatchObject({ start, message: expect.stringContaining(message) });
  });

  test('nesting is bounded', () => {
    expect(parse(`${'('.repeat(5000)}`)).toMatchObject({ message: expect.stringContaining('deeply') });
    expect(parse(`${'not '.repeat(5000)}{a}`)).toMatchObject({ message: expect.stringContaining('deeply') });
    expect(parse(Array.from({ length: 5000 }, () => '{a}').join(' and '))).toHaveProperty('condition');
  });
});

test('any text is read or told, at a place inside it', () => {
  const piece = fc.constantFrom(
    ...[
      '{a.x}',
      "'t'",
      '"t"',
      '1',
      '-2.5',
      'and',
      'or',
      'not',
      '!',
      '&&',
      '(',
      ')',
      '==',
      '<',
      'contains',
      'gate.a',
      '',
      ' ',
      '{',
      '=',
      '\\',
      'é',
    ],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.boolean(), (pieces, bareGate) => {
      const text = pieces.join(' ');
      const parsed = parse(text, bareGate);
      if ('condition' in parsed) return;
      expect(parsed.message).not.toBe('');
      expect(parsed.start).toBeGreaterThanOrEqual(0);
      expect(parsed.end).toBeGreaterThanOrEqual(parsed.start);
      expect(parsed.end).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 2000 },
  );
});

describe('`when`', () => {
  const text = (when: string) =>
    `name: x\nsteps:\n  - { name: a, type: validate, agent: claude, gate: [test] }\n  - name: b\n    when: ${when}\n    gate: [test]\n`;

  test('compiles with its references', () => {
    expect(planOf(text(`"{a.output} == 'true' and gate.test"`)).steps[1]).toMatchObject({
      when: {
        is: 'all',
        of: [
          { is: '==', left: { ref: 'step', address: 'a', field: 'output' }, right: 'true' },
          { is: '==', left: { ref: 'step', address: 'a', field: 'gate.test' }, right: 'true' },
        ],
      },
    });
    expect(planOf(text('true')).steps[1]).toMatchObject({ when: { is: 'true', value: true } });
  });

  test.each([
    ['"{a.outptu} == 1"', 'unknown-field', '{a.outptu}'],
    ['"{z.output}"', 'unknown-name', '{z.output}'],
    ['"{a.output} == 1 and {topic}"', 'unknown-name', '{topic}'],
    ['"gate.tset"', 'unknown-name', 'tset'],
    ['gate.lint', 'unknown-name', 'lint'],
    ['"{error}"', 'unknown-name', '{error}'],
    ['"{gate.test}"', 'unknown-name', '{gate.test}'],
    ["not {a.output} cotnains 'x'", 'condition', 'cotnains'],
    ['"{a.output} ="', 'condition', '='],
  ])('%s points at its fault', (when, code, at) => {
    const { diagnostics } = compileText(text(when));
    expect(diagnostics.map((diagnostic) => [diagnostic.code, pointed(text(when), diagnostic)])).toEqual([[code, at]]);
  });

  test('without quotes it cannot start with a brace', () => {
    expect(compileText(text("{a.output} == 'x'")).diagnostics).toMatchObject([{ code: 'yaml-syntax', line: 5 }]);
  });

  test('a gate is that of the step which ran it last', () => {
    const steps =
      '  - { name: a, gate: [test] }\n  - { name: b, gate: [test] }\n  - { name: g, steps: [{ name: c, gate: [lint] }, { name: d, when: "gate.test", gate: [test] }, { name: e, when: gate.lint, gate: [lint] }] }\n  - { name: f, when: gate.lint, gate: [test] }\n';
    const plan = JSON.stringify(planOf(`name: x\nsteps:\n${steps}`).steps);
    const addresses = [...plan.matchAll(/"address":"([^"]*)","field":"gate\.(\w+)"/g)].map(
      ([, address, gate]) => `${address} ${gate}`,
    );
    expect(addresses).toEqual(['b test', 'g/c lint', 'g/e lint']);
  });

  test('a step has no gate before it has run', () => {
    const { diagnostics } = compileText('name: x\nsteps:\n  - { name: b, when: gate.test, gate: [test] }\n');
    expect(diagnostics).toMatchObject([{ code: 'unknown-name' }]);
  });
});
