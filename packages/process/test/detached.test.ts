import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startDetached } from '../src/index.ts';
import { until } from './programs.ts';

const starting = (code: string, more: Partial<Parameters<typeof startDetached>[0]> = {}) =>
  startDetached({
    file: process.execPath,
    args: ['-e', code],
    cwd: '/',
    env: { PATH: process.env.PATH ?? '' },
    firstLineMs: 30_000,
    ...more,
  });

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'pawl-detached-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

test('a program that has printed its first line goes on, and nothing of what it prints then is kept', async () => {
  const place = folder();
  const code = `
process.stdout.on('error', () => {});
console.log('{"begun":true}');
const { existsSync, writeFileSync } = require('node:fs');
let printed = 0;
(function more() {
  if (existsSync(${JSON.stringify(join(place, 'enough'))})) return writeFileSync(${JSON.stringify(join(place, 'done'))}, String(printed));
  process.stdout.write('x'.repeat(65536) + '\\n');
  printed += 1;
  setTimeout(more, 1);
})();`;
  const started = await starting(code, { cwd: place });
  expect(started).toMatchObject({ started: true, line: '{"begun":true}' });
  const pid = started.started ? started.pid : 0;
  onTestFinished(() => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {}
  });
  // It has no file to print to: what it prints takes no room, with or without a name.
  if (existsSync(`/proc/${pid}/fd/1`)) expect(readFileSync(`/proc/${pid}/fdinfo/1`, 'utf8')).toContain('pos:\t0\n');
  writeFileSync(join(place, 'enough'), '');
  await until(() => existsSync(join(place, 'done')), 'it goes on with nobody reading');
  expect(readdirSync(place).sort()).toEqual(['done', 'enough']);
});

test('one that ends before has its code and what it said', async () => {
  expect(await starting('console.error("no such thing"); process.exit(5)')).toEqual({
    started: false,
    code: 5,
    stdout: '',
    stderr: 'no such thing\n',
  });
});

test('a first line that is a refusal is not taken for a beginning: its end is awaited', async () => {
  const code = 'console.log("no"); setTimeout(() => { console.log("because"); process.exitCode = 2; }, 200)';
  expect(await starting(code, { isRefusal: (line) => line === 'no' })).toEqual({
    started: false,
    code: 2,
    stdout: 'no\nbecause\n',
    stderr: '',
  });
});

test('one that is not there, and one that says nothing, do not begin', async () => {
  expect(await starting('', { file: '/nowhere/pawl' })).toMatchObject({
    started: false,
    code: undefined,
    stderr: expect.stringContaining('ENOENT'),
  });
  const silent = await starting('setInterval(() => {}, 1000)', { firstLineMs: 300 });
  expect(silent).toMatchObject({
    started: false,
    stderr: expect.stringContaining('nothing was printed within 300 ms'),
  });
});
