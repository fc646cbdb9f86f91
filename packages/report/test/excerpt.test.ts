import { excerpt } from '@pawl/report';
import { describe, expect, test } from 'vitest';

const numbered = (count: number, at: number, line: string): string =>
  Array.from({ length: count }, (_, index) => (index === at ? line : `line ${index + 1}`)).join('\n');

describe('excerpt', () => {
  test('short output is shown whole', () => {
    expect(excerpt('one\n\ntwo\n', 8)).toEqual(['one', 'two']);
  });

  test.each([
    ['TAP', 'not ok 3 - a title becomes a slug'],
    ['a spec reporter', '  ✖ a title becomes a slug'],
    ['jest', 'FAIL test/slug.test.js'],
    ['go', '--- FAIL: TestSlug (0.00s)'],
    ['pytest', 'E   assert 1 == 2'],
    ['a compiler', 'src/a.ts(3,5): error TS2322: not assignable'],
    ['an exception', 'TypeError: x is not a function'],
  ])('of long output it begins where %s speaks of the failure', (_, line) => {
    expect(excerpt(numbered(40, 20, line), 4)).toEqual([
      '(20 lines above)',
      line.trimEnd(),
      'line 22',
      'line 23',
      'line 24',
      '(16 lines below)',
    ]);
  });

  test('a line alone above the rest says why, and is kept', () => {
    const why = 'It did not end within 3 s and was stopped.';
    expect(excerpt(`${why}\n\n${numbered(10, -1, '')}`, 2)).toEqual([why, '(8 lines above)', 'line 9', 'line 10']);
    expect(excerpt(`${why}\n\n${numbered(10, 4, 'Error: boom')}`, 1)).toEqual([
      why,
      '(4 lines above)',
      'Error: boom',
      '(5 lines below)',
    ]);
    expect(excerpt(why, 2)).toEqual([why]);
  });

  test('a failure in the last lines is shown with what leads to it', () => {
    expect(excerpt(numbered(10, 9, 'Error: boom'), 3)).toEqual(['(7 lines above)', 'line 8', 'line 9', 'Error: boom']);
  });

  test('output that speaks of no failure is shown from its end', () => {
    expect(excerpt(numbered(10, -1, ''), 2)).toEqual(['(8 lines above)', 'line 9', 'line 10']);
  });

  test('a count of no errors is no failure', () => {
    expect(excerpt(numbered(10, 2, '0 errors: 0'), 2)).toEqual(['(8 lines above)', 'line 9', 'line 10']);
  });
});
