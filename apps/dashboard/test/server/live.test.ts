import { afterAll, beforeAll, expect, test } from 'vitest';
import { inOrder } from '../../web/src/data/steps.ts';
import type { RunPage, RunRow } from '../../wire.ts';
import { ask } from '../stage/ask.ts';
import { type Heard, listen } from '../stage/events.ts';
import { openStage, type Served, type Stage, serveStage } from '../stage/stage.ts';

let stage: Stage;
let served: Served;

beforeAll(async () => {
  stage = openStage();
  served = await serveStage(stage);
});
afterAll(async () => {
  await served.close();
  await stage.close();
});

const pagesIn = (heard: readonly Heard[]): readonly RunPage[] =>
  heard.filter(({ event }) => event === 'run').map(({ data }) => data as RunPage);

test('a page that loses its connection again and again is told all of a run, and nothing twice', async () => {
  const first = listen(served, '/api/live');
  await first.until('the beginning', ({ event }) => event === 'resync');
  const ended = stage.pawl('run', 'build', '--spec', 'spec.md');
  const { data } = await first.until('a run', ({ event }) => event === 'runs');
  const run = (data as readonly RunRow[])[0]?.id ?? '';
  first.cut();

  const heard: Heard[] = [];
  let last: string | undefined;
  for (let part = 0; part < 200; part += 1) {
    const ear = listen(served, `/api/live?run=${run}&since=0`, last);
    const one = await ear.until('what comes next', ({ event }) => event === 'run');
    ear.cut();
    heard.push(...ear.heard.slice(0, ear.heard.indexOf(one) + 1));
    last = one.id;
    if ((one.data as RunPage).row.status === 'passed') break;
  }
  expect((await ended).code).toBe(0);

  const pages = pagesIn(heard);
  expect(pages.length).toBeGreaterThan(2);
  const numbers = pages.map(({ seq }) => seq);
  expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
  // What was told in pieces is what is there as a whole.
  const steps = new Map(pages.flatMap((page) => page.steps.map((step) => [step.path, step] as const)));
  const whole = (await ask(served, `/api/runs/${run}`)).json<RunPage>();
  expect(inOrder(steps.values())).toEqual(whole.steps);
  expect(heard.filter(({ event }) => event === 'resync')).toHaveLength(1);
}, 120_000);

test('of a run that is not there nothing is told, and a page does not ask again and again', async () => {
  for (const path of ['/api/live?run=nobody', '/api/live?run=..%2f..']) {
    const reply = await ask(served, path);
    expect([path, reply.status >= 400 && reply.status < 500]).toEqual([path, true]);
    expect(reply.headers['content-type']).toMatch(/^application\/json/);
  }
  expect(served.log).toEqual([]);
});

test('after the server was started anew a page is told to ask anew, and goes on in the log where it was', async () => {
  const { runs } = (await ask(served, '/api/runs')).json<{ runs: readonly RunRow[] }>();
  const [run] = runs;
  const ear = listen(served, `/api/live?run=${run?.id}&since=${run?.seq}`, `elsewhere.99.${(run?.seq ?? 0) - 1}`);
  await ear.until('that it is another server', ({ event }) => event === 'resync');
  const { data } = await ear.until('the last event', ({ event }) => event === 'run');
  expect((data as RunPage).seq).toBe(run?.seq);
  ear.cut();
});

test('two pages hear the same', async () => {
  const ears = [listen(served, '/api/live'), listen(served, '/api/live')];
  for (const ear of ears) await ear.until('the beginning', ({ event }) => event === 'resync');
  const { code } = await stage.pawl('run', 'fail', '--spec', 'spec.md');
  expect(code).toBe(1);
  for (const ear of ears) {
    const failed = ({ event, data }: Heard) =>
      event === 'runs' && (data as readonly RunRow[]).some(({ status }) => status === 'failed');
    await ear.until('the end', failed);
    ear.cut();
  }
});
