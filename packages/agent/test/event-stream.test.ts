import type { AgentEvent } from '@pawl/provider';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventStream } from '../src/event-stream.ts';
import { turnEnd } from './fixtures/fake-provider.ts';

const numbered = (index: number): AgentEvent => ({ type: 'native', name: String(index) });

/** Lets others go first, so many times. */
async function pause(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await null;
}

async function write(stream: EventStream, count: number, pauses: readonly number[]): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await pause(pauses[index % pauses.length] ?? 0);
    await stream.push(numbered(index));
  }
  await stream.push(turnEnd());
  stream.end();
}

test('property: a reader gets everything once and in order, whoever is faster', async () => {
  const pauses = fc.array(fc.nat({ max: 5 }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: 3000 }),
      pauses,
      pauses,
      fc.nat({ max: 50 }),
      async (count, writer, reader, late) => {
        const stream = new EventStream();
        const writing = write(stream, count, writer);
        await pause(late);
        const read: AgentEvent[] = [];
        for await (const event of stream) {
          read.push(event);
          await pause(reader[read.length % reader.length] ?? 0);
        }
        await writing;
        expect(read).toEqual([...Array.from({ length: count }, (_, index) => numbered(index)), turnEnd()]);
      },
    ),
    { numRuns: 30 },
  );
});

test.each([
  ['the result is wanted and nobody reads', (stream: EventStream) => stream.wantResult()],
  ['the run is being stopped', (stream: EventStream) => stream.letGo()],
])('holds nobody back once %s; what was kept can still be read, and the end', async (_name, release) => {
  const stream = new EventStream();
  const writing = write(stream, 5000, []);
  await pause(10_000);
  release(stream);
  await writing;
  const read: AgentEvent[] = [];
  for await (const event of stream) read.push(event);
  expect(read).toHaveLength(1001);
  expect(read.at(-1)?.type).toBe('turn-end');
});

test('keeps the writer waiting while somebody may still read', async () => {
  const stream = new EventStream();
  let pushed = 0;
  const writing = (async () => {
    for (; pushed < 1500; pushed += 1) await stream.push(numbered(pushed));
  })();
  await pause(10_000);
  expect(pushed).toBe(1000);
  stream.letGo();
  await writing;
});

test('a reader who leaves lets the writer go, and nothing is kept for another', async () => {
  const stream = new EventStream();
  const writing = write(stream, 5000, []);
  for await (const _event of stream) break;
  await writing;
  for await (const event of stream) expect(event).toBe('nothing');
});
