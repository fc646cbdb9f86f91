import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { cleanLines, type LineCount, linesOf, readBundle, readPart, stage, writeBundle } from '@pawl/agent';
import { expect, test } from 'vitest';

const megabytes = 160;
const line = `${JSON.stringify({ type: 'user', text: `${'x'.repeat(16_000)} ghp_${'a1B2'.repeat(9)}` })}\n`;

test('a long transcript goes into a bundle and out of it piece by piece', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pawl-large-'));
  try {
    const transcript = join(folder, 'transcript.jsonl');
    await pipeline(async function* () {
      const batch = Buffer.from(line.repeat(64));
      for (let size = 0; size < megabytes * 1024 * 1024; size += batch.length) yield batch;
    }, createWriteStream(transcript));
    const { size } = await stat(transcript);
    let most = 0;
    const before = process.memoryUsage().rss;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss - before);
    }, 20);
    const count: LineCount = { redacted: 0, halfLines: 0 };
    const redact = (text: string) => text.replace(/ghp_\w+/, '[redacted]');
    const part = { name: 'transcript.jsonl', source: { path: transcript } };
    const staged = join(folder, 'staged');
    const entry = await stage(`native/${part.name}`, cleanLines(readPart(part), redact, count), staged);
    expect([entry.bytes, count]).toEqual([size, { redacted: size / line.length, halfLines: 0 }]);
    const messages = join(folder, 'messages');
    const none = await stage('messages.jsonl', (async function* () {})(), messages);
    const session = { provider: 'claude', id: 'n', cwd: '/w', tags: [], createdAt: 1, lastUsedAt: 1 };
    const about = { session, parts: [part.name], redactedLines: count.redacted, entries: [none, entry] };
    const file = join(folder, 'a.pawl');
    const places = [
      { name: none.name, file: messages },
      { name: entry.name, file: staged },
    ];
    const digest = await writeBundle(file, about, places);
    const out = join(folder, 'out');
    await mkdir(out);
    const read = await readBundle(file, out);
    clearInterval(watch);
    expect(read.digest).toBe(digest);
    expect((await stat(read.fileOf(entry.name))).size).toBe(size);
    expect(most / 1024 / 1024).toBeLessThan(megabytes * 0.75);
    // The same session is the same bundle.
    await expect(writeBundle(file, about, places)).rejects.toMatchObject({ code: 'file-exists' });
    expect(await writeBundle(`${file}.2`, about, places)).toBe(digest);
    expect((await readFile(file)).equals(await readFile(`${file}.2`))).toBe(true);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 120_000);

test('lines are ended by \\n alone, and a last one that is not ended comes too', async () => {
  const bytes = Buffer.from('a\u2028b\r\nü');
  const found: string[] = [];
  for await (const text of linesOf(
    (async function* () {
      for (const byte of bytes) yield Buffer.from([byte]);
    })(),
  ))
    found.push(text);
  expect(found).toEqual(['a\u2028b\r', 'ü']);
});
