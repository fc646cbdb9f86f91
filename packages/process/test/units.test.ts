import type { Child } from '@pawl/provider';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { HeadTail } from '../src/capture.ts';
import type { RunningProcess } from '../src/index.ts';
import { LineSplitter } from '../src/line-splitter.ts';
import { parseProcessList } from '../src/process-table-darwin.ts';

function split(chunks: readonly Uint8Array[], maxBytes = 1000) {
  const splitter = new LineSplitter(maxBytes);
  return [...chunks.flatMap((chunk) => [...splitter.push(chunk)]), ...splitter.end()];
}

/** Text that likes line ends and long characters, cut anywhere. */
const text = fc.array(fc.constantFrom('\n', '\r\n', '\r', 'a', 'é', '€', '😀', '\0')).map((parts) => parts.join(''));
const cut = (bytes: Buffer, at: readonly number[]) => {
  const places = [0, ...at.map((place) => place % (bytes.length + 1)).sort((one, two) => one - two), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
};

describe('LineSplitter', () => {
  test('gives the same lines wherever the chunks end', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat()), (whole, at) => {
        const lines = split(cut(Buffer.from(whole), at));
        const expected = whole
          .split('\n')
          .map((line, index, all) => (index < all.length - 1 ? line.replace(/\r$/, '') : line));
        if (expected.at(-1) === '') expected.pop();
        expect(lines).toEqual(expected.map((line, index) => ({ line: index + 1, text: line })));
      }),
    );
  });

  test('a cut line is a whole-character head of the line, and its bytes add up', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat()), fc.integer({ min: 1, max: 8 }), (whole, at, maxBytes) => {
        const full = split([Buffer.from(whole)]);
        split(cut(Buffer.from(whole), at), maxBytes).forEach((line, index) => {
          const complete = full[index]?.text ?? '';
          expect(complete.startsWith(line.text)).toBe(true);
          expect(Buffer.byteLength(line.text)).toBeLessThanOrEqual(maxBytes);
          expect(Buffer.byteLength(line.text) + (line.truncatedBytes ?? 0)).toBe(Buffer.byteLength(complete));
        });
      }),
    );
  });

  test('skipped lines are counted', () => {
    const splitter = new LineSplitter(100);
    splitter.skip(Buffer.from('a\nb\nc'));
    expect([...splitter.push(Buffer.from('d\ne\n'))]).toEqual([
      { line: 3, text: 'cd' },
      { line: 4, text: 'e' },
    ]);
  });
});

test('HeadTail keeps the first and last bytes, however they come', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary-ascii' })), fc.nat(10), fc.nat(10), (parts, head, tail) => {
      const capture = new HeadTail(head, tail);
      for (const part of parts) capture.add(Buffer.from(part));
      const whole = parts.join('');
      const dropped = Math.max(0, whole.length - head - tail);
      expect(capture.droppedBytes).toBe(dropped);
      const end = whole.slice(whole.length - Math.min(tail, Math.max(0, whole.length - head)));
      expect(capture.text((bytes) => `[${bytes}]`)).toBe(dropped ? `${whole.slice(0, head)}[${dropped}]${end}` : whole);
    }),
  );
});

test('the process list of macOS is read', () => {
  const list =
    '    1     0     1 Ss   Mon Nov 16 08:00:01 2026\n  402     1   402 Z+   Fri Nov 20 10:11:12 2026\nbad\n';
  expect(parseProcessList(list)).toEqual([
    {
      pid: 1,
      parent: 0,
      group: 1,
      session: 1,
      started: 'Mon Nov 16 08:00:01 2026',
      order: Date.UTC(2026, 10, 16, 8, 0, 1),
      ended: false,
      program: true,
    },
    {
      pid: 402,
      parent: 1,
      group: 402,
      session: 402,
      started: 'Fri Nov 20 10:11:12 2026',
      order: Date.UTC(2026, 10, 20, 10, 11, 12),
      ended: true,
      program: true,
    },
  ]);
});

test('a running process is what adapters expect of their host', () => {
  expectTypeOf<RunningProcess>().toExtend<Child>();
});
