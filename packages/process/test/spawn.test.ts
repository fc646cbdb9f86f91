import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identify, isAlive, ProcessError, spawnProcess } from '@pawl/process';
import { describe, expect, test } from 'vitest';
import { collect, fixture, script } from './programs.ts';

describe('a program that runs', () => {
  test('gives its lines, its exit code and the end of its standard error', async () => {
    const running = spawnProcess({
      ...script(`console.log('one'); console.error('x'.repeat(100) + 'end'); process.exitCode = 3`),
      stderrTailBytes: 5,
    });
    expect(await collect(running)).toEqual(['one']);
    expect(await running.exit).toEqual({ code: 3, signal: undefined, stderrTail: 'end\n'.padStart(5, 'x') });
  });

  test('is named by its id and start time, and is not alive afterwards', async () => {
    const running = spawnProcess(fixture('forever'));
    expect(running.identity).toEqual(identify(running.pid ?? 0));
    expect(running.identity && isAlive(running.identity)).toBe(true);
    expect(running.identity && isAlive({ ...running.identity, started: 'other' })).toBe(false);
    await running.stop();
    expect(running.identity && isAlive(running.identity)).toBe(false);
    expect(await running.exit).toMatchObject({ code: undefined, signal: 'SIGTERM' });
  });

  test('sees the environment it was given and its markers, and nothing else', async () => {
    const running = spawnProcess({
      ...script('console.log(JSON.stringify(process.env))'),
      env: { ONE: '1' },
      marker: 'run-7',
    });
    const [line = ''] = await collect(running);
    expect(JSON.parse(line)).toEqual({ ONE: '1', PAWL_PROCESS: 'run-7', PAWL_PROCESS_ID: expect.any(String) });
  });

  test('is started in its own process group', async () => {
    const running = spawnProcess({ ...fixture('forever'), file: 'sh', args: ['-c', 'ps -o pgid= -p $$ || echo $$'] });
    const [group] = await collect(running);
    expect(Number(group)).toBe(running.pid);
  });

  test('calls the tee with every chunk, before the lines', async () => {
    const teed: Uint8Array[] = [];
    const running = spawnProcess({ ...fixture('flood', '300000'), onStdout: (chunk) => void teed.push(chunk) });
    const lines = await collect(running);
    expect(Buffer.concat(teed).toString()).toBe(`${lines.join('\n')}\n`);
  });

  test('a tee that fails ends the lines with its error, and the program is not stuck', async () => {
    const onStdout = () => Promise.reject(new Error('disk full'));
    const running = spawnProcess({ ...fixture('flood', '3000000'), onStdout });
    await expect(collect(running)).rejects.toThrow('disk full');
    expect(await running.exit).toMatchObject({ code: 0 });
  });
});

describe('standard input', () => {
  test('arrives whole and is closed', async () => {
    const running = spawnProcess({ ...fixture('echo-stdin'), stdin: 'é'.repeat(1_000_000) });
    expect(await collect(running)).toEqual(['2000000 bytes']);
  });

  test('is empty when there is none, so that a program that reads it goes on', async () => {
    expect(await collect(spawnProcess(fixture('echo-stdin')))).toEqual(['0 bytes']);
  });

  test.each([[[]], [['close']]])('of 1 MB that is never read does no harm (%j)', async (args) => {
    const running = spawnProcess({ ...fixture('never-reads', ...args), stdin: 'z'.repeat(1_000_000) });
    expect(await running.exit).toMatchObject({ code: 7 });
  });

  test('of a program that is not there does no harm either', async () => {
    const running = spawnProcess({ ...script(''), file: 'no-such-program', stdin: 'z'.repeat(1_000_000) });
    expect((await running.exit).error?.code).toBe('not-found');
  });
});

describe('a program that cannot be started', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-process-'));
  const plain = join(folder, 'plain.txt');
  writeFileSync(plain, 'text', { mode: 0o644 });
  const lost = join(folder, 'lost');
  writeFileSync(lost, '#!/no/such/interpreter\n', { mode: 0o755 });

  test.each([
    ['not-found', { file: 'no-such-program' }],
    ['not-found', { file: lost }],
    ['not-executable', { file: plain }],
    ['bad-cwd', { cwd: join(folder, 'absent') }],
    ['bad-cwd', { cwd: plain }],
    ['spawn-failed', { args: ['a\0b'] }],
    ['spawn-failed', { args: ['-e', '', 'x'.repeat(5_000_000)] }],
    ['spawn-failed', { cwd: 'a\0b' }],
  ])('ends with %s', async (code, changes) => {
    const running = spawnProcess({ ...script(''), ...changes });
    expect(running.pid).toBeUndefined();
    expect(running.identity).toBeUndefined();
    expect(await collect(running)).toEqual([]);
    expect(await running.exit).toMatchObject({ code: undefined, error: { code } });
    await running.stop();
  });
});

test('lines are iterated once: a second time is a named error', async () => {
  const running = spawnProcess(script('console.log(1)'));
  await collect(running);
  const second = await collect(running).catch((error: unknown) => error);
  expect(ProcessError.is(second) && second.code).toBe('already-iterated');
  expect(ProcessError.is(new Error('other'))).toBe(false);
});
