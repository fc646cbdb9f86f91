import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHost } from '@pawl/agent';
import { expect, onTestFinished, test } from 'vitest';

const host = createHost({ env: {}, allow: [] });
function place(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-append-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test.each([
  ['', 'new\n'],
  ['old\n', 'old\nnew\n'],
  ['cut off', 'cut off\nnew\n'],
])('a line behind %j stands on a line of its own', async (before, after) => {
  const file = join(place(), 'a.jsonl');
  writeFileSync(file, before);
  await host.appendLine?.(file, 'new');
  expect(readFileSync(file, 'utf8')).toBe(after);
});

test('what is not there is not made, and a folder is no file', async () => {
  const folder = place();
  await expect(host.appendLine?.(join(folder, 'none'), 'x')).rejects.toThrow('ENOENT');
  mkdirSync(join(folder, 'inner'));
  await expect(host.appendLine?.(join(folder, 'inner'), 'x')).rejects.toThrow();
});
