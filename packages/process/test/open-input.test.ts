import { spawnProcess } from '@pawl/process';
import { describe, expect, test } from 'vitest';
import { collect, ended, fixture, script, until } from './programs.ts';

const open = { stdinOpen: true } as const;
const large = 'z'.repeat(1_000_000);

describe('a program that is talked to', () => {
  test('hears each text when it is written, behind what was given at the start, and then the end', async () => {
    const running = spawnProcess({ ...fixture('talk'), ...open, stdin: 'zero\n' });
    const heard: string[] = [];
    const answers: Readonly<Record<string, () => Promise<boolean> | undefined>> = {
      'heard zero': () => running.write?.('one\n'),
      'heard one': () => running.write?.(`${large}\n`),
      'heard 1000000': () => {
        running.endInput?.();
        running.endInput?.();
        return running.write?.('too late\n');
      },
    };
    const taken: (boolean | undefined)[] = [];
    for await (const { text } of running.lines) {
      heard.push(text);
      const answer = answers[text];
      if (answer) taken.push(await answer());
    }
    expect(heard).toEqual(['heard zero', 'heard one', 'heard 1000000', 'end']);
    expect(taken).toEqual([true, true, false]);
    expect(await running.exit).toMatchObject({ code: 0 });
  });

  test('keeps its input open for as long as nobody closes it', async () => {
    const running = spawnProcess({ ...fixture('talk'), ...open });
    expect(await running.write?.('one\n')).toBe(true);
    const lines = running.lines[Symbol.asyncIterator]();
    expect((await lines.next()).value?.text).toBe('heard one');
    let over = false;
    void running.exit.then(() => (over = true));
    expect(await running.write?.('two\n')).toBe(true);
    expect((await lines.next()).value?.text).toBe('heard two');
    expect(over).toBe(false);
    await running.stop();
    expect(await running.write?.('three\n')).toBe(false);
    await lines.return?.();
  });
});

describe('a program that does not listen', () => {
  test('leaves a large text waiting, until it is stopped', async () => {
    const running = spawnProcess({ ...fixture('forever'), ...open });
    let taken: boolean | undefined;
    const writing = running.write?.(large).then((value) => (taken = value));
    // More than the pipe holds: it cannot have been taken.
    const settled = await Promise.race([writing, new Promise((resolve) => setTimeout(resolve, 300, 'waits'))]);
    expect(settled).toBe('waits');
    await running.stop();
    await writing;
    expect(taken).toBe(false);
    expect(ended(running.identity)).toBe(true);
  });

  test('and closes its input: told, and nothing else happens', async () => {
    const code = "require('node:fs').closeSync(0); console.log('closed'); setInterval(() => {}, 1 << 30)";
    const running = spawnProcess({ ...script(code), ...open });
    const lines = running.lines[Symbol.asyncIterator]();
    await lines.next();
    expect(await running.write?.(large)).toBe(false);
    expect(await running.write?.('more')).toBe(false);
    expect(ended(running.identity)).toBe(false);
    await running.stop();
    await lines.return?.();
  });

  test('and ends while a text is under way: told, with its exit', async () => {
    const running = spawnProcess({ ...fixture('never-reads'), ...open });
    expect(await running.write?.(large)).toBe(false);
    expect(await running.exit).toMatchObject({ code: 7 });
    running.endInput?.();
  });

  test('or was never started', async () => {
    const running = spawnProcess({ ...script(''), ...open, file: 'no-such-program' });
    expect(await running.write?.('x')).toBe(false);
    running.endInput?.();
    expect((await running.exit).error?.code).toBe('not-found');
  });
});

test('without being asked for there is no way to write, and the input is empty', async () => {
  const running = spawnProcess(fixture('talk'));
  expect(running.write).toBeUndefined();
  expect(running.endInput).toBeUndefined();
  expect(await collect(running)).toEqual(['end']);
});

test('what it leaves behind holds neither its end nor what is still written', async () => {
  const code =
    "const { spawn } = require('node:child_process');" +
    "const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1 << 30)'], { stdio: ['inherit', 'ignore', 'ignore'] });" +
    'console.log(child.pid); process.exit(0)';
  const running = spawnProcess({ ...script(code), ...open, stopGraceMs: 300 });
  const [pid = ''] = await collect(running);
  expect(await running.write?.(large)).toBe(false);
  await running.exit;
  await until(() => !isRunning(Number(pid)), 'the grandchild is gone');
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
