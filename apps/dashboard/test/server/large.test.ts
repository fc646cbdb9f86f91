import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { turnFolder } from '@pawl/runner';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Conversation, RunPage, StepList } from '../../wire.ts';
import { type Large, openLarge } from '../stage/large.ts';

let large: Large;

beforeAll(async () => {
  large = await openLarge({ tasks: 500, transcriptBytes: 6_000_000 });
});
afterAll(() => large.close());

/** What one page may ask for and get, however large the run is. */
const mostBytes = 1_200_000;

test('a log is read once: each later page of the run reads none of it, and an answer has a size that does not grow', async () => {
  const { run, step } = large;
  const first = await large.ask(`/api/runs/${run}`);
  expect(first.events).toBe(large.events);
  const path = encodeURIComponent(step);
  for (const page of [
    `/api/runs/${run}`,
    `/api/runs/${run}/steps?from=500`,
    `/api/runs/${run}/timeline`,
    `/api/runs/${run}/timeline?from=600`,
    `/api/runs/${run}/step?path=${path}`,
    `/api/runs/${run}/costs`,
    `/api/runs/${run}/plan`,
    `/api/runs/${run}/diff?path=${path}`,
    '/api/runs',
    '/api/needs',
    '/api/analytics',
  ]) {
    const asked = await large.ask(page);
    expect(asked.events, page).toBe(0);
    expect(asked.bytes, page).toBeLessThan(mostBytes);
  }
  // What steps can read of each other is a fold of its own.
  expect((await large.ask(`/api/runs/${run}/state?path=${path}`)).events).toBe(large.events);
  expect((await large.ask(`/api/runs/${run}/state?path=${path}`)).events).toBe(0);
});

test('an event that comes is read alone, by all that show the run', async () => {
  const { run, step } = large;
  const { seq } = (await large.ask(`/api/runs/${run}`)).json<RunPage>();
  await large.goOn();
  const came = large.events - seq;
  expect(came).toBeGreaterThan(0);
  const page = await large.ask(`/api/runs/${run}?since=${seq}`);
  expect(page.events).toBe(came);
  expect(page.json<RunPage>().steps.map(({ path }) => path)).toContain('check');
  expect(page.json<RunPage>().steps.length).toBeLessThan(5);
  expect((await large.ask(`/api/runs/${run}/state?path=${encodeURIComponent(step)}`)).events).toBe(came);
  expect((await large.ask('/api/runs')).events).toBe(0);
});

test('the events of a run are read a page at a time', async () => {
  for (const after of [0, 200, large.events - 150]) {
    const asked = await large.ask(`/api/runs/${large.run}/events?after=${after}&limit=200`);
    expect(asked.events).toBe(Math.min(200, large.events - after));
    expect(asked.bytes).toBeLessThan(mostBytes);
  }
});

test('the tree comes in pieces, each row once', async () => {
  const paths: string[] = [];
  let { steps, next } = (await large.ask(`/api/runs/${large.run}`)).json<RunPage>();
  for (;;) {
    paths.push(...steps.map(({ path }) => path));
    expect(steps.length).toBeLessThanOrEqual(500);
    if (next === undefined) break;
    ({ steps, next } = (await large.ask(`/api/runs/${large.run}/steps?from=${next}`)).json<StepList>());
  }
  expect(paths).toHaveLength(2 + 3 * 500);
  expect(new Set(paths).size).toBe(paths.length);
});

test('a conversation is read a piece at a time, to its end', async () => {
  const path = `/api/runs/${large.run}/conversation?path=${encodeURIComponent(large.step)}`;
  let said = 0;
  let pieces = 0;
  for (let after: string | undefined = ''; after !== undefined; pieces += 1) {
    const asked: Awaited<ReturnType<Large['ask']>> = await large.ask(`${path}&after=${after}`);
    expect(asked.fileBytes).toBeLessThanOrEqual(1024 * 1024);
    expect(asked.bytes).toBeLessThan(mostBytes);
    const { messages, next } = asked.json<Conversation>();
    said += messages.filter(({ type }) => type === 'tool-result').length;
    after = next;
  }
  expect(pieces).toBeGreaterThan(10);
  expect(said).toBe(large.said);
});

test('a session is read a page at a time, to its end', async () => {
  let said = 0;
  for (let after: string | undefined = '0'; after !== undefined; ) {
    const asked: Awaited<ReturnType<Large['ask']>> = await large.ask(
      `/api/sessions/${large.session}/messages?after=${after}`,
    );
    expect(asked.messages).toBeLessThanOrEqual(200);
    expect(asked.bytes).toBeLessThan(2 * mostBytes);
    const { messages, next } = asked.json<Conversation>();
    said += messages.length;
    after = next;
  }
  expect(said).toBe(2 * large.said);
});

test('the log of an agent is read from its end, a piece at a time', async () => {
  const asked = await large.ask(`/api/runs/${large.run}/log?path=${encodeURIComponent(large.step)}&of=native&back=1`);
  expect(asked.fileBytes).toBeLessThanOrEqual(256 * 1024);
});

test('an event that is longer than a piece is told, one without bounds is passed over; what is behind them is told', async () => {
  const step = 'build/task-1/impl';
  const { files } = large.house;
  const folder = turnFolder(`${step}#1/run-agent`);
  expect(await files.piece(large.run, `${folder}/events.ndjson`, 0, 1)).toBeUndefined();
  const tool = (id: string, length: number) =>
    `${JSON.stringify({ type: 'tool-call', id, kind: 'execute', name: 'shell', input: 'cat' })}\n${JSON.stringify({ type: 'tool-result', id, status: 'ok', output: 'x'.repeat(length) })}\n`;
  const at = join(large.home, 'runs', large.run, folder);
  mkdirSync(at, { recursive: true });
  writeFileSync(
    join(at, 'events.ndjson'),
    tool('a', 10) + tool('b', 3_000_000) + tool('c', 20_000_000) + tool('d', 10),
  );
  const calls: string[] = [];
  const notes: string[] = [];
  let after: string | undefined = '';
  for (let pages = 0; after !== undefined; pages += 1) {
    expect(pages).toBeLessThan(10);
    const { messages, next }: Conversation = (
      await large.ask(`/api/runs/${large.run}/conversation?path=${encodeURIComponent(step)}&after=${after}`)
    ).json<Conversation>();
    calls.push(...messages.flatMap((one) => (one.type === 'tool-result' ? [one.call] : [])));
    notes.push(...messages.flatMap((one) => (one.type === 'note' ? [one.text] : [])));
    after = next;
  }
  expect(calls).toEqual(['a', 'b', 'd']);
  expect(notes).toEqual([expect.stringMatching(/^an event of 200\d{5} bytes is only in the log$/)]);
});
