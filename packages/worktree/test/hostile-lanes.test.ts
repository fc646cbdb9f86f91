import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import {
  applyRun,
  expireCheckpoints,
  forkLane,
  listCheckpoints,
  openLane,
  previewApply,
  removeWorktree,
  undo,
  worktreesOf,
} from '@pawl/worktree';
import { expect, test } from 'vitest';
import { plant } from './plant.ts';
import { contents, expectSound, put, sample, take } from './sample.ts';

test('programs that the repository or the user names are never started by anything that lanes and recovery need', async () => {
  const one = sample();
  const base = one.git('rev-parse', 'HEAD').trim();
  const canary = join(one.home, 'canary');
  one.write('ignored/secret', 'x');
  const before = await one.lane('main');
  plant(one, canary);
  put(join(one.root, '.worktreeinclude'), 'ignored/\n');
  const repository = await one.open();
  const open = (lane: string) => openLane({ repository, run: 'run-1', lane, folder: one.folder, base });
  const attributes = { '.gitattributes': '* filter=evil diff=evil merge=evil\n' };
  const [left, right] = [await open('left'), await open('right')];
  const one1 = await take(left, base, 'left', { ...attributes, 'readme.txt': '1\ntwo\nthree\n' });
  const two = await take(right, base, 'right', { ...attributes, 'readme.txt': 'one\ntwo\n3\n' });
  await before.merge({ from: one1, base, head: base });
  const merged = await before.merge({ from: two, base, head: one1 });
  if ('conflict' in merged) throw new Error('in conflict');
  expect(contents(before.path)['readme.txt']).toBe('1\ntwo\n3\n');
  const clash = await open('clash');
  const three = await take(clash, base, 'clash', { 'readme.txt': 'X\ntwo\nY\n' });
  expect(await before.merge({ from: three, base, head: merged.commit })).toHaveProperty('conflict');
  await before.bringIn({ patterns: 'ignored/\n', entries: [{ path: 'ignored', how: 'link' }] });
  const kinds = (await before.verify()).map((change) => change.kind);
  expect(kinds).toEqual(expect.arrayContaining(['config', 'hook', 'attributes']));
  const checkpoints = await listCheckpoints(repository);
  expect(checkpoints.length).toBe(3);
  const at = checkpoints[0]?.commit ?? '';
  const fork = await forkLane({ repository, run: 'run-2', lane: 'main', folder: one.folder, at });
  await undo({ repository, checkpoint: one1, into: fork });
  await undo({ repository, checkpoint: one1, into: { branch: 'undone' } });
  for (const how of ['merge', 'squash', 'rebase'] as const) {
    await previewApply({ repository, commit: before.branch, run: 'run-1', how });
    await previewApply({ repository, commit: before.branch, run: 'run-1', how, branch: 'other' });
  }
  await applyRun({ repository, commit: before.branch, run: 'run-1', branch: 'plain' });
  await applyRun({ repository, commit: before.branch, run: 'run-1', branch: 'again', how: 'rebase' });
  for (const lane of [before, left, right, clash, fork]) await lane.close();
  const all = await worktreesOf({ folder: one.folder, env: one.env });
  expect(all.map((entry) => entry.state)).toEqual(Array(5).fill('whole'));
  for (const worktree of all) await removeWorktree({ folder: one.folder, env: one.env, worktree, force: true });
  await expireCheckpoints({ repository, olderThanDays: 0, now: new Date(Date.now() + 10_000) });
  expect(existsSync(canary)).toBe(false);
});

test('lanes with names that some file systems take for one another keep both', async () => {
  const one = sample();
  const base = one.git('rev-parse', 'HEAD').trim();
  const main = await one.lane();
  let head = base;
  const names = [
    'README',
    'Readme',
    '\u00e9',
    'e\u0301',
    '-rf',
    '--',
    ':(top)x',
    'a\\b',
    '"q"',
    'nul\u2028',
    'x\ny',
    '*',
  ];
  for (const [index, name] of names.entries()) {
    const lane = await one.lane(`unit ${index}`);
    const from = await take(lane, base, name, { [name]: `${name}\n`, 'both.txt': 'same\n' });
    const result = await main.merge({ from, base, head });
    if ('conflict' in result) throw new Error(`in conflict: ${name}`);
    head = result.commit;
  }
  expect(one.git('ls-tree', '-z', '--name-only', head).split('\0')).toEqual(expect.arrayContaining(names));
  const clash = await one.lane('clash');
  const from = await take(clash, base, 'clash', Object.fromEntries(names.map((name) => [name, 'other\n'])));
  const result = await main.merge({ from, base, head });
  expect('conflict' in result && [...result.conflict.files].sort()).toEqual([...names].sort());
  expectSound(one);
});

test('a link that leads out in one lane and a file below it in another write nothing there', async () => {
  const one = sample();
  const base = one.git('rev-parse', 'HEAD').trim();
  const [main, left, right] = [await one.lane(), await one.lane('left'), await one.lane('right')];
  rmSync(join(left.path, 'src'), { recursive: true });
  symlinkSync(one.home, join(left.path, 'src'));
  const link = await take(left, base, 'link', {});
  const file = await take(right, base, 'file', { 'src/below.txt': 'x\n' });
  await main.merge({ from: link, base, head: base });
  const result = await main.merge({ from: file, base, head: link });
  expect(result).toHaveProperty('conflict');
  // And the other way round: the folder becomes a link while a file of the agent lies in it.
  const other = await one.lane('other');
  await other.merge({ from: file, base, head: base });
  put(join(other.path, 'src/untracked.txt'), 'x');
  await other.reset(link);
  await other.reset(file);
  expect(existsSync(join(one.home, 'below.txt'))).toBe(false);
  expect(contents(other.path)['src/below.txt']).toBe('x\n');
  expectSound(one);
});

test('a repository inside and alternates that were planted change nothing of a merge', async () => {
  const [one, other] = [sample(), sample()];
  const base = one.git('rev-parse', 'HEAD').trim();
  const [main, unit] = [await one.lane(), await one.lane('unit')];
  put(join(main.path, 'nested/inner.txt'), 'inner');
  one.gitIn(join(main.path, 'nested'), 'init', '-q');
  one.gitIn(join(main.path, 'nested'), 'add', '-A');
  one.gitIn(join(main.path, 'nested'), 'commit', '-q', '-m', 'inner');
  put(join(one.root, '.git/objects/info/alternates'), `${join(other.root, '.git/objects')}\n`);
  const from = await take(unit, base, 'unit', { 'a.txt': 'a\n' });
  const head = await take(main, base, 'main', { 'b.txt': 'b\n' });
  const result = await main.merge({ from, base, head });
  expect(result).not.toHaveProperty('conflict');
  expect(contents(main.path)).toMatchObject({ 'a.txt': 'a\n', 'b.txt': 'b\n', 'nested/inner.txt': 'inner' });
  expect((await main.verify()).map((change) => change.kind)).toEqual(['objects']);
  rmSync(join(one.root, '.git/objects/info/alternates'));
  expectSound(one);
});
