import { describe, expect, test } from 'vitest';
import { parseWorkflow } from '../src/index.ts';

const good = 'name: x\nsteps:\n  - name: a\n    gate: [compile]\n';
const parse = (text: string) => parseWorkflow({ text, file: 'w.yaml' });
const told = (text: string) => parse(text).diagnostics.map(({ code, line, column }) => `${code} ${line}:${column}`);

describe('text that is read all the same', () => {
  test.each([
    ['a byte order mark', `\uFEFF${good}`],
    ['CRLF', good.replaceAll('\n', '\r\n')],
    ['no newline at the end', good.trimEnd()],
    ['a document start and end', `---\n${good}...\n`],
    ['a version directive', `%YAML 1.2\n---\n${good}`],
    ['comments and blank lines', `# c\n\n${good}\n# end\n`],
    ['flow style', '{ name: x, steps: [{ name: a, gate: [compile] }] }'],
    ['JSON', '{"name":"x","steps":[{"name":"a","gate":["compile"]}]}'],
    ['an anchor that is used', 'name: x\nsteps:\n  - name: a\n    gate: &g [compile]\n  - { name: b, gate: *g }\n'],
  ])('%s', (_, text) => {
    const { workflow, diagnostics } = parse(text);
    expect(diagnostics).toEqual([]);
    expect(workflow?.steps[0]).toMatchObject({
      kind: 'gate',
      name: { text: 'a' },
      gates: [{ name: 'compile', kind: 'compile' }],
    });
  });

  test('a byte order mark is no column', () => {
    expect(told('\uFEFFnmae: x\nsteps: [{ name: a, gate: [compile] }]')).toEqual(['unknown-key 1:1']);
  });

  test('numbers and words that YAML takes for something else are names as written', () => {
    const { workflow } = parse(
      'name: 1.10\nsteps:\n  - name: 007\n    gate: [compile]\n  - name: yes\n    gate: [test]\n  - name: true\n    gate: [test]\n',
    );
    expect(workflow?.name.text).toBe('1.10');
    expect(workflow?.steps.map(({ name }) => name.text)).toEqual(['007', 'yes', 'true']);
  });

  test('merge keys: what is written wins, then the first that is merged', () => {
    const { workflow, diagnostics } = parse(
      'name: x\nsteps:\n  - &a { name: a, type: code, agent: one, prompt: p }\n  - &b { name: b, type: code, agent: two, prompt: q, access: full }\n  - { <<: [*a, *b], name: c, prompt: own }\n',
    );
    expect(diagnostics).toEqual([]);
    expect(workflow?.steps[2]).toMatchObject({
      name: { text: 'c' },
      agent: { lines: [['one']] },
      access: 'full',
      prompt: { template: { lines: [['own']] } },
    });
  });
});

describe('text that is refused at once', () => {
  test.each([
    ['nothing', '', ['empty 1:1']],
    ['blanks', ' \n\n', ['empty 1:1']],
    ['null', 'null', ['empty 1:1']],
    ['NUL', `name: a\u0000b\n`, ['control-character 1:8']],
    ['escape', `name: a\nx: \u001B[31m`, ['control-character 2:4']],
    ['a lone carriage return', 'name: a\rsteps: []', ['control-character 1:8']],
    ['a byte order mark inside', 'name: \uFEFFa', ['control-character 1:7']],
    ['the stand-in of the reader', 'name: \uE000a', ['control-character 1:7']],
    ['two documents', `${good}---\n${good}`, ['yaml-syntax 5:1']],
    ['a tab', 'name: x\nsteps:\n\t- name: a\n', ['yaml-syntax 3:1']],
    ['a number', '42', ['wrong-type 1:1']],
    ['a list', '- a\n- b', ['wrong-type 1:1']],
    ['over 1 MB', `${good}#${'x'.repeat(1_000_000)}`, ['too-large 1:1']],
  ])('%s', (_, text, expected) => {
    expect(told(text)).toEqual(expected);
  });

  test('a binary file does not fill the screen', () => {
    expect(parse('\u0001'.repeat(500_000)).diagnostics.length).toBeLessThan(10);
  });
});

describe('text that wants to exhaust the reader', () => {
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
  for (let level = 1; level < 20; level += 1) {
    const [here, last] = ['abcdefghijklmnopqrstuvw'[level], 'abcdefghijklmnopqrstuvw'[level - 1]];
    bomb.push(`${here}: &${here} [${`*${last},`.repeat(10)}]`);
  }
  test.each([
    ['aliases of aliases', `name: x\n${bomb.join('\n')}\nsteps: *t\n`],
    ['flow lists in each other', '['.repeat(100_000)],
    ['flow mappings in each other', '{a: '.repeat(50_000)],
    ['block lists in each other', '- '.repeat(100_000)],
    ['closed lists in each other', `name: x\nsteps: ${'['.repeat(400)}${']'.repeat(400)}\n`],
    ['steps in each other', Array.from({ length: 60 }, (_, i) => `${' '.repeat(i * 4)}- each:\n`).join('')],
    ['very many keys', Array.from({ length: 30_000 }, (_, i) => `k${i}: 1`).join('\n')],
    ['very many times one key', 'k: 1\n'.repeat(30_000)],
    ['very many aliases', `name: &a x\nsteps: [${'*a,'.repeat(60_000)}]`],
    ['very many anchors', `name: x\nsteps: [${Array.from({ length: 30_000 }, (_, i) => `&a${i} x`).join(',')}]`],
    ['an alias of itself', 'name: x\nsteps: &s\n  - name: a\n    each: *s\n'],
    ['a session on every line', `name: x\nsteps:\n${'  - session: from: a\n'.repeat(10_000)}`],
    ['one line', `name: ${'x '.repeat(400_000)}`],
    ['braces', `name: x\nsteps: [{ name: a, type: code, agent: b, prompt: "${'{a} '.repeat(50_000)}" }]`],
  ])(
    '%s',
    (_, text) => {
      const { workflow, diagnostics } = parse(text);
      if (workflow === undefined) expect(diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
      expect(diagnostics.length).toBeLessThanOrEqual(100);
    },
    20_000,
  );
});

test('`__proto__` and its like are keys like any other', () => {
  const text = `name: x
agents:
  __proto__: { provider: claude, options: { __proto__: { polluted: 1 }, constructor: 2 } }
  toString: { provider: claude }
steps: [{ name: __proto__, gate: [compile] }]
`;
  const { workflow, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  expect(workflow?.agents.map(({ name }) => name.text)).toEqual(['__proto__', 'toString']);
  expect(JSON.stringify(workflow?.agents[0]?.options)).toBe('{"__proto__":{"polluted":1},"constructor":2}');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});
