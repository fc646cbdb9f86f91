import { createAgent } from '@pawl/agent';
import type { AgentEvent } from '@pawl/provider';
import { script } from '@pawl/provider-script';
import { describe, expect, test } from 'vitest';
import { useWorkshop } from './fixtures/workshop.ts';

const workshop = useWorkshop();
const agent = (name: string) => createAgent(script(), workshop.agent(name));
const flood = 5_000;
const toolCalls = (events: readonly AgentEvent[]) => events.filter(({ type }) => type === 'tool-call').length;

async function all(stream: AsyncIterable<AgentEvent>): Promise<AgentEvent[]> {
  const events: AgentEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

describe('a stream', () => {
  test('begins with turn-start, tells the session, ends with turn-end', async () => {
    const stream = agent('talker').stream('hello');
    const events = await all(stream);
    expect(events[0]).toEqual({ type: 'turn-start' });
    const result = await stream.result;
    expect(events.find(({ type }) => type === 'session-ready')).toMatchObject({ session: result.session });
    expect(events.at(-1)).toMatchObject({ type: 'turn-end', outcome: { kind: 'completed' } });
    expect(events.flatMap((event) => (event.type === 'text-delta' ? [event.delta] : [])).join('')).toBe('hello\n');
    expect(result.text).toBe('hello');
  });

  test('keeps the conversation as run does', async () => {
    const talker = agent('talker');
    await all(talker.stream('one'));
    expect((await talker.stream('two').result).text).toBe('one | two');
  });

  test('loses nothing of a flood, however slow the reader', async () => {
    const events: AgentEvent[] = [];
    for await (const event of agent('flood').stream(`${flood}`)) {
      events.push(event);
      if (events.length % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(toolCalls(events)).toBe(flood);
  });

  test('a reader who comes late misses nothing', async () => {
    const stream = agent('flood').stream(`${flood}`);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(toolCalls(await all(stream))).toBe(flood);
  });

  test('a result without a reader', async () => {
    const { result } = agent('flood').stream(`${flood}`);
    expect((await result).outcome.kind).toBe('completed');
  });

  test('a reader who leaves does not stop the run', async () => {
    const stream = agent('flood').stream(`${flood}`);
    for await (const event of stream) if (event.type === 'tool-call') break;
    expect((await stream.result).outcome.kind).toBe('completed');
    expect(await all(stream)).toEqual([]);
  });

  test('abort from inside the loop, amid a flood', async () => {
    const flooding = agent('flood');
    const stream = flooding.stream('100000000');
    let count = 0;
    for await (const event of stream) {
      count += 1;
      if (event.type === 'tool-call') await flooding.abort();
    }
    expect((await stream.result).outcome).toEqual({ kind: 'cancelled' });
    expect(count).toBeLessThan(10_000);
    expect(flooding.session).toBeDefined();
  });

  test('events reach onEvent too', async () => {
    const seen: string[] = [];
    const events = await all(agent('talker').stream('x', { onEvent: ({ type }) => void seen.push(type) }));
    expect(seen).toEqual(events.map(({ type }) => type));
  });

  test('what onEvent throws is told by the result; the loop ends', async () => {
    const failure = new Error('mine');
    const stream = agent('talker').stream('x', { onEvent: () => Promise.reject(failure) });
    expect(await all(stream)).toEqual([]);
    await expect(stream.result).rejects.toBe(failure);
  });
});
