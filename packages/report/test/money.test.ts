import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addMoney, formatMoney, type Money, moneyOf, noMoney } from '../src/index.ts';

const money = (measuredUsd: number, estimatedUsd: number, unpriced: number): Money => ({
  measuredUsd,
  estimatedUsd,
  unpriced,
});

describe('formatMoney', () => {
  test.each([
    [money(0.42, 0, 0), '$0.42'],
    [money(0, 0.1, 0), '~$0.10 estimated'],
    [money(0.42, 0, 3), '$0.42 + 3 unpriced'],
    [money(0.42, 0.1, 0), '$0.42 + ~$0.10 estimated'],
    [money(0.42, 0.1, 1), '$0.42 + ~$0.10 estimated + 1 unpriced'],
    [money(0, 0, 1), 'unpriced'],
    [money(0, 0, 3), '3 unpriced'],
    [money(0, 0, 0), '$0.00'],
    [money(1234.5, 0, 0), '$1,234.50'],
    [money(1234567.891, 0, 0), '$1,234,567.89'],
    [money(0.0042, 0, 0), '$0.0042'],
    [money(0.009_96, 0, 0), '$0.01'],
    [money(0.000_01, 0, 0), '<$0.0001'],
    [money(0.005, 0, 0), '$0.0050'],
  ])('%o is %s', (value, text) => {
    expect(formatMoney(value)).toBe(text);
  });

  test('short leaves the word away and keeps the sign of an estimate', () => {
    expect(formatMoney(money(0.2, 0.02, 1), { short: true })).toBe('$0.20 + ~$0.02 + 1 unpriced');
  });

  test('whatever is unknown is said, and never stands as a bare zero', () => {
    const amount = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(amount, amount, fc.nat({ max: 1000 }), (measured, estimated, unpriced) => {
        const text = formatMoney(money(measured, estimated, unpriced));
        expect(text.includes('unpriced')).toBe(unpriced > 0);
        expect(text.includes('estimated')).toBe(estimated > 0);
        if (unpriced > 0 || estimated > 0 || measured > 0) expect(text).not.toBe('$0.00');
      }),
    );
  });
});

describe('sums', () => {
  test('of cents show no binary fraction', () => {
    const sum = addMoney(moneyOf({ state: 'measured', usd: 0.1 }), moneyOf({ state: 'measured', usd: 0.2 }));
    expect(sum).toEqual({ measuredUsd: 0.3, estimatedUsd: 0, unpriced: 0 });
  });

  test('keep the three states apart', () => {
    const costs = [
      moneyOf({ state: 'measured', usd: 0.4 }),
      moneyOf({ state: 'estimated', usd: 0.05 }),
      moneyOf({ state: 'unknown' }),
      moneyOf({ state: 'unknown' }),
    ];
    expect(costs.reduce(addMoney, noMoney)).toEqual({ measuredUsd: 0.4, estimatedUsd: 0.05, unpriced: 2 });
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, -1])('a cost of %d is no amount: unknown', (usd) => {
    expect(moneyOf({ state: 'measured', usd })).toEqual({ measuredUsd: 0, estimatedUsd: 0, unpriced: 1 });
  });

  test('a measured zero is known', () => {
    expect(moneyOf({ state: 'measured', usd: 0 })).toEqual(noMoney);
  });
});
