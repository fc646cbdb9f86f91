import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { builtInWorkflows, compileWorkflow, type Diagnostic, formatDiagnostic, parseWorkflow } from '../src/index.ts';
import { environment } from './environment.ts';

const folder = new URL('./golden/', import.meta.url);
const bad = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const texts = [...Object.values(builtInWorkflows), ...bad.map((name) => readFileSync(new URL(name, folder), 'utf8'))];

const word = fc.constantFrom(
  ...'name steps type code split validate each gate retry exit attempt agent prompt session from fork get run guard context file bash new parallel loop until max when workflow with validate not coverage output inputs outputs hitl pass artifact max_parallel validators/arch-review review gate.test {spec} {red.output} {task.name} {a.output} session:\u0020from:\u0020red'.split(
    ' ',
  ),
  ...[
    ': ',
    ':',
    '- ',
    '\n',
    '\n  ',
    '\n    ',
    '\t',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    '|',
    '>',
    '#',
    '&a ',
    '*a',
    '<<: *a',
    '---\n',
    '!!str ',
    '? ',
    ',',
    '\r\n',
    '\r',
    '\u0000',
    '\uFEFF',
    '🔑',
    '\uD800',
    '1',
    'null',
    '__proto__',
  ],
);

interface Mutation {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.oneof(fc.constant(0), fc.nat({ max: 3 }), fc.nat({ max: 60 })),
  insert: fc.array(word, { maxLength: 3 }).map((words) => words.join('')),
});
const mutate = (text: string, mutations: readonly Mutation[]) =>
  mutations.reduce((current, { at, remove, insert }) => {
    const offset = Math.floor(at * current.length);
    return current.slice(0, offset) + insert + current.slice(offset + remove);
  }, text);

function expectInside(text: string, { line, column, endLine, endColumn, message }: Diagnostic) {
  const lines = text.replace(/^\uFEFF/, '').split('\n');
  expect(message).not.toBe('');
  for (const [atLine, atColumn] of [
    [line, column],
    [endLine, endColumn],
  ] as const) {
    expect(atLine).toBeGreaterThanOrEqual(1);
    expect(atLine).toBeLessThanOrEqual(lines.length);
    expect(atColumn).toBeGreaterThanOrEqual(1);
    expect(atColumn).toBeLessThanOrEqual((lines[atLine - 1] ?? '').length + 1);
  }
  expect(endLine > line || (endLine === line && endColumn >= column)).toBe(true);
}

function expectSound(text: string) {
  const { workflow, diagnostics } = parseWorkflow({ text, file: 'w.yaml' });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  expect(workflow === undefined).toBe(errors.length > 0);
  const compiled = workflow && compileWorkflow(workflow, environment());
  if (compiled)
    expect(compiled.plan === undefined).toBe(compiled.diagnostics.some(({ severity }) => severity === 'error'));
  if (compiled?.plan) expect(JSON.parse(JSON.stringify(compiled.plan))).toEqual(compiled.plan);
  for (const diagnostic of [...diagnostics, ...(compiled?.diagnostics ?? [])]) {
    expectInside(text, diagnostic);
    expect(formatDiagnostic(diagnostic, text)).toContain('^');
  }
}

test('whatever is done to a file, nothing is thrown and every position lies in the text', () => {
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(mutation, { minLength: 1, maxLength: 4 }), (text, mutations) => {
      expectSound(mutate(text, mutations));
    }),
    { numRuns: 1500 },
  );
});

test('nor for text made of pieces', () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), (words) => {
      expectSound(words.join(''));
    }),
    { numRuns: 1000 },
  );
});

test('nor for any text at all', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      expectSound(text);
    }),
    { numRuns: 500 },
  );
});
