import { spawnProcess } from '@pawl/process';
import { expect, test } from 'vitest';
import { collect, fixture, script, until } from './programs.ts';

const megabyte = 1024 * 1024;

test('splits on LF and CRLF, keeps NUL and lone CR, joins what chunk borders cut', async () => {
  const bytes = [...Buffer.from('é€😀\r\na\0b\n\n\rc\r\r\n\ufefflast')];
  const code = `const { writeSync } = require('node:fs'); const bytes = ${JSON.stringify(bytes)};
    let i = 0; const next = () => { if (i === bytes.length) return; writeSync(1, Buffer.from([bytes[i++]])); setImmediate(next); }; next();`;
  expect(await collect(spawnProcess(script(code)))).toEqual(['é€😀', 'a\0b', '', '\rc\r', '\ufefflast']);
});

test('bytes that are no text become replacement characters', async () => {
  const running = spawnProcess(script(`process.stdout.write(Buffer.from([0xff, 0x61, 0x0a]))`));
  expect(await collect(running)).toEqual(['\ufffda']);
});

test('a line of 100 MB arrives cut, and memory stays bounded', async () => {
  const before = process.memoryUsage().rss;
  const running = spawnProcess({ ...fixture('long-line', String(100 * megabyte)), maxLineBytes: megabyte });
  const lines = [];
  for await (const line of running.lines) lines.push({ ...line, text: line.text.length });
  expect(lines).toEqual([
    { line: 1, text: megabyte, truncatedBytes: 99 * megabyte },
    { line: 2, text: 5 },
  ]);
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * megabyte);
});

test('a cut falls between characters', async () => {
  const running = spawnProcess({ ...script(`console.log('aé€😀')`), maxLineBytes: 9 });
  const lines = [];
  for await (const line of running.lines) lines.push(line);
  expect(lines).toEqual([{ line: 1, text: 'aé€', truncatedBytes: 4 }]);
});

test('a flood nobody reads flows through the tee and is dropped', async () => {
  const before = process.memoryUsage().rss;
  let bytes = 0;
  const onStdout = (chunk: Uint8Array) => {
    bytes += chunk.length;
  };
  const running = spawnProcess({ ...fixture('flood', String(1024 * megabyte)), onStdout });
  expect(await running.exit).toMatchObject({ code: 0 });
  expect(bytes).toBe(1024 * megabyte);
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * megabyte);
});

test('a reader that pauses holds the program back, and still gets every line', async () => {
  let bytes = 0;
  const onStdout = (chunk: Uint8Array) => {
    bytes += chunk.length;
  };
  const running = spawnProcess({ ...fixture('flood', String(20 * megabyte), '1000'), onStdout });
  const reader = running.lines[Symbol.asyncIterator]();
  let count = (await reader.next()).done ? 0 : 1;
  // Nothing more comes through while the reader rests: the same figure twice, a while apart.
  let seen = -1;
  await until(() => {
    const still = bytes === seen && bytes > megabyte / 2;
    seen = bytes;
    return still;
  }, 'the flow stops');
  expect(bytes).toBeLessThan(3 * megabyte);
  for (let next = await reader.next(); !next.done; next = await reader.next()) count += 1;
  expect(count).toBe(Math.ceil((20 * megabyte) / 1000));
});

test('a tee that is slow holds the program back', async () => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  let calls = 0;
  const onStdout = () => {
    calls += 1;
    return gate;
  };
  const running = spawnProcess({ ...fixture('flood', String(megabyte)), onStdout });
  await until(() => calls > 0, 'a chunk');
  open();
  expect((await collect(running)).length).toBe(Math.ceil(megabyte / 100));
  expect(calls).toBeGreaterThan(1);
});

test('a paused reader does not keep stop from ending the program, and then reads what had come', async () => {
  const running = spawnProcess(fixture('flood', String(1024 * megabyte)));
  const reader = running.lines[Symbol.asyncIterator]();
  await reader.next();
  await running.stop();
  expect(await running.exit).toMatchObject({ signal: 'SIGTERM' });
  let lines = 1;
  for (let next = await reader.next(); !next.done; next = await reader.next()) lines += 1;
  expect(lines).toBeGreaterThan(100);
});

test('a reader that leaves lets the program run on', async () => {
  const running = spawnProcess(fixture('flood', String(50 * megabyte)));
  for await (const line of running.lines) if (line.line === 3) break;
  expect(await running.exit).toMatchObject({ code: 0 });
});

test('a reader that comes late gets what was kept', async () => {
  const running = spawnProcess(script(`console.log('one'); console.log('two')`));
  await running.exit;
  expect(await collect(running)).toEqual(['one', 'two']);
});

test('a reader that comes too late sees by the numbers what was dropped', async () => {
  let bytes = 0;
  const onStdout = (chunk: Uint8Array) => {
    bytes += chunk.length;
  };
  const code = `process.on('SIGUSR2', () => { console.log('last'); process.exit(); });
    process.stdout.write('x\\n'.repeat(2000000)); setInterval(() => 0, 999)`;
  const running = spawnProcess({ ...script(code), onStdout });
  await until(() => bytes === 4_000_000, 'all of it');
  const reader = running.lines[Symbol.asyncIterator]();
  process.kill(running.pid ?? 0, 'SIGUSR2');
  expect(await reader.next()).toEqual({ done: false, value: { line: 2_000_001, text: 'last' } });
  expect(await reader.next()).toEqual({ done: true, value: undefined });
});
