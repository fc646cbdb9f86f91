import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cut, cutStart, displayWidth, pad, wrap } from '../src/index.ts';

describe('displayWidth', () => {
  test.each([
    ['plain', 5],
    ['', 0],
    ['größe', 5],
    ['gro\u0308ße', 5],
    ['日本', 4],
    ['한글', 4],
    ['ｗｉｄｅ', 8],
    ['🚀', 2],
    ['👩‍💻', 2],
    ['🇩🇪', 2],
    ['✔️', 2],
    ['✓ ✗ ▸ · … ■', 11],
    ['\x1b[31mred\x1b[0m', 3],
    ['\x1b]8;;https://example.org\x07link\x1b]8;;\x07', 4],
    ['नमस्ते', 4],
    ['\u1112\u1161\u11ab', 2],
  ])('%s takes %d', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });
});

describe('cut', () => {
  test.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, 'abcd…'],
    ['abcdef', 1, '…'],
    ['abcdef', 0, ''],
    ['日本語', 5, '日本…'],
    ['日本語', 4, '日…'],
    ['a👩‍💻b', 3, 'a…'],
  ])('%s at %d', (text, width, short) => {
    expect(cut(text, width)).toBe(short);
  });

  test('at the front keeps the end of a path', () => {
    expect(cutStart('decompose/auth/impl', 10)).toBe('…auth/impl');
    expect(cutStart('src/日本', 5)).toBe('…日本');
    expect(cutStart('short', 10)).toBe('short');
  });

  test('never exceeds the width and never splits what is seen as one character', () => {
    const text = fc.array(fc.constantFrom('a', ' ', 'é', '日', '👩‍💻', '🇩🇪', 'e\u0301')).map((all) => all.join(''));
    fc.assert(
      fc.property(text, fc.nat({ max: 20 }), (line, width) => {
        expect(displayWidth(cut(line, width))).toBeLessThanOrEqual(width);
        expect(displayWidth(cutStart(line, width))).toBeLessThanOrEqual(width);
        if (displayWidth(line) <= width) expect(cut(line, width)).toBe(line);
      }),
    );
  });
});

test('pad counts columns, not characters', () => {
  expect(pad('日本', 6)).toBe('日本  ');
  expect(pad('ab', 4, 'right')).toBe('  ab');
  expect(pad('abcd', 2)).toBe('abcd');
});

describe('wrap', () => {
  test('breaks at spaces', () => {
    expect(wrap('the quick brown fox', 10)).toEqual(['the quick', 'brown fox']);
  });

  test('breaks a word only where it is longer than a line', () => {
    expect(wrap('see abcdefghijkl now', 6)).toEqual(['see', 'abcdef', 'ghijkl', 'now']);
  });

  test('keeps the lines that are there, and the indentation of one that fits', () => {
    expect(wrap('  one\n\ntwo', 10)).toEqual(['  one', '', 'two']);
  });

  test('loses nothing but blanks and never exceeds the width', () => {
    const text = fc.array(fc.constantFrom('word', 'a', ' ', '日本語', '\n', 'x'.repeat(15))).map((all) => all.join(''));
    fc.assert(
      fc.property(text, fc.integer({ min: 2, max: 12 }), (raw, width) => {
        const lines = wrap(raw, width);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
        expect(lines.join('').replace(/\s/g, '')).toBe(raw.replace(/\s/g, ''));
      }),
    );
  });
});
