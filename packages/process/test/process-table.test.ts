import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { linuxTable } from '../src/process-table-linux.ts';

let proc: string;
beforeEach(() => {
  proc = mkdtempSync(join(tmpdir(), 'pawl-proc-'));
});
afterEach(() => rmSync(proc, { recursive: true, force: true }));

interface Kept {
  readonly state?: string;
  readonly flags?: number;
  readonly environ?: string;
  readonly cmdline?: string;
}
function process(pid: number, { state = 'S', flags = 0x400000, environ = '', cmdline = '' }: Kept): void {
  const folder = join(proc, String(pid));
  mkdirSync(folder);
  const fields = [state, 1, pid, pid, 0, -1, flags, ...Array.from({ length: 12 }, () => 0), 4711, 0];
  writeFileSync(join(folder, 'stat'), `${pid} (a (b) c) ${fields.join(' ')}`);
  writeFileSync(join(folder, 'environ'), environ);
  writeFileSync(join(folder, 'cmdline'), cmdline);
}
const marked = () => {
  const table = linuxTable(proc);
  const { found, sure } = table.withVariable(table.list().entries, 'MARK', 'one');
  return { found: found.map(({ pid }) => pid), sure };
};

describe('who carries a variable', () => {
  test('is told by the whole of its name and value', () => {
    process(10, { environ: 'A=1\0MARK=one\0', cmdline: 'a' });
    process(11, { environ: 'A=1\0MARK=ones\0', cmdline: 'a' });
    process(12, { environ: 'THE_MARK=one\0', cmdline: 'a' });
    expect(marked()).toEqual({ found: [10], sure: true });
  });

  test('nobody can tell of one that is just starting a program: it shows neither arguments nor environment', () => {
    process(10, { environ: '', cmdline: '' });
    expect(marked()).toEqual({ found: [], sure: false });
  });

  test('one that was started with an empty environment, one that has ended and a thread of the kernel carry none', () => {
    process(10, { environ: '', cmdline: 'env\0-i' });
    process(11, { environ: '', cmdline: '', state: 'Z' });
    process(2, { environ: '', cmdline: '', flags: 0x200040 });
    expect(marked()).toEqual({ found: [], sure: true });
  });
});

test('a list in which one has ended meanwhile is not whole: it may have begun another', () => {
  process(10, { cmdline: 'a' });
  expect(linuxTable(proc).list()).toMatchObject({ entries: [{ pid: 10, order: 4711 }], whole: true });
  mkdirSync(join(proc, '11'));
  expect(linuxTable(proc).list()).toMatchObject({ entries: [{ pid: 10 }], whole: false });
});
