import { spawn } from 'node:child_process';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { pump } from '../src/pump.ts';

/** Nothing else of this process runs meanwhile. */
const holdUp = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

test('what came into the pipe while the loop was held up is read, however late', async () => {
  const child = spawn('sh', ['-c', 'sleep 0.2; echo said'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  const drained = pump(child.stdout, {
    gone: Promise.resolve(),
    drainMs: 100,
    drainBytes: 1000,
    each: (chunk) => {
      text += Buffer.from(chunk).toString();
    },
  });
  await turn();
  await turn();
  holdUp(600);
  await drained;
  expect(text).toBe('said\n');
});

test('a pipe that somebody holds open and says nothing is let go', async () => {
  const child = spawn('sh', ['-c', 'echo said; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  await pump(child.stdout, {
    gone: Promise.resolve(),
    drainMs: 200,
    drainBytes: 1000,
    each: (chunk) => {
      text += Buffer.from(chunk).toString();
    },
  });
  child.kill('SIGKILL');
  expect(['', 'said\n']).toContain(text);
});
