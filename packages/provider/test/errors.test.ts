import { ProviderError, type SerializedProviderError } from '@pawl/provider';
import { describe, expect, test } from 'vitest';

const details: SerializedProviderError = {
  code: 'rate-limited',
  message: 'Too many requests; try again in 7 s.',
  retryable: true,
  retryAfterMs: 7_000,
};

describe('ProviderError', () => {
  test('carries a failure as data', () => {
    const error = new ProviderError(details);
    expect(error).toBeInstanceOf(Error);
    expect([error.name, error.code, error.message]).toEqual(['ProviderError', 'rate-limited', details.message]);
    expect(JSON.parse(JSON.stringify(error.details))).toEqual(details);
  });

  test('keeps its cause', () => {
    const cause = new Error('socket closed');
    expect(new ProviderError(details, { cause }).cause).toBe(cause);
    expect(new ProviderError(details)).not.toHaveProperty('cause');
  });

  test('is known by its marker, also from another copy of this package', () => {
    const foreign = Object.defineProperty(new Error('x'), Symbol.for('pawl.provider-error.v1'), { value: true });
    expect(ProviderError.is(new ProviderError(details))).toBe(true);
    expect(ProviderError.is(foreign)).toBe(true);
  });

  test.each([undefined, null, 'ProviderError', 7, {}, new Error('ProviderError'), { name: 'ProviderError' }])(
    'is not %s',
    (value) => {
      expect(ProviderError.is(value)).toBe(false);
    },
  );

  test('the marker is not shown', () => {
    expect(Object.getOwnPropertySymbols({ ...new ProviderError(details) })).toEqual([]);
  });
});
