import { describe, expect, test } from 'vitest';
import { formatDiagnostic, parseWorkflow } from '../src/index.ts';
import { rewriteValidateLines } from '../src/parse/validate-lines.ts';

const step = (gate: string) =>
  `name: x\nsteps:\n  - name: a\n    type: code\n    agent: claude\n    prompt: p\n    gate:\n${gate}`;
function gatesOf(gate: string) {
  const text = step(gate);
  const { workflow, diagnostics } = parseWorkflow({ text, file: 'w.yaml' });
  expect(diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, text))).toEqual([]);
  return workflow?.steps[0]?.gates.map((found) =>
    found.kind === 'validate'
      ? [found.call.workflow.text, ...found.call.inputs.map(({ name }) => name.text)]
      : found.kind,
  );
}

describe("inputs indented below `validate`, as Gump's pages have them", () => {
  test.each([
    [
      'as documented',
      '      - compile\n      - validate: validators/arch-review\n          diff: "{diff}"\n          spec: "{spec}"\n      - test\n',
      ['compile', ['validators/arch-review', 'diff', 'spec'], 'test'],
    ],
    [
      'as the last gate',
      '      - validate: validators/arch\n          diff: "{diff}"\n',
      [['validators/arch', 'diff']],
    ],
    [
      'with a comment',
      '      - validate: arch # who judges\n          # what\n          diff: "{diff}"\n',
      [['arch', 'diff']],
    ],
    [
      'with blank lines',
      '      - validate: arch\n\n          diff: "{diff}"\n\n          spec: x\n',
      [['arch', 'diff', 'spec']],
    ],
    ['with a quoted name', '      - validate: "arch"\n          diff: "{diff}"\n', [['arch', 'diff']]],
    [
      'with a block scalar',
      '      - validate: arch\n          spec: |\n            validate: no\n              key: x\n',
      [['arch', 'spec']],
    ],
    ['as siblings', '      - validate: arch\n        diff: "{diff}"\n', [['arch', 'diff']]],
    ['alone', '      - validate: arch\n      - test\n', [['arch'], 'test']],
    ['in a flow mapping', '      - { validate: arch, diff: x }\n', [['arch', 'diff']]],
  ])('%s', (_, gate, expected) => {
    expect(gatesOf(gate)).toEqual(expected);
  });

  test('positions stay what they were', () => {
    const text = step('      - validate: ../arch\n          diff: "{diff}"\n          "a b": x\n');
    const { diagnostics } = parseWorkflow({ text, file: 'w.yaml' });
    expect(diagnostics).toMatchObject([
      { code: 'invalid-name', line: 8, column: 19, endColumn: 26 },
      { code: 'input-name', line: 10, column: 11, endColumn: 16 },
    ]);
  });

  test.each([
    'prompt: |\n  - validate: arch\n      diff: x\n',
    'prompt: "\n  - validate: arch\n      diff: x"\n',
    '# - validate: arch\n#     diff: x\n',
    '- validate: arch\n  diff: x\n',
    '- validate: arch\n- test: x\n',
    '- validate:\n    diff: x\n',
    '- validate: [a]\n    diff: x\n',
  ])('%j is left as it is', (text) => {
    expect(rewriteValidateLines(text)).toEqual({ text, rewritten: new Map() });
  });
});
