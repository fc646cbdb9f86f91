// pnpm test:load [--whole]: live runs and clients before a real server. Prints how long what happened took to reach a page,
// and what the server needed of memory; fails where something was lost or told twice. Figures are printed, not judged.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { inOrder } from '../../web/src/data/steps.ts';
import type { RunList, RunPage } from '../../wire.ts';
import { ask } from '../stage/ask.ts';
import { openStage } from '../stage/stage.ts';
import { type Client, openClient } from './client.ts';

const { values } = parseArgs({ options: { whole: { type: 'boolean', default: false } } });
const size = values.whole
  ? { runs: 100, tasks: 24, agents: 10, clients: 20, pauseMs: 200, deadlineMs: 900_000 }
  : { runs: 100, tasks: 2, agents: 2, clients: 20, pauseMs: 250, deadlineMs: 150_000 };

const stage = openStage();
const file = join(stage.home, 'pawl.db');
const started: ChildProcess[] = [];
const begin = (script: string, args: readonly string[]): ChildProcess & { readonly stdout: NodeJS.ReadableStream } => {
  const path = join(import.meta.dirname, script);
  const child = spawn(process.execPath, ['--conditions=@pawl/source', path, ...args], {
    cwd: stage.repository,
    env: stage.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  return child;
};
const problems: string[] = [];
const clients: Client[] = [];
const [delays, asked]: [number[], number[]] = [[], []];
const began = performance.now();
const late = setTimeout(() => {
  console.error(`not done after ${size.deadlineMs / 1000} s`);
  for (const child of started) child.kill('SIGKILL');
  process.exit(1);
}, size.deadlineMs);

try {
  const server = begin('server.ts', ['--port', '0']);
  const [, url = '', token = ''] = /^(.*)\/#token=(.*)$/.exec(await firstLine(server.stdout)) ?? [];
  const memory = watchMemory(server.pid ?? 0);
  const before = memory.now();

  /** When which event was written, by run. */
  const written = new Map<string, { readonly seq: number; readonly at: number }[]>();
  const writer = begin('writer.ts', [
    ...['--file', file, '--repository', stage.repository],
    ...['--runs', `${size.runs}`, '--tasks', `${size.tasks}`, '--pause', `${size.pauseMs}`],
  ]);
  const ended = new Promise<number | null>((resolve) => writer.on('close', resolve));
  const begun = Promise.withResolvers<void>();
  createInterface(writer.stdout).on('line', (line) => {
    const [run = '', seq, at] = line.split(' ');
    if (run === 'begun') return begun.resolve();
    const own = written.get(run) ?? [];
    own.push({ seq: Number(seq), at: Number(at) });
    written.set(run, own);
  });
  await Promise.race([begun.promise, ended]);

  for (let index = 0; index < size.clients; index += 1)
    clients.push(
      openClient({
        url,
        token,
        run: [...written.keys()][index] ?? '',
        cutAfter: 20 + index,
        onRow: ({ id, seq }) => {
          const append = written.get(id)?.find((one) => one.seq >= seq);
          if (append) delays.push(Date.now() - append.at);
        },
      }),
    );
  const agents = Array.from({ length: size.agents }, (_, index) => index % 2).reduce(async (earlier) => {
    await earlier;
    const { code, stderr } = await stage.pawl('run', 'build', '--spec', 'spec.md');
    if (code !== 0) problems.push(`a run of script agents ended with ${code}: ${stderr.slice(-300)}`);
  }, Promise.resolve());
  const done = { yet: false };
  const asking = askAround({ url, token }, done);
  const code = await ended;
  if (code !== 0) problems.push(`the writer ended with ${code}`);
  await agents;
  done.yet = true;
  await asking;

  const whole = (await ask({ url, token }, '/api/runs?limit=200')).json<RunList>().runs;
  if (whole.length !== size.runs + size.agents) problems.push(`${whole.length} runs are in the list`);
  for (const [index, client] of clients.entries()) {
    const missing = () => whole.filter((row) => !isDeepStrictEqual(client.rows.get(row.id), row)).map(({ id }) => id);
    for (let times = 0; missing().length > 0 && times < 100; times += 1) await pause(100);
    client.close();
    if (missing().length > 0) problems.push(`client ${index} was not told the end of ${missing().join(', ')}`);
    const run = [...written.keys()][index] ?? '';
    const { steps } = (await ask({ url, token }, `/api/runs/${run}`)).json<RunPage>();
    if (!isDeepStrictEqual(inOrder(client.steps.values()), steps))
      problems.push(`client ${index} has not put together what run ${run} is`);
    problems.push(...client.problems.map((problem) => `client ${index}: ${problem}`));
  }
  const { now, peak } = { now: memory.now(), peak: memory.stop() };
  const sum = (of: (client: Client) => number) => clients.reduce((all, client) => all + of(client), 0);
  const events = whole.reduce((all, { seq }) => all + seq, 0);
  console.log(
    `live runs ${size.runs} written, ${size.agents} of script agents; clients ${size.clients}; events ${events}`,
  );
  console.log(`told to clients ${sum(({ told }) => told)}, connections lost ${sum(({ reconnects }) => reconnects)}`);
  console.log(`from written to told  ${percentiles(delays)} (${delays.length} rows)`);
  console.log(`lists and pages       ${percentiles(asked)} (${asked.length} requests)`);
  console.log(`memory of the server  ${before} MB at first, ${now} MB at the end, ${peak} MB at most`);
  console.log(`took ${Math.round((performance.now() - began) / 1000)} s`);
  if (delays.length === 0) problems.push('no client was told anything');
} finally {
  clearTimeout(late);
  for (const client of clients) client.close();
  for (const child of started) child.kill('SIGTERM');
  await stage.close();
}
for (const problem of problems.slice(0, 20)) console.error(problem);
if (problems.length > 0) {
  console.error(`${problems.length} problems`);
  process.exitCode = 1;
} else console.log('nothing was lost, nothing told twice');

/** What pages ask for meanwhile. */
async function askAround(served: { readonly url: string; readonly token: string }, until: { readonly yet: boolean }) {
  const paths = [
    '/api/runs',
    '/api/needs',
    ...clients.map((_, index) => `/api/runs/000000-${`${index}`.padStart(4, '0')}`),
  ];
  for (let index = 0; !until.yet; index += 1) {
    const from = performance.now();
    const reply = await ask(served, paths[index % paths.length] ?? '');
    asked.push(performance.now() - from);
    if (reply.status !== 200) problems.push(`${paths[index % paths.length]} was answered with ${reply.status}`);
    await pause(50);
  }
}

function percentiles(all: readonly number[]): string {
  const sorted = [...all].sort((one, other) => one - other);
  const at = (part: number) =>
    `${Math.round(sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0)} ms`;
  return `half within ${at(0.5)}, 95 of 100 within ${at(0.95)}, 99 within ${at(0.99)}, all within ${at(1)}`;
}

function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface(stream)
      .once('line', resolve)
      .once('close', () => reject(new Error('the server did not start')));
  });
}

/** Of another process, in MB; where the system does not tell it, 0. */
function watchMemory(pid: number) {
  const now = (): number => {
    try {
      return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
    } catch {
      return 0;
    }
  };
  let peak = now();
  const timer = setInterval(() => {
    peak = Math.max(peak, now());
  }, 250);
  return {
    now,
    stop: (): number => {
      clearInterval(timer);
      return peak;
    },
  };
}
