import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { within } from '../src/deadline.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const late = () => new Error('late');

test('what comes in time is handed on, and no timer is left', async () => {
  expect(await within(100, Promise.resolve(1), late)).toBe(1);
  await expect(within(100, Promise.reject(new Error('own')), late)).rejects.toThrow('own');
  expect(vi.getTimerCount()).toBe(0);
});

test('what does not come is late', async () => {
  const result = expect(within(100, new Promise(() => {}), late)).rejects.toThrow('late');
  await vi.advanceTimersByTimeAsync(100);
  await result;
  expect(vi.getTimerCount()).toBe(0);
});

test('what fails after that disturbs nobody', async () => {
  const { promise, reject } = Promise.withResolvers<never>();
  const result = expect(within(100, promise, late)).rejects.toThrow('late');
  await vi.advanceTimersByTimeAsync(100);
  await result;
  reject(new Error('too late'));
  await vi.advanceTimersByTimeAsync(0);
});
