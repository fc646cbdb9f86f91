import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { identify, isAlive, spawnProcess, sweepMarked } from '@pawl/process';
import { describe, expect, test } from 'vitest';
import { collect, ended, fixture, leftBehind, script, until } from './programs.ts';

describe('stop', () => {
  test('asks first, then ends by force what ignores it', async () => {
    const running = spawnProcess({ ...fixture('ignore-term'), stopGraceMs: 300 });
    const reader = running.lines[Symbol.asyncIterator]();
    await reader.next();
    await running.stop();
    expect(await reader.next()).toMatchObject({ value: { text: 'no' } });
    expect(await running.exit).toMatchObject({ code: undefined, signal: 'SIGKILL' });
  });

  test('is idempotent, and does nothing to a process that has ended', async () => {
    const running = spawnProcess(fixture('forever'));
    await Promise.all([running.stop(), running.stop()]);
    await running.stop();
    const other = spawnProcess(script(''));
    expect(await other.exit).toMatchObject({ code: 0 });
    await other.stop();
    expect(await other.exit).toMatchObject({ code: 0 });
  });

  test('ends a stopped (SIGSTOP) process', async () => {
    const running = spawnProcess({ ...fixture('forever'), stopGraceMs: 100 });
    process.kill(running.pid ?? 0, 'SIGSTOP');
    await running.stop();
    expect(ended(running.identity)).toBe(true);
  });

  test('ends a descendant in its own session, without environment, while its parent lives', async () => {
    const running = spawnProcess({ ...fixture('leave-behind', 'ignore-term.mjs', 'bare', 'stay'), stopGraceMs: 200 });
    const left = await leftBehind(running);
    await running.stop();
    expect(ended(left)).toBe(true);
  });

  test('ends a family that forks while it is being stopped', async () => {
    const code = `const { spawn } = require('node:child_process');
      const more = () => spawn(process.execPath, ['-e', 'setInterval(() => 0, 999)'], { stdio: 'inherit', detached: true });
      process.on('SIGTERM', () => { for (let i = 0; i < 5; i += 1) console.log('left ' + more().pid); });
      more(); setInterval(() => 0, 999); console.log('ready');`;
    const running = spawnProcess({ ...script(code), stopGraceMs: 500 });
    const reader = running.lines[Symbol.asyncIterator]();
    await reader.next();
    await running.stop();
    const pids: number[] = [];
    for (let next = await reader.next(); !next.done; next = await reader.next())
      pids.push(Number(next.value.text.slice(5)));
    expect(pids.length).toBeGreaterThanOrEqual(5);
    expect(pids.map(identify).filter((identity) => identity && isAlive(identity))).toEqual([]);
  });
});

describe('what is left behind by a program that ends by itself', () => {
  test.each([
    ['in the same group', `require('node:child_process').spawn('sleep', ['60'], { stdio: 'ignore' })`],
    ['holding its output', `require('node:child_process').spawn('sleep', ['60'], { stdio: 'inherit' })`],
  ])('%s is ended before exit settles', async (_, start) => {
    const running = spawnProcess(script(`const child = ${start}; child.unref(); console.log('left ' + child.pid)`));
    const left = await leftBehind(running);
    expect(await running.exit).toMatchObject({ code: 0 });
    expect(ended(left)).toBe(true);
  });

  test.each([[['forever.mjs']], [['ignore-term.mjs']], [['ignore-term.mjs', 'hold']]])(
    'after a double fork into its own session (%j) is ended too',
    async (args) => {
      const running = spawnProcess({ ...fixture('leave-behind', ...args), stopGraceMs: 200 });
      const left = await leftBehind(running);
      expect(await running.exit).toMatchObject({ code: 0 });
      expect(ended(left)).toBe(true);
    },
  );

  test('beyond our reach does not hold the lines open, nor exit', async () => {
    const running = spawnProcess(fixture('leave-behind', 'forever.mjs', 'bare', 'hold'));
    const lines = await collect(running);
    expect(await running.exit).toMatchObject({ code: 0 });
    const pid = Number(lines[0]?.slice(5));
    expect(lines[0]).toMatch(/^left \d+$/);
    process.kill(pid, 'SIGKILL');
  });

  test('does not take the neighbour with the same marker along', async () => {
    const neighbour = spawnProcess({ ...fixture('forever'), marker: 'same' });
    const running = spawnProcess({ ...fixture('leave-behind', 'forever.mjs'), marker: 'same' });
    const left = await leftBehind(running);
    await running.exit;
    expect(ended(left)).toBe(true);
    expect(ended(neighbour.identity)).toBe(false);
    await neighbour.stop();
  });
});

describe('what a pawl that is gone leaves behind', () => {
  const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url));
  const owner = (marker: string, last: string) => ({
    ...script(''),
    args: [
      '--conditions=@pawl/source',
      '--input-type=module',
      '-e',
      `import { spawnProcess } from ${JSON.stringify(entry)};
       const running = spawnProcess(${JSON.stringify({ ...fixture('forever'), marker })});
       console.log('left ' + running.pid); ${last}`,
    ],
  });
  /** Not through us: it would be one tree. */
  const runOwner = (marker: string, last: string): number => {
    const command = owner(marker, last);
    let out = '';
    try {
      out = execFileSync(command.file, command.args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    } catch (error) {
      out = String((error as { stdout: string }).stdout);
    }
    return Number(/left (\d+)/.exec(out)?.[1]);
  };

  test('is ended by pawl itself when it exits by itself', async () => {
    const pid = runOwner('exit-guard', 'process.exit(0)');
    await until(() => !identify(pid) || ended(identify(pid)), 'the process ended');
  });

  test('after kill -9 is found by its marker and swept', async () => {
    const marker = `sweep-${process.pid}`;
    const pid = runOwner(marker, `process.kill(process.pid, 'SIGKILL')`);
    const left = identify(pid);
    expect(ended(left)).toBe(false);
    expect(await sweepMarked(`${marker}x`)).toBe(0);
    expect(await sweepMarked(marker)).toBe(1);
    expect(ended(left)).toBe(true);
    expect(await sweepMarked(marker)).toBe(0);
  });
});

test('no such process has no identity', () => {
  expect(identify(0)).toBeUndefined();
  expect(identify(-1)).toBeUndefined();
  expect(identify(2 ** 40)).toBeUndefined();
  expect(identify(process.pid)).toEqual({ pid: process.pid, started: expect.any(String) });
});
