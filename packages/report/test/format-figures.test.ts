import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatCount, formatDuration, formatTokens } from '../src/index.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

describe('formatDuration', () => {
  test.each([
    [0, '0ms'],
    [340, '340ms'],
    [999.6, '1.0s'],
    [3_440, '3.4s'],
    [9_949, '9.9s'],
    [9_950, '10s'],
    [12_499, '12s'],
    [59_400, '59s'],
    [59_500, '1m 00s'],
    [64 * second, '1m 04s'],
    [59 * minute + 59_600, '1h 00m'],
    [2 * hour + 5 * minute, '2h 05m'],
    [2 * hour + 59 * minute + 31 * second, '3h 00m'],
    [24 * hour, '1d 00h'],
    [76 * hour, '3d 04h'],
    [-5, '0ms'],
    [Number.NaN, '?'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test('never needs more than eight columns below a thousand days', () => {
    fc.assert(
      fc.property(fc.nat({ max: 999 * 24 * hour }), (ms) => {
        expect(formatDuration(ms).length).toBeLessThanOrEqual(8);
      }),
    );
  });
});

describe('formatTokens', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [1_000, '1.0k'],
    [12_340, '12.3k'],
    [99_949, '99.9k'],
    [99_950, '100k'],
    [999_499, '999k'],
    [999_500, '1.0M'],
    [1_240_000, '1.2M'],
    [120_000_000, '120M'],
    [Number.NaN, '?'],
  ])('%d is %s', (count, text) => {
    expect(formatTokens(count)).toBe(text);
  });
});

test('formatCount knows one from many', () => {
  expect([formatCount(1, 'file'), formatCount(0, 'file'), formatCount(2, 'retry', 'retries')]).toEqual([
    '1 file',
    '0 files',
    '2 retries',
  ]);
});
