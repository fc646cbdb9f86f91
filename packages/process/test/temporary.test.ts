import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporaryFolder, withTemporaryFolder } from '@pawl/process';
import { expect, onTestFinished, test } from 'vitest';

function scene(): string {
  const parent = mkdtempSync(join(tmpdir(), 'pawl-process-'));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  return parent;
}

test('is for its owner alone, and gone when the work is done, also when that fails', async () => {
  const parent = scene();
  const mode = await withTemporaryFolder(
    'git',
    async (folder) => {
      writeFileSync(join(folder, 'index'), 'x');
      return statSync(folder).mode & 0o777;
    },
    parent,
  );
  expect(mode).toBe(0o700);
  const broken = withTemporaryFolder('git', () => Promise.reject(new Error('broken')), parent);
  await expect(broken).rejects.toThrow('broken');
  expect(readdirSync(parent)).toEqual([]);
});

test('the first one takes along what processes that were killed have left, and nothing else', () => {
  const parent = scene();
  const { pid: dead } = spawnSync('true');
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
  const plant = (name: string, days: number) => {
    const path = join(parent, name);
    mkdirSync(path);
    writeFileSync(join(path, 'index'), 'x');
    utimesSync(path, daysAgo(days), daysAgo(days));
  };
  plant(`pawl-git-${dead}-Abc123`, 2);
  plant(`pawl-files-${dead}-Abc123`, 2);
  const kept = [`pawl-git-${dead}-Young1`, `pawl-git-${process.pid}-Alive1`, `mine-${dead}-Abc123`, 'pawl-git-Abc123'];
  for (const name of kept) plant(name, name.includes('Young') ? 0.9 : 2);
  symlinkSync(join(parent, 'mine'), join(parent, `pawl-git-${dead}-Linked`));
  const made = temporaryFolder('git', parent).slice(parent.length + 1);
  expect(readdirSync(parent).sort()).toEqual([...kept, `pawl-git-${dead}-Linked`, made].sort());
  plant(`pawl-git-${dead}-Later1`, 2);
  temporaryFolder('git', parent);
  expect(readdirSync(parent)).toContain(`pawl-git-${dead}-Later1`);
});
