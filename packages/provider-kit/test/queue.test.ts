import type { AgentEvent } from '@pawl/provider';
import { describe, expect, test } from 'vitest';
import { EventQueue } from '../src/queue.ts';
import { settle } from './toy.ts';

const event = (name: string): AgentEvent => ({ type: 'native', name });
const queue = (events = 2, characters = 100) => new EventQueue({ events, characters });

/** Whether a wait for room is over. */
async function waiting(of: EventQueue): Promise<() => boolean> {
  let over = false;
  void of.room().then(() => {
    over = true;
  });
  await settle();
  return () => !over;
}

async function read(of: EventQueue): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const one of of) names.push('name' in one ? one.name : one.type);
  return names;
}

test('keeps the order and ends', async () => {
  const q = queue();
  q.push(event('a'));
  q.push(event('b'));
  q.close();
  expect(await read(q)).toEqual(['a', 'b']);
  expect(await q.next()).toEqual({ value: undefined, done: true });
});

test('a reader that waits gets what comes, several at a time too', async () => {
  const q = queue();
  const waits = [q.next(), q.next(), q.next()];
  q.push(event('a'));
  q.push(event('b'));
  q.close();
  expect((await Promise.all(waits)).map(({ done }) => done)).toEqual([false, false, true]);
});

describe('when it is full', () => {
  test.each([
    ['of events', queue(2), 0],
    ['of characters', queue(100, 10), 5],
  ])('%s the producer waits until there is room', async (_, q, weight) => {
    q.push(event('a'), weight);
    q.push(event('b'), weight);
    const isWaiting = await waiting(q);
    expect(isWaiting()).toBe(true);
    await q.next();
    await settle();
    expect(isWaiting()).toBe(false);
    expect(q.discarding).toBe(false);
  });

  test('it waits for a reader who is yet to come', async () => {
    const q = queue(1);
    q.push(event('a'));
    expect((await waiting(q))()).toBe(true);
  });

  test('it does not wait where only the end is awaited; the beginning stays', async () => {
    const q = queue(1);
    q.push(event('a'));
    const isWaiting = await waiting(q);
    q.unattended();
    await settle();
    expect(isWaiting()).toBe(false);
    expect(q.discarding).toBe(true);
    q.close();
    expect(await read(q)).toEqual(['a']);
  });

  test('it waits for a reader who also awaits the end', async () => {
    const q = queue(1);
    q.unattended();
    q[Symbol.asyncIterator]();
    q.push(event('a'));
    expect((await waiting(q))()).toBe(true);
  });

  test('it does not wait while the turn is stopped', async () => {
    const q = queue(1);
    q[Symbol.asyncIterator]();
    q.push(event('a'));
    const isWaiting = await waiting(q);
    q.hurry();
    await settle();
    expect(isWaiting()).toBe(false);
  });

  test('a reader who leaves frees it for good', async () => {
    const q = queue(1);
    q.push(event('a'));
    const isWaiting = await waiting(q);
    for await (const _ of q) break;
    await settle();
    expect(isWaiting()).toBe(false);
    q.push(event('b'));
    expect(await q.next()).toEqual({ value: undefined, done: true });
  });
});
