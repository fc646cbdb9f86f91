import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseWorkflow, type WorkflowStep } from '../src/index.ts';
import { rewriteSessionLines } from '../src/parse/session-line.ts';
import { isAgentStep } from '../src/workflow.ts';

function sessionOf(step: string) {
  const text = `name: x\nsteps:\n  - name: tests\n    type: code\n    agent: claude\n    prompt: p\n${step}`;
  const { workflow, diagnostics } = parseWorkflow({ text, file: 'w.yaml' });
  expect(diagnostics).toEqual([]);
  const last = workflow?.steps.at(-1);
  if (last === undefined || !isAgentStep(last)) throw new Error('no step');
  const { session } = last;
  return { step: last, target: session.mode === 'from' ? session.step.text : session.mode, text, session };
}

const before = '  - name: impl\n    type: code\n    agent: claude\n';

describe('the one-line form', () => {
  test.each([
    ['as the documents write it', `${before}    session: from: tests\n    prompt: p\n`],
    ['as the last key', `${before}    prompt: p\n    session: from: tests`],
    ['with a comment', `${before}    session: from: tests # goes on\n    prompt: p\n`],
    ['with blanks', `${before}    session:   from:    tests   \n    prompt: p\n`],
    ['with a quoted key', `${before}    "session": from: tests\n    prompt: p\n`],
    ['with a quoted name', `${before}    session: from: "tests"\n    prompt: p\n`],
    ['in quotes', `${before}    session: "from: tests"\n    prompt: p\n`],
    ['in single quotes', `${before}    session: 'from: tests'\n    prompt: p\n`],
    ['in a flow mapping', '  - { name: impl, type: code, agent: claude, session: from: tests, prompt: p }\n'],
    ['last in a flow mapping', '  - { name: impl, type: code, agent: claude, prompt: p, session: from: tests }\n'],
    ['quoted in a flow mapping', '  - { name: impl, type: code, agent: claude, session: "from: tests", prompt: p }\n'],
    [
      'in a block',
      '  - name: impl\n    type: code\n    run: { agent: claude }\n    get:\n      session: from: tests\n      prompt: p\n',
    ],
    ['as a mapping', `${before}    session: { from: tests }\n    prompt: p\n`],
    ['as a block mapping', `${before}    session:\n      from: tests\n    prompt: p\n`],
    ['with CRLF', `${before}    session: from: tests\n    prompt: p\n`.replaceAll('\n', '\r\n')],
    [
      'first in its step',
      '  - session: from: tests\n    name: impl\n    type: code\n    agent: claude\n    prompt: p\n',
    ],
  ])('%s', (_, step) => {
    const { target, session, text } = sessionOf(step);
    expect(target).toBe('tests');
    if (session.mode !== 'from') throw new Error('no target');
    const { line, column, endLine, endColumn } = session.step.range;
    expect(line).toBe(endLine);
    const marked = text.split('\n')[line - 1]?.slice(column - 1, endColumn - 1);
    expect(marked?.replace(/^"|"$/g, '')).toBe('tests');
  });

  test('in an entry of retry', () => {
    const step = `${before}    prompt: p\n    retry:\n      - attempt: 2\n        session: from: tests\n      - exit: 3\n`;
    expect(sessionOf(step).step.retry.entries[0]?.session).toMatchObject({ mode: 'from', step: { text: 'tests' } });
  });
});

describe('text that only looks like it', () => {
  test.each([
    '  - name: impl\n    type: code\n    agent: claude\n    prompt: |\n      session: from: tests\n      session: fork: x\n',
    '  - name: impl\n    type: code\n    agent: claude\n    prompt: "session: from: tests"\n',
    '  - name: impl\n    type: code\n    agent: claude # session: from: tests\n    prompt: |\n      a\n',
    '  - name: impl\n    type: code\n    agent: claude\n    prompt: >-\n      a\n      session: from: tests\n',
  ])('%#', (step) => {
    const { target, step: read, text } = sessionOf(step);
    expect(target).toBe('new');
    expect(rewriteSessionLines(text)).toEqual({ text, rewritten: new Map() });
    expect(JSON.stringify(read)).not.toContain('\uE000');
  });
});

test('the example of the documents, as written', () => {
  const text = `name: seeds
steps:
- name: review
  type: validate
  run:
    agent: claude-opus
  get:
    session: new
- name: build
  type: split
  agent: claude-opus
  each:
    - name: tests
      type: code
      run:
        agent: claude-haiku
      get:
        prompt: "Write tests for: {task.description}"

    - name: impl
      type: code
      run:
        agent: claude-haiku
      get:
        session: from: tests
        prompt: "Implement code to pass the tests."
`;
  const { workflow, diagnostics } = parseWorkflow({ text, file: 'seeds.yaml' });
  expect(diagnostics).toEqual([]);
  const build = workflow?.steps[1];
  const impl: WorkflowStep | undefined = build?.kind === 'split' ? build.each[1] : undefined;
  expect(impl).toMatchObject({
    session: { mode: 'from', step: { text: 'tests', range: { line: 25, column: 24, endLine: 25, endColumn: 29 } } },
    prompt: { type: 'text', template: { lines: [['Implement code to pass the tests.']] } },
  });
});

test('a rewrite never moves anything', () => {
  const piece = fc.constantFrom(
    'session',
    ':',
    ' ',
    'from',
    'fork',
    '\n',
    '  ',
    '- ',
    '"',
    "'",
    '|',
    '{',
    '}',
    ',',
    '#',
    'x',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('');
      const { text: changed, rewritten } = rewriteSessionLines(text);
      expect(changed.length).toBe(text.length);
      for (const [start, colon] of rewritten) {
        expect(text.slice(start, colon).trim()).toMatch(/^(from|fork)$/);
        expect(text[colon]).toBe(':');
      }
      const restored = [...changed].map((character, index) => (character === '\uE000' ? text[index] : character));
      expect(restored.join('')).toBe(text);
    }),
    { numRuns: 500 },
  );
});
