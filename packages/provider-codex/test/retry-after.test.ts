import { expect, test } from 'vitest';
import { retryAfter } from '../src/retry-after.ts';

// Codex tells a time by the local clock.
process.env.TZ = 'Asia/Kolkata';
const now = Date.parse('2026-11-20T11:23:38+05:30');
const minutes = (figure: number) => figure * 60_000;

test.each<[string, number | undefined]>([
  ['Please try again in 1.5s.', 1_500],
  ['try again in 250ms', 250],
  ['or try again in 2 days 3 hours 5 minutes.', minutes((2 * 24 + 3) * 60 + 5)],
  ['Try again in 1 hour, 30 minutes and 5 seconds', minutes(90) + 5_000],
  // The minute may be at its end: 37 minutes less 38 seconds, and a minute more.
  ['or try again at 12:00 PM.', minutes(36) + 22_000 + minutes(1)],
  ['or try again at 11:00 AM.', minutes(24 * 60 - 24) + 22_000 + minutes(1) - minutes(0)],
  ['or try again at 12:05 AM.', minutes(12 * 60 + 41) + 22_000 + minutes(1)],
  ['try again at Nov 23rd, 2026 3:25 PM.', minutes(3 * 24 * 60 + 4 * 60 + 1) + 22_000 + minutes(1)],
  ['try again at Nov 1st, 2026 3:25 PM.', 0],
  ['try again later.', undefined],
  ['try again in a while', undefined],
])('%s', (sentence, expected) => {
  expect(retryAfter(sentence, now)).toBe(expected);
});

test('a time tells nothing without a clock', () => {
  expect(retryAfter('try again at 1:24 PM.', undefined)).toBeUndefined();
  expect(retryAfter('try again in 2s', undefined)).toBe(2_000);
});
