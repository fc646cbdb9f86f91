import { describe, expect, test } from 'vitest';
import { type ApiReason, apiFailure, reasonOfStatus, reasonOfWords } from '../src/index.ts';

describe('what an API refuses', () => {
  test.each<[number, ApiReason]>([
    [401, 'sign-in'],
    [403, 'sign-in'],
    [402, 'quota'],
    [404, 'model'],
    [408, 'network'],
    [413, 'too-long'],
    [429, 'rate'],
    [500, 'server'],
    [502, 'server'],
    [503, 'busy'],
    [529, 'busy'],
    [400, 'other'],
    [-32603, 'other'],
    [Number.NaN, 'other'],
  ])('status %s is %s', (status, reason) => {
    expect(reasonOfStatus(status)).toBe(reason);
  });

  test('the first words that are said count', () => {
    const words = [
      [/too long/, 'too-long'],
      [/long/, 'rate'],
    ] as const;
    expect(reasonOfWords('it is too long', words)).toBe('too-long');
    expect(reasonOfWords('long', words)).toBe('rate');
    expect(reasonOfWords('short', words)).toBeUndefined();
  });

  test.each<[ApiReason, string, boolean]>([
    ['sign-in', 'not-signed-in', false],
    ['quota', 'quota-exhausted', false],
    ['model', 'model-not-found', false],
    ['too-long', 'context-too-long', false],
    ['rate', 'rate-limited', true],
    ['busy', 'overloaded', true],
    ['network', 'network', true],
    ['server', 'internal', true],
    ['other', 'internal', false],
  ])('%s is told as %s', (reason, code, retryable) => {
    expect(apiFailure(reason, 'no')).toMatchObject({ code, retryable });
  });

  test('what was said stays, as one sentence, with what to do next: the adapter knows best', () => {
    expect(apiFailure('quota', 'You have none left. \n').message).toBe(
      'You have none left. Add credit to the account, or use another agent.',
    );
    expect(apiFailure('sign-in', 'Who are you', { hints: { 'sign-in': 'Run `x login`.' } }).message).toBe(
      'Who are you. Run `x login`.',
    );
    expect(apiFailure('rate', 'slow down').message).toBe('slow down.');
  });

  test('how it ended and how long to wait come with it where they are known', () => {
    const exit = { code: 1, signal: undefined, stderrTail: 'why' };
    expect(apiFailure('quota', 'no', { exit, retryable: true, retryAfterMs: 900 })).toMatchObject({
      ...{ retryable: true, retryAfterMs: 900, exitCode: 1, stderrTail: 'why' },
    });
    expect(apiFailure('rate', 'no', { exit, retryAfterMs: undefined })).not.toHaveProperty('retryAfterMs');
  });
});
