import { describe, expect, test } from 'vitest';
import { importsOf, namesOf } from '../src/imports.ts';
import { tokenize } from '../src/tokens.ts';
import { template } from './planted.ts';

const imports = (source: string) =>
  importsOf(tokenize(source)).map(({ specifier, typeOnly }) => (typeOnly ? `type ${specifier}` : specifier));
const names = (source: string) => namesOf(tokenize(source)).map((token) => token.text);

describe('imports', () => {
  test.each([
    ["import 'a';", ['a']],
    ["import a from 'a';", ['a']],
    ["import * as a from 'a';", ['a']],
    ["import a, { b as c } from 'a';", ['a']],
    ["import type { A } from 'a';", ['type a']],
    ["import type A from 'a';", ['type a']],
    ["import type from 'a';", ['a']],
    ["import { type A } from 'a';", ['a']],
    ["export { a } from 'a';", ['a']],
    ["export type { A } from 'a';", ['type a']],
    ["export type * from 'a';", ['type a']],
    ["export * as a from 'a';", ['a']],
    ["const a = await import('a');", ['a']],
    ["import a from 'a' with { type: 'json' };", ['a']],
    ["import {\n  a,\n  from,\n} from 'a';", ['a']],
    ["export const from = 'a';", []],
    ["export type A = 'a' | 'b';", []],
    ["export { a };\nconst from = 'b';", []],
    ['import.meta.dirname;', []],
    ["thing.import('a');", []],
    ["// import 'a'\n/* import 'b' */ `import 'c'`;", []],
  ])('%s', (source, expected) => {
    expect(imports(source)).toEqual(expected);
  });

  test('tell their lines, behind comments, strings and templates of many lines', () => {
    const source = template("/*\n*/ const a = `\n@{'x'}\n`;\n\nimport 'b';\n");
    expect(importsOf(tokenize(source))).toEqual([{ specifier: 'b', line: 6, typeOnly: false }]);
  });
});

describe('names', () => {
  test.each([
    ['a.b?.c', ['a']],
    ['({ ...a, b: c, d })', ['a', 'c', 'd']],
    ['x = y ? a : b', ['x', 'y', 'a', 'b']],
    ['a / b / c', ['a', 'b', 'c']],
    ['return /a[/]b\\//.test(c)', ['return', 'c']],
    [template('`a @{b} @{`@{c}`} d` + e'), ['b', 'c', 'e']],
    [template('`@{{ a: b }}` + c'), ['b', 'c']],
    ["'a\\'b' + c", ['c']],
    ['class A { #b = c; }', ['class', 'A', '#b', 'c']],
  ])('%s', (source, expected) => {
    expect(names(source)).toEqual(expected);
  });

  test('text that never ends ends with the file', () => {
    for (const source of ["'a", template('`a @{b'), '/* a', '/a', '// a']) expect(() => tokenize(source)).not.toThrow();
  });
});
