// Writes so many runs into a store, all at once, an append of each in every round; tells of each append when it was made.
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { identify, isAlive } from '@pawl/process';
import { openStore } from '@pawl/session-store';
import { code, planOf, plans, split, story } from '../stage/story.ts';

const { values } = parseArgs({
  options: {
    file: { type: 'string', default: '' },
    repository: { type: 'string', default: '' },
    runs: { type: 'string', default: '1' },
    tasks: { type: 'string', default: '3' },
    pause: { type: 'string', default: '0' },
  },
});
const store = openStore({ file: values.file });
const { started = '' } = (await identify(process.pid)) ?? {};
const holder = { pid: process.pid, started, host: hostname() };
const each = [code('build/impl', ['npm test']), code('build/review', ['npm run lint'])];
const plan = planOf({ name: 'load', repository: values.repository, steps: [split('build', each), code('check', [])] });

const writing = Array.from({ length: Number(values.runs) }, (_, index) => {
  const run = `000000-${String(index).padStart(4, '0')}`;
  const planned = plans(Number(values.tasks));
  return {
    run,
    seq: 0,
    told: story({ run, plan, now: Date.now, outcome: ({ id }) => (id === 'build#1/run-agent' ? planned : undefined) }),
  };
});
const leases = await Promise.all(
  writing.map(({ run }) => store.runs.acquire(run, holder, ({ pid, started: at }) => isAlive({ pid, started: at }))),
);
let going = writing;
for (let round = 0; going.length > 0; round += 1) {
  const left = [];
  for (const one of going) {
    const { value: events } = one.told.next();
    if (!events) continue;
    one.seq = await store.runs.append(one.run, one.seq, events);
    process.stdout.write(`${one.run} ${one.seq} ${Date.now()}\n`);
    left.push(one);
  }
  going = left;
  if (round === 0) process.stdout.write('begun\n');
  await pause(Number(values.pause));
}
for (const lease of leases) await lease.release();
await store.close();
