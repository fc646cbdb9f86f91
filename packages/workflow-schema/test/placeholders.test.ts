import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { splitLines, splitPlaceholders } from '../src/parse/placeholders.ts';

const shown = (text: string) => splitPlaceholders(text).map((part) => (typeof part === 'string' ? part : [part.name]));

describe('what is a placeholder', () => {
  test.each([
    ['{name}', [['name']]],
    ['a {b.c} d', ['a ', ['b.c'], ' d']],
    ['{_x}{y-z/w}', [['_x'], ['y-z/w']]],
    ['\u0024{HOME}', ['$', ['HOME']]],
    ['{{name}}', ['{name}']],
    ['{{{name}}}', ['{', ['name'], '}']],
    ['{ name }', ['{ name }']],
    ['{}', ['{}']],
    ['{1}', ['{1}']],
    ['{a b}', ['{a b}']],
    ['{a', ['{a']],
    ['a}', ['a}']],
    ['a}}', ['a}']],
    ['{{', ['{']],
    ['', []],
  ])('%j', (text, parts) => {
    expect(shown(text)).toEqual(parts);
  });

  test('JSON stays what it is, nested too', () => {
    const json = JSON.stringify({ a: { b: { c: [{}, 1] } }, tasks: [{ name: 'x y' }] });
    expect(shown(json)).toEqual([json]);
    expect(shown('{{"pass": {"a": 1}}}')).toEqual(['{"pass": {"a": 1}}']);
    expect(shown('{{"a": {{"b": 1}}}}')).toEqual(['{"a": {"b": 1}}']);
  });
});

const literal = fc.string({ unit: fc.constantFrom('{', '}', 'a', '.', ' ', '\n', '$', '"', 'é', '🔑') });

test('doubled braces are the way to write any literal text', () => {
  fc.assert(
    fc.property(literal, (text) => {
      const escaped = text.replaceAll('{', '{{').replaceAll('}', '}}');
      expect(shown(escaped).join('')).toBe(text);
    }),
  );
});

test('text without doubled braces and without placeholders is itself', () => {
  fc.assert(
    fc.property(literal, (text) => {
      fc.pre(!/\{\{|\}\}|\{[a-z_][\w./-]*\}/i.test(text));
      expect(shown(text).join('')).toBe(text);
    }),
  );
});

test('placeholders tell where they stand', () => {
  fc.assert(
    fc.property(literal, (text) => {
      for (const part of splitPlaceholders(text)) {
        if (typeof part !== 'string') expect(text.slice(part.at)).toMatch(new RegExp(`^\\{${part.name}\\}`));
      }
    }),
  );
});

test('lines join to the text again', () => {
  fc.assert(
    fc.property(literal, (text) => {
      const lines = splitLines(splitPlaceholders(text));
      const joined = lines.map((line) =>
        line.map((part) => (typeof part === 'string' ? part : `{${part.name}}`)).join(''),
      );
      const parts = splitPlaceholders(text).map((part) => (typeof part === 'string' ? part : `{${part.name}}`));
      expect(joined.join('\n')).toBe(parts.join(''));
      expect(lines.flat().every((part) => typeof part !== 'string' || !part.includes('\n'))).toBe(true);
    }),
  );
});

test('a megabyte of braces is read in no time', () => {
  const started = process.hrtime.bigint();
  splitPlaceholders('{'.repeat(1_000_000));
  splitPlaceholders('{a'.repeat(500_000));
  expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(5000);
});
