import { expect, test } from 'vitest';
import { openLarge } from '../test/stage/large.ts';
import type { Conversation } from '../wire.ts';

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;

test('a run of 100,000 events and a transcript of 50 MB', { timeout: 600_000 }, async () => {
  const large = await openLarge({ tasks: 3300, transcriptBytes: 50_000_000 });
  try {
    const { run, session, events } = large;
    const path = encodeURIComponent(large.step);
    const before = process.memoryUsage().rss;
    const tell = async (what: string, at: string): Promise<void> => {
      const from = performance.now();
      const asked = await large.ask(at);
      const ms = Math.round(performance.now() - from);
      console.log(
        `${what.padEnd(34)} ${`${ms} ms`.padStart(8)}  answered ${megabytes(asked.bytes).padStart(8)}  events read ${asked.events}, messages ${asked.messages}, files ${megabytes(asked.fileBytes)}`,
      );
    };
    console.log(`${events} events`);
    await tell('run, for the first time', `/api/runs/${run}`);
    await tell('run, again', `/api/runs/${run}`);
    await tell('tree, further down', `/api/runs/${run}/steps?from=5000`);
    const seq = large.events;
    await large.goOn();
    await tell('run, what one append changed', `/api/runs/${run}?since=${seq}`);
    await tell('list of runs', '/api/runs');
    await tell('timeline', `/api/runs/${run}/timeline`);
    await tell('step', `/api/runs/${run}/step?path=${path}`);
    await tell('state, for the first time', `/api/runs/${run}/state?path=${path}`);
    await tell('state, again', `/api/runs/${run}/state?path=${path}`);
    await tell('newest events', `/api/runs/${run}/events?after=${events - 200}&limit=200`);
    await tell('oldest events', `/api/runs/${run}/events?after=0&limit=200`);
    await tell('conversation, first piece', `/api/runs/${run}/conversation?path=${path}`);
    const { next } = (await large.ask(`/api/runs/${run}/conversation?path=${path}`)).json<Conversation>();
    await tell('conversation, next piece', `/api/runs/${run}/conversation?path=${path}&after=${next}`);
    await tell('session, first page', `/api/sessions/${session}/messages`);
    await tell('log, its end', `/api/runs/${run}/log?path=${path}&of=native&back=1`);
    console.log(`memory of the process grew by ${megabytes(process.memoryUsage().rss - before)}`);
    expect(events).toBeGreaterThan(90_000);
  } finally {
    await large.close();
  }
});
