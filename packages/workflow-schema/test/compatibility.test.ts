import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const root = new URL('../../../', import.meta.url);
const page = readFileSync(new URL('docs/compatibility.md', root), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => /^\| [\dP]+\.\d+ \|/.test(line))
  .map((line) => line.slice(2, -2).split(' | '));

const texts = new Map<string, string>();
/** The text of a test file; empty where there is none. */
function testFile(name: string): string {
  const [room = '', file = ''] = name.split('/');
  const found = ['packages', 'apps']
    .map((folder) => new URL(`${folder}/${room}/test/${file}.test.ts`, root))
    .find((url) => existsSync(url));
  const text = texts.get(name) ?? (found ? readFileSync(found, 'utf8') : '');
  texts.set(name, text);
  return text;
}

/** What is wrong with the last column of a row: tests and reasons, one a line. */
const problems = (shown: string): string[] => shown.split('<br>').flatMap((line) => problem(line) ?? []);

function problem(shown: string): string | undefined {
  if (/^reason: \S/.test(shown)) return undefined;
  const [file = '', title] = shown.split(' › ');
  if (title === undefined) return `neither a test nor a reason: ${shown}`;
  const text = testFile(file);
  if (text === '') return `no test file ${file}`;
  const quotes = [`'${title}'`, `"${title}"`, `\`${title}\``, `'${title.replaceAll("'", "\\'")}'`];
  const isTitle = quotes.some((quoted) => {
    // Of a test, of tests side by side, or of one for each case.
    const before = ['test(', 'describe(', ')(', 'test(\n    ', 'test(\n  ', ')(\n    ', ')(\n  '];
    return before.some((opened) => text.includes(opened + quoted));
  });
  return isTitle ? undefined : `no test "${title}" in ${file}`;
}

describe('docs/compatibility.md', () => {
  test('every row has a test that exists, or a reason why pawl does otherwise', () => {
    const wrong = rows.flatMap(([number, , , shown = '']) => problems(shown).map((what) => `${number}: ${what}`));
    expect(wrong).toEqual([]);
  });

  test('its rows are whole and numbered in order', () => {
    expect(rows.length).toBeGreaterThan(150);
    for (const row of rows) expect(row, row[0]).toHaveLength(4);
    const expected: string[] = [];
    for (const [number = ''] of rows) {
      const [section = '', place] = number.split('.');
      const last = expected.findLast((known) => known.startsWith(`${section}.`));
      expected.push(`${section}.${last === undefined ? 1 : Number(last.split('.')[1]) + 1}`);
      expect(`${section}.${place}`).toBe(expected.at(-1));
    }
  });

  test('every section of the format is there', () => {
    const sections = new Set(rows.map(([number = '']) => number.split('.')[0]));
    expect([...sections]).toEqual([...'5 6 7 8 9 10 11 12 13 14 15 16 17 20 21 29'.split(' '), 'P']);
  });

  test('a title that is not there would be found', () => {
    expect(problem('core/retry › are sticky, and later ones override earlier ones')).toBeUndefined();
    expect(problem('core/retry › nobody wrote this')).toMatch(/no test/);
    // It stands there, but as what a test looks for.
    expect(problem('core/retry › RED TEXT')).toMatch(/no test/);
    expect(problems('core/retry › nobody wrote this<br>reason: because<br>core/none › x')).toHaveLength(2);
    expect(problem('core/nothing › x')).toMatch(/no test file/);
    expect(problem('surely')).toMatch(/neither/);
  });
});
