import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHost } from '@pawl/agent';
import { claude } from '@pawl/provider-claude';
import { expect, onTestFinished, test } from 'vitest';

const megabyte = 1024 * 1024;
function place(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-lines-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function linesOf(path: string): Promise<string[]> {
  const found: string[] = [];
  for await (const line of createHost({ env: {}, allow: [] }).readLines?.(path) ?? []) found.push(line);
  return found;
}

test.each([
  ['', []],
  ['a\n\nb', ['a', '', 'b']],
  ['a\nb\n', ['a', 'b']],
  [`${'ä'.repeat(100_000)}\nx\n`, ['ä'.repeat(100_000), 'x']],
])('the lines of %j', async (text, lines) => {
  const file = join(place(), 'a.jsonl');
  writeFileSync(file, text);
  expect(await linesOf(file)).toEqual(lines);
});

test('what is no file, or has a line without an end, is refused', async () => {
  const folder = place();
  await expect(linesOf(join(folder, 'none'))).rejects.toThrow('ENOENT');
  await expect(linesOf(folder)).rejects.toThrow();
  const file = join(folder, 'a.jsonl');
  writeFileSync(file, 'a\n');
  truncateSync(file, 70 * megabyte);
  await expect(linesOf(file)).rejects.toThrow('has a line of more than');
});

test('the agent’s transcript of 500 MB is streamed: its first page without the rest', async () => {
  const home = place();
  const id = '0b5e2e1c-6d0a-4d53-9f3e-2f2f4b8f7a11';
  const folder = join(home, '.claude/projects/-work');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${id}.jsonl`);
  const line = JSON.stringify({ type: 'user', message: { content: 'Hello' } });
  writeFileSync(file, `${line}\n`.repeat(1000));
  // The rest is one hole: whoever read on would be refused.
  truncateSync(file, 500 * megabyte);
  const host = createHost({ env: { HOME: home }, allow: [] });
  const ref = { provider: 'claude', id, cwd: '/work' };
  const page: string[] = [];
  for await (const one of claude().exportSession?.(ref, host) ?? []) if (page.push(one) === 50) break;
  expect(page).toEqual(Array(50).fill(line));
  expect(await claude().listSessions?.({ cwd: '/work' }, host)).toEqual([{ ref }]);
});
