import { runCommand } from '@pawl/process';
import { describe, expect, test } from 'vitest';
import { fixture, script } from './programs.ts';

const limits = { timeoutMs: 20_000, stopGraceMs: 200 };
/** One after the other through both, each only when the one before has arrived. */
const both = `const { writeSync } = require('node:fs');
  const say = (fd, text) => new Promise((done) => { writeSync(fd, text); setTimeout(done, 30); });
  say(1, 'a').then(() => say(2, 'b')).then(() => say(1, 'c'));`;

describe('runCommand', () => {
  test('gives both outputs, apart and in order of arrival', async () => {
    const chunks: string[] = [];
    const onOutput = (chunk: Uint8Array) => void chunks.push(Buffer.from(chunk).toString());
    const result = await runCommand({ ...script(both), ...limits, onOutput });
    expect(result).toEqual({
      code: 0,
      signal: undefined,
      timedOut: false,
      cancelled: false,
      stdout: 'ac',
      stderr: 'b',
      output: 'abc',
      truncatedBytes: 0,
      durationMs: expect.any(Number),
    });
    expect(chunks).toEqual(['a', 'b', 'c']);
  });

  test('keeps head and tail of much, and says how much is left out', async () => {
    const code = `process.stdout.write('<' + 'x'.repeat(5000000) + '>')`;
    const result = await runCommand({ ...script(code), ...limits, maxOutputBytes: 20 });
    expect(result.output).toBe('<xxxxxxxxx\n[... 4999982 bytes left out ...]\nxxxxxxxxx>');
    expect(result.stdout).toBe(result.output);
    expect(result.truncatedBytes).toBe(4_999_982);
  });

  test('bounds memory in a flood on both', async () => {
    const before = process.memoryUsage().rss;
    const code = `const text = 'x'.repeat(65535) + '\\n';
      for (let i = 0; i < 2000; i += 1) { require('node:fs').writeSync(1, text); require('node:fs').writeSync(2, text); }`;
    const sh = { file: 'sh', args: ['-c', '"$0" -e "$1" | cat; exit 0', process.execPath, code] };
    const result = await runCommand({ ...script(''), ...sh, ...limits });
    expect(result.truncatedBytes + 2 ** 20).toBe(2 * 2000 * 65536);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
  });

  test('stops at the deadline, with all of its tree', async () => {
    const result = await runCommand({ ...fixture('ignore-term'), ...limits, timeoutMs: 300 });
    expect(result).toMatchObject({ timedOut: true, cancelled: false, code: undefined, signal: 'SIGKILL' });
    expect(result.stdout).toMatch(/^\d+\nno\n$/);
  });

  test('stops on abort', async () => {
    const controller = new AbortController();
    const onOutput = () => controller.abort();
    const result = await runCommand({ ...fixture('forever'), ...limits, signal: controller.signal, onOutput });
    expect(result).toMatchObject({ timedOut: false, cancelled: true, signal: 'SIGTERM' });
  });

  test('does not start what is aborted already', async () => {
    const touched = script(`console.log('ran')`);
    const result = await runCommand({ ...touched, ...limits, signal: AbortSignal.abort() });
    expect(result).toMatchObject({ cancelled: true, code: undefined, output: '' });
  });

  test('tells why a program could not be started', async () => {
    const result = await runCommand({ ...script(''), file: 'no-such-program', ...limits });
    expect(result).toMatchObject({ code: undefined, error: { code: 'not-found' }, timedOut: false });
  });

  test.each(['console.log(1)', 'console.error(1)'])('rejects with what onOutput throws (%s)', async (code) => {
    const onOutput = () => {
      throw new Error('disk full');
    };
    const forever = script(`${code}; setInterval(() => 0, 999)`);
    await expect(runCommand({ ...forever, ...limits, onOutput })).rejects.toThrow('disk full');
  });

  test('waits for a tee that takes its time', async () => {
    let written = 0;
    const onStdout = async (chunk: Uint8Array) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      written += chunk.length;
    };
    await runCommand({ ...fixture('flood', '500000'), ...limits, onStdout });
    expect(written).toBe(500_000);
  });
});
