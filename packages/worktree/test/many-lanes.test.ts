import { createHash } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openLane, openRepository } from '@pawl/worktree';
import { expect, test } from 'vitest';
import { contents, expectSound, put, sample, take } from './sample.ts';

test('32 lanes at once, each with its files, its branch and its own work', async () => {
  const one = sample();
  const repository = await one.open();
  const base = repository.head.commit;
  one.calls.length = 0;
  const began = performance.now();
  const lanes = await Promise.all(
    Array.from({ length: 32 }, (_, index) =>
      openLane({ repository, run: 'r', lane: `decompose/task ${index}`, folder: one.folder, base }),
    ),
  );
  const tookMs = Math.round(performance.now() - began);
  console.log(`32 lanes at once: ${tookMs} ms, ${one.calls.length} git processes`);
  await Promise.all(lanes.map((lane, index) => take(lane, base, `step ${index}`, { [`file-${index}.txt`]: 'x\n' })));
  const tips = lanes.map((lane) => one.git('rev-parse', lane.branch).trim());
  expect(new Set(tips).size).toBe(32);
  for (const [index, lane] of lanes.entries()) {
    expect(one.gitIn(lane.path, 'status', '--porcelain')).toBe('');
    expect(one.git('diff', '--name-only', base, lane.branch)).toBe(`file-${index}.txt\n`);
  }
  await Promise.all(lanes.map((lane) => lane.remove({ branch: 'drop' })));
  expectSound(one);
});

test('lanes in sequence leave nothing behind but checkpoints', async () => {
  const one = sample();
  const base = one.git('rev-parse', 'HEAD').trim();
  const main = await one.lane('main');
  const before = {
    git: Object.keys(contents(join(one.root, '.git'), ['objects', 'pawl'])).sort(),
    folder: Object.keys(contents(one.folder, [])).sort(),
    heads: one.git('for-each-ref', '--format=%(refname)', 'refs/heads'),
  };
  let head = base;
  for (let index = 0; index < 6; index += 1) {
    const lane = await one.lane(`each/${index}`);
    const from = await take(lane, base, `step ${index}`, { [`file-${index}.txt`]: 'x\n' });
    const result = await main.merge({ from, base, head });
    if ('conflict' in result) throw new Error('in conflict');
    head = result.commit;
    await lane.remove({ branch: 'drop' });
  }
  expect(Object.keys(contents(join(one.root, '.git'), ['objects', 'pawl'])).sort()).toEqual(before.git);
  const expected = [...before.folder, ...Array.from({ length: 6 }, (_, index) => `main/file-${index}.txt`)];
  const found = Object.keys(contents(one.folder, [])).map((path) => path.replace(/^.*\/(main\/file)/, '$1'));
  expect(found.sort()).toEqual(expected.map((path) => path).sort());
  expect(one.git('for-each-ref', '--format=%(refname)', 'refs/heads')).toBe(before.heads);
  expect(existsSync(join(one.root, '.git/refs/heads/pawl/run-1/each-0'))).toBe(false);
  await main.remove({ branch: 'drop' });
  expect(one.git('worktree', 'list').trim().split('\n').length).toBe(1);
  expect(existsSync(join(one.root, '.git/worktrees'))).toBe(false);
  expect(existsSync(join(one.root, '.git/refs/heads/pawl'))).toBe(false);
  const [project = ''] = readdirSync(one.folder);
  expect(readdirSync(join(one.folder, project))).toEqual([]);
  expectSound(one);
});

test('names that are alike are lanes of their own', async () => {
  const one = sample();
  const repository = await one.open();
  const base = repository.head.commit;
  const digest = (name: string) =>
    createHash('sha256')
      .update(`${Buffer.byteLength(name)}:${name}`)
      .digest('hex')
      .slice(0, 12);
  const names = [
    ...['main', 'main.pawl', 'Main', 'MAIN', 'a', 'a/b', 'a/b/c', 'a-b', `a-b-${digest('a/b')}`, 'main.lock'],
    ...['é', 'e\u0301', '-x', '--', '.', '..', '', ' ', 'x\ny', '@{-1}', 'HEAD', 'refs/heads/a', 'ß', 'SS', 'ſ', 's'],
    'y'.repeat(5000),
  ];
  const open = (lane: string) => openLane({ repository, run: 'r', lane, folder: one.folder, base });
  const lanes = await Promise.all(names.map(open));
  const folded = (text: string) => text.normalize('NFKD').toLowerCase();
  expect(new Set(lanes.map((lane) => folded(lane.path))).size).toBe(names.length);
  expect(new Set(lanes.map((lane) => folded(lane.branch))).size).toBe(names.length);
  for (const [index, lane] of lanes.entries()) put(join(lane.path, 'name.txt'), names[index] ?? '');
  for (const [index, lane] of lanes.entries()) {
    expect(lane.branch).toMatch(/^pawl\/r\/[a-z0-9][a-z0-9_-]*$/);
    expect(contents(lane.path)['name.txt']).toBe(Buffer.from(names[index] ?? '').toString('latin1'));
    await take(lane, base, 'step', {});
  }
  expect((await open('a/b')).path).toBe(lanes[names.indexOf('a/b')]?.path);
  expectSound(one);
});

test('worktrees of the user, also of a disk that is not there now, are left alone', async () => {
  const one = sample();
  one.git('worktree', 'add', '-q', '--detach', join(one.home, 'mine'));
  one.git('worktree', 'add', '-q', '--detach', join(one.home, 'unplugged'));
  renameSync(join(one.home, 'unplugged'), join(one.home, 'elsewhere'));
  const lane = await one.lane();
  await lane.remove();
  renameSync(join(one.home, 'elsewhere'), join(one.home, 'unplugged'));
  expect(one.gitIn(join(one.home, 'unplugged'), 'status', '--porcelain')).toBe('');
  expect(one.git('worktree', 'list').trim().split('\n').length).toBe(3);
});

test.each([
  ['before anything was taken away', (path: string) => rmSync(`${path}.pawl/lane.json`)],
  [
    'when half of the files were gone',
    (path: string) => [rmSync(`${path}.pawl/lane.json`), rmSync(join(path, 'src'), { recursive: true })],
  ],
  [
    'when its files had been put aside, and half of them were gone',
    (path: string) => {
      rmSync(`${path}.pawl/lane.json`);
      renameSync(path, `${path}.pawl/gone`);
      rmSync(`${path}.pawl/gone/.git`);
    },
  ],
  [
    'when only the list of git was left',
    (path: string) => [rmSync(path, { recursive: true }), rmSync(`${path}.pawl`, { recursive: true })],
  ],
])('a removal that was cut off %s is done again, or the lane is opened anew', async (_, cut) => {
  const one = sample();
  const lane = await one.lane();
  const base = one.git('rev-parse', 'HEAD').trim();
  await take(lane, base, 'a', { 'a.txt': 'a' });
  await lane.close();
  cut(lane.path);
  const again = await one.lane();
  expect(contents(again.path)).toEqual({ ...contents(one.root), 'a.txt': 'a' });
  expect(one.gitIn(again.path, 'status', '--porcelain')).toBe('');
  await again.remove({ branch: 'drop' });
  expect(one.git('worktree', 'list').trim().split('\n').length).toBe(1);
  expect(existsSync(join(one.root, '.git/worktrees'))).toBe(false);
  expect([again.path, `${again.path}.pawl`].filter((path) => existsSync(path))).toEqual([]);
  expectSound(one);
});

test('a merge that is cut off before any of its git processes is done by the same call again', async () => {
  const one = sample();
  const base = one.git('rev-parse', 'HEAD').trim();
  const [main, unit] = [await one.lane('main'), await one.lane('unit')];
  const head = await take(main, base, 'main', { 'm.txt': 'm' });
  const from = await take(unit, base, 'unit', { 'u.txt': 'u', 'src/code.txt': 'u' });
  put(join(main.path, 'left.txt'), 'left by a gate');
  await main.close();
  let left = Number.POSITIVE_INFINITY;
  const onGit = () => {
    left -= 1;
    if (left < 0) throw new Error('cut off');
  };
  let cuts = 0;
  for (let allowed = 0; ; allowed += 1) {
    left = Number.POSITIVE_INFINITY;
    const repository = await openRepository(one.root, { env: one.env, onGit });
    const lane = await openLane({ repository, run: 'run-1', lane: 'main', folder: one.folder, base });
    left = allowed;
    const result = await lane.merge({ from, base, head }).catch((error: Error) => error.message);
    left = Number.POSITIVE_INFINITY;
    await lane.close();
    if (typeof result === 'string') {
      expect(result).toContain('cut off');
      cuts += 1;
      continue;
    }
    expect(one.git('rev-parse', 'pawl/run-1/main^').trim()).toBe(head);
    break;
  }
  expect(cuts).toBe(10);
  expect(contents(main.path)).toEqual({ ...contents(one.root), 'm.txt': 'm', 'u.txt': 'u', 'src/code.txt': 'u' });
  const refs = one.git('for-each-ref', '--format=%(objectname)', 'refs/pawl').trim().split('\n');
  expect(refs.some((ref) => one.git('ls-tree', '--name-only', ref).includes('left.txt'))).toBe(true);
  expectSound(one);
});
