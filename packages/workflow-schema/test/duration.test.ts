import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDuration } from '../src/index.ts';

describe('parseDuration', () => {
  test.each([
    ['90s', 90_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['500ms', 500],
    ['1.5h', 5_400_000],
    ['0s', 0],
    ['1h1m1s1ms', 3_661_001],
    ['0.25ms', 0],
  ])('%s', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each([
    '',
    '5',
    '5 m',
    'm',
    '-5m',
    '+5m',
    '5d',
    '1h 30m',
    '5M',
    '.5h',
    '5.h',
    '1e3s',
    `${'9'.repeat(39)}h`,
    '٣m',
  ])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test('adds its parts', () => {
    const amount = fc.nat({ max: 1000 });
    fc.assert(
      fc.property(amount, amount, amount, amount, (h, m, s, ms) => {
        expect(parseDuration(`${h}h${m}m${s}s${ms}ms`)).toBe(((h * 60 + m) * 60 + s) * 1000 + ms);
      }),
    );
  });

  test('is quick on long text', () => {
    expect(parseDuration('1h'.repeat(100_000))).toBeUndefined();
  });
});
