import { chmod, lstat, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { localRunFiles, type Redactor, type RunFiles } from '../src/index.ts';

const secret = 'hunter2hunter2';
const text = (input: string): string => input.replaceAll(secret, '[redacted]');
/** Holds a line back until it is whole. */
const redactor: Redactor = {
  text,
  stream() {
    let held = '';
    return {
      write(chunk) {
        held += chunk;
        const end = held.lastIndexOf('\n') + 1;
        const whole = held.slice(0, end);
        held = held.slice(end);
        return text(whole);
      },
      end: () => text(held),
    };
  },
};
const bytes = (input: string): Uint8Array => new TextEncoder().encode(input);

let home: string;
let files: RunFiles;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'pawl-run-files-'));
  files = localRunFiles(home, redactor);
});
afterEach(() => rm(home, { recursive: true, force: true }));
const at = (...names: string[]): string => join(home, 'runs', 'r1', ...names);
const mode = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);
const every = async (folder: string): Promise<string[]> => (await readdir(folder, { recursive: true })).sort();

describe('a file of a run', () => {
  test('is only for its owner, whatever the mask', async () => {
    const mask = process.umask(0);
    try {
      await files.write('r1', 'turns/a/prompt.md', 'x');
      await (await files.open('r1', 'gates/a.log')).close();
    } finally {
      process.umask(mask);
    }
    const folders = [join(home, 'runs'), at(), at('turns'), at('turns', 'a'), at('gates')];
    expect(await Promise.all(folders.map(mode))).toEqual(folders.map(() => '700'));
    expect([await mode(at('turns/a/prompt.md')), await mode(at('gates/a.log'))]).toEqual(['600', '600']);
  });

  test('is written whole or not at all, and leaves nothing beside it', async () => {
    await files.write('r1', 'session.json', 'first');
    const writes = Array.from({ length: 20 }, (_, index) =>
      files.write('r1', 'session.json', `${index}`.repeat(50_000)),
    );
    const reads = Array.from({ length: 20 }, () => files.read('r1', 'session.json'));
    for (const read of await Promise.all(reads)) expect(read).toMatch(/^(first|(\d{1,2})\2{49999})$/);
    await Promise.all(writes);
    expect(await every(at())).toEqual(['session.json']);
  });

  test('that cannot be put in its place leaves nothing behind', async () => {
    await files.write('r1', 'a/b', 'x');
    await expect(files.write('r1', 'a', 'y')).rejects.toMatchObject({
      code: expect.stringMatching(/EISDIR|ENOTEMPTY|EEXIST/),
    });
    expect(await every(at())).toEqual(['a', 'a/b']);
  });

  test('that is absent reads as undefined; one that cannot be read is an error', async () => {
    expect(await files.read('r1', 'gone')).toBeUndefined();
    await files.write('r1', 'a/b', 'x');
    await expect(files.read('r1', 'a')).rejects.toMatchObject({ code: 'EISDIR' });
  });

  test.each(['../x', 'a/../../x', '/etc/passwd', '', '.', 'a//b', 'a/', '.part', 'a\0b', 'a\\b'])(
    'named %j is refused',
    async (name) => {
      await expect(files.read('r1', name)).rejects.toMatchObject({ code: 'bad-name' });
      await expect(files.write('r1', name, 'x')).rejects.toMatchObject({ code: 'bad-name' });
      await expect(files.open('r1', name)).rejects.toMatchObject({ code: 'bad-name' });
      expect(await readdir(home)).toEqual([]);
    },
  );

  test.each(['../r1', '', '.', '..', 'a/b', '-x', 'x'.repeat(200)])('of a run named %j is refused', async (run) => {
    await expect(files.write(run, 'a', 'x')).rejects.toMatchObject({ code: 'bad-name' });
    await expect(files.keep(run, 'x'.repeat(5000))).rejects.toMatchObject({ code: 'bad-name' });
  });
});

describe('a long text', () => {
  test('becomes a blob and comes back; a short one stays', async () => {
    expect(await files.keep('r1', 'short')).toBe('short');
    const long = 'ä🙂\r\n'.repeat(10_000);
    const kept = await files.keep('r1', long);
    expect(kept).toEqual({ blob: expect.stringMatching(/^[0-9a-f]{64}$/), bytes: Buffer.byteLength(long) });
    expect(await files.blob('r1', kept as never)).toBe(long);
    expect(await files.keep('r1', 'ä'.repeat(2048))).toBe('ä'.repeat(2048));
    expect(await files.keep('r1', 'ä'.repeat(2049))).toMatchObject({ bytes: 4098 });
  });

  test('kept twice at the same time is one', async () => {
    const long = 'x'.repeat(100_000);
    const kept = await Promise.all(Array.from({ length: 10 }, () => files.keep('r1', long)));
    expect(new Set(kept.map((one) => (one as { blob: string }).blob)).size).toBe(1);
    expect(await every(at('blobs'))).toHaveLength(1);
  });

  test('that is gone, or none, has a name', async () => {
    const blob = 'a'.repeat(64);
    await expect(files.blob('r1', { blob, bytes: 1 })).rejects.toMatchObject({ code: 'blob-missing' });
    await expect(files.blob('r1', { blob: '../../x', bytes: 1 })).rejects.toMatchObject({ code: 'bad-name' });
  });
});

describe('secrets', () => {
  test('are taken out of everything that is written', async () => {
    await files.write('r1', 'prompt.md', `a ${secret} b`);
    const kept = await files.keep('r1', `${secret} `.repeat(1000));
    expect(await files.keep('r1', secret)).toBe('[redacted]');
    const all = [await files.read('r1', 'prompt.md'), await files.blob('r1', kept as never)].join();
    expect(all).not.toContain(secret);
    expect(all).toContain('[redacted]');
  });

  test('are found in the seam of any two chunks', async () => {
    const line = bytes(`ä key=${secret} ö\nnext\nlast ${secret}`);
    for (let cut = 0; cut <= line.length; cut += 1) {
      const sink = await files.open('r1', 'native.log');
      sink.write(line.subarray(0, cut));
      sink.write(line.subarray(cut));
      await sink.close();
      expect(await files.read('r1', 'native.log'), `cut ${cut}`).toBe('ä key=[redacted] ö\nnext\nlast [redacted]');
    }
  });
});

describe('a file that grows', () => {
  test('holds every whole line when the write returns', async () => {
    const sink = await files.open('r1', 'events.ndjson');
    for (let index = 0; index < 5; index += 1) {
      sink.write(bytes(`{"n":${index}}\n`));
      expect((await readFile(at('events.ndjson'), 'utf8')).split('\n')).toHaveLength(index + 2);
    }
    await sink.close();
  });

  test('is begun anew', async () => {
    for (const line of ['first, and longer\n', 'second\n']) {
      const sink = await files.open('r1', 'gates/a.log');
      sink.write(bytes(line));
      await sink.close();
    }
    expect(await files.read('r1', 'gates/a.log')).toBe('second\n');
  });

  test('keeps a byte order mark and what is not text', async () => {
    const sink = await files.open('r1', 'a.log');
    sink.write(new Uint8Array([0xef, 0xbb, 0xbf, 0x61, 0xff, 0x62, 0xc3]));
    await sink.close();
    expect(await files.read('r1', 'a.log')).toBe('\uFEFFa\uFFFDb\uFFFD');
  });

  test('closed twice, and written after that, touches no other file', async () => {
    const first = await files.open('r1', 'first.log');
    await first.close();
    const second = await files.open('r1', 'second.log');
    first.write(bytes('late\n'));
    await first.close();
    second.write(bytes('fine\n'));
    await second.close();
    expect([await files.read('r1', 'first.log'), await files.read('r1', 'second.log')]).toEqual(['', 'fine\n']);
  });

  test('ends at its cap and says so', async () => {
    const capped = localRunFiles(home, redactor, { maxFileBytes: 10 });
    const sink = await capped.open('r1', 'a.log');
    for (let index = 0; index < 100; index += 1) sink.write(bytes('12345\n'));
    await sink.close();
    expect(await files.read('r1', 'a.log')).toBe('12345\n1234\n[… what came after 10 bytes is left out …]\n');
  });

  test('throws when it cannot be written', async () => {
    if ((await lstat('/dev/full').catch(() => undefined)) === undefined) return;
    await files.write('r1', 'x', '');
    const { symlink } = await import('node:fs/promises');
    await symlink('/dev/full', at('full.log'));
    const sink = await files.open('r1', 'full.log');
    expect(() => sink.write(bytes('x\n'))).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
    await expect(sink.close()).resolves.toBeUndefined();
  });

  test('takes a flood of 100,000 events in bounded memory', async () => {
    const sink = await files.open('r1', 'events.ndjson');
    const event = bytes(`${JSON.stringify({ type: 'text-delta', id: 'text-1', delta: 'word '.repeat(20) })}\n`);
    const before = process.memoryUsage().rss;
    for (let index = 0; index < 100_000; index += 1) sink.write(event);
    await sink.close();
    expect((await stat(at('events.ndjson'))).size).toBe(event.length * 100_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });
});

test('a home that cannot be written is an error with its code', async () => {
  if (process.getuid?.() === 0) await writeFile(join(home, 'runs'), '');
  else await chmod(home, 0o500);
  await expect(files.write('r1', 'a', 'x')).rejects.toMatchObject({ code: expect.stringMatching(/EACCES|ENOTDIR/) });
  await chmod(home, 0o700);
});
