import { describe, expect, test } from 'vitest';
import { type Diagnostic, formatDiagnostic, parseWorkflow } from '../src/index.ts';

const base: Diagnostic = {
  code: 'unknown-key',
  severity: 'error',
  message: 'unknown key `gaet`',
  file: 'w.yaml',
  line: 1,
  column: 1,
  endLine: 1,
  endColumn: 2,
};
const at = (line: number, column: number, endLine: number, endColumn: number): Diagnostic => ({
  ...base,
  line,
  column,
  endLine,
  endColumn,
});
const underlined = (diagnostic: Diagnostic, text: string) => formatDiagnostic(diagnostic, text).split('\n').slice(1, 3);

describe('formatDiagnostic', () => {
  test('file, position, message, line, underline, hint', () => {
    const text = 'name: x\nsteps:\n  - name: a\n    gaet: [compile]\n';
    expect(formatDiagnostic({ ...at(4, 5, 4, 9), hint: 'did you mean `gate`?' }, text)).toBe(
      [
        'w.yaml:4:5: error: unknown key `gaet` [unknown-key]',
        ' 4 |     gaet: [compile]',
        '   |     ^^^^',
        ' hint: did you mean `gate`?',
      ].join('\n'),
    );
  });

  test('tabs reach their stop in the line and in the underline', () => {
    expect(underlined(at(1, 3, 1, 5), '\ta\tbc')).toEqual([' 1 |     a   bc', '   |      ^^^^']);
    expect(underlined(at(1, 4, 1, 6), '\ta\tbc')).toEqual([' 1 |     a   bc', '   |         ^^']);
  });

  test('wide, combining and astral characters', () => {
    expect(underlined(at(1, 3, 1, 5), '漢字ab')).toEqual([' 1 | 漢字ab', '   |     ^^']);
    expect(underlined(at(1, 1, 1, 3), '🔑ab')).toEqual([' 1 | 🔑ab', '   | ^^']);
    expect(underlined(at(1, 3, 1, 4), 'e\u0301x')).toEqual([' 1 | e\u0301x', '   |  ^']);
  });

  test('carriage returns and a byte order mark are not shown and not counted', () => {
    expect(underlined(at(1, 1, 1, 5), '\uFEFFname: x\r\nb: c\r\n')).toEqual([' 1 | name: x', '   | ^^^^']);
    expect(underlined(at(2, 1, 2, 2), '\uFEFFname: x\r\nb: c\r\n')).toEqual([' 2 | b: c', '   | ^']);
  });

  test('several lines: the rest of the first', () => {
    expect(underlined(at(1, 4, 3, 1), 'a: b c  \nd\n')).toEqual([' 1 | a: b c', '   |    ^^^']);
  });

  test('an empty stretch and one at the end of a line have a mark', () => {
    expect(underlined(at(1, 3, 1, 3), 'ab')).toEqual([' 1 | ab', '   |   ^']);
    expect(underlined(at(2, 1, 2, 1), 'ab\n')).toEqual([' 2 |', '   | ^']);
  });

  test('what would act on a terminal is not passed on', () => {
    const shown = formatDiagnostic(at(1, 1, 1, 2), 'a\u001B[31mred\u202Etxt');
    expect(shown).not.toMatch(/(?!\n)[\p{Cc}\u202E]/u);
    const { diagnostics } = parseWorkflow({ text: '"\\e[31mname\\u202e": x', file: 'w.yaml' });
    expect(JSON.stringify(diagnostics)).toContain('\\\\u{1b}');
    expect(diagnostics.map(({ message }) => message).join()).not.toMatch(/(?!\n)[\p{Cc}\u202E]/u);
  });

  test('a very long line is cut around the mark', () => {
    const [line = '', mark = ''] = underlined(at(1, 501, 1, 504), `${'x'.repeat(500)}bad${'y'.repeat(500)}`);
    expect(line.length).toBeLessThan(140);
    expect(line.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('bad');
  });

  test('a text that is not the right one does no harm', () => {
    expect(formatDiagnostic(at(9, 9, 9, 10), 'one line')).toBe('w.yaml:9:9: error: unknown key `gaet` [unknown-key]');
    expect(underlined(at(1, 90, 1, 95), 'short')).toEqual([' 1 | short', '   |      ^']);
  });
});
