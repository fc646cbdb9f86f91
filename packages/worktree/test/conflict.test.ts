import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Lane, openLane } from '@pawl/worktree';
import { expect, test } from 'vitest';
import { codeOf, contents, expectSound, put, type Sample, sample, take } from './sample.ts';

interface Clash {
  readonly one: Sample;
  readonly main: Lane;
  readonly lane: Lane;
  readonly base: string;
  /** Where the run's branch is. */
  readonly onto: string;
  /** Where the lane's branch is, behind a commit that fits and one that does not. */
  readonly head: string;
}

async function clash(): Promise<Clash> {
  const one = sample();
  one.write('list.txt', '1\n2\n3\n');
  one.write('gone.txt', 'a\n');
  one.write('bin', '\0');
  one.git('add', '-A');
  one.git('commit', '-q', '-m', 'base');
  const base = one.git('rev-parse', 'HEAD').trim();
  const repository = await one.open();
  const open = (lane: string) => openLane({ repository, run: 'run-1', lane, folder: one.folder, base });
  const [main, lane] = [await open('main'), await open('b')];
  const onto = await take(main, base, 'a', {
    'list.txt': '1\nmain\n3\n',
    'gone.txt': undefined,
    bin: '\0a',
    'a.txt': 'only in main\n',
  });
  const fits = await take(lane, base, 'b/one', { 'b.txt': 'b\n' });
  const head = await take(lane, fits, 'b/two', { 'list.txt': '1\nlane\n3\n', 'gone.txt': 'b\n', bin: '\0b' });
  return { one, main, lane, base, onto, head };
}

test('a conflict stands in the worktree of its lane, with what was there kept; its branch stays', async () => {
  const { one, lane, base, onto, head } = await clash();
  put(join(lane.path, 'left-over.txt'), 'from a gate');
  const { commit, files } = await lane.stageConflict({ base, head, onto });
  expect(files).toEqual(['bin', 'gone.txt', 'list.txt']);
  const found = contents(lane.path);
  expect(found['list.txt']).toMatch(/^1\n<{7} [0-9a-f]{40}\nmain\n={7}\nlane\n>{7} [0-9a-f]{40}\n3\n$/);
  expect(found).toMatchObject({ 'a.txt': 'only in main\n', 'b.txt': 'b\n', 'gone.txt': 'b\n', bin: '\0a' });
  expect(found).not.toHaveProperty('left-over.txt');
  expect(one.git('rev-parse', lane.branch).trim()).toBe(head);
  expect(one.gitIn(lane.path, 'rev-parse', 'HEAD', 'HEAD~1').trim().split('\n')).toEqual([commit, head]);
  expect(one.git('log', '--all', '--oneline', '--', 'left-over.txt')).not.toBe('');
  // After a crash: the same again, whatever has been done in between.
  put(join(lane.path, 'list.txt'), 'half done');
  expect(await lane.stageConflict({ base, head, onto })).toMatchObject({ files });
  expect(contents(lane.path)['list.txt']).toContain('<<<<<<<');
  expectSound(one);
});

test('what resolved it is what the merge gives: one commit for each of the lane, none more', async () => {
  const { one, main, lane, base, onto, head } = await clash();
  const staged = await lane.stageConflict({ base, head, onto });
  put(join(lane.path, 'list.txt'), '1\nmain and lane\n3\n');
  const resolved = await lane.checkpoint({ name: 'resolved', since: staged.commit, message: 'resolved' });
  expect(resolved.files.map(({ path }) => path)).toEqual(['list.txt']);
  const result = await main.merge({ from: head, base, head: onto, resolution: resolved.commit });
  if ('conflict' in result) throw new Error('in conflict');
  expect(one.git('log', '--format=%s', '--name-only', `${onto}..${main.branch}`).trim().split('\n')).toEqual([
    ...['b/two', '', 'gone.txt', 'list.txt'],
    ...['b/one', '', 'b.txt'],
  ]);
  expect(readFileSync(join(main.path, 'list.txt'), 'utf8')).toBe('1\nmain and lane\n3\n');
  expect(one.git('rev-parse', `${main.branch}^{tree}`).trim()).toBe(resolved.tree);
  expect(await main.merge({ from: head, base, head: onto, resolution: resolved.commit })).toEqual(result);
  expectSound(one);
});

test('a lane that takes back what did not fit is merged as a whole', async () => {
  const { one, main, lane, base, onto, head } = await clash();
  const back = { 'list.txt': '1\n2\n3\n', 'gone.txt': 'a\n', bin: '\0' };
  const tip = await take(lane, head, 'b/back', back);
  const result = await main.merge({ from: tip, base, head: onto });
  if ('conflict' in result) throw new Error(`in conflict: ${result.conflict.files}`);
  expect(result.commits).toHaveLength(3);
  expect(contents(main.path)).toMatchObject({
    'list.txt': '1\nmain\n3\n',
    'a.txt': 'only in main\n',
    'b.txt': 'b\n',
    bin: '\0a',
  });
  expectSound(one);
});

test('nothing but commits can be named', async () => {
  const { main, lane, base, onto, head } = await clash();
  expect(await codeOf(lane.stageConflict({ base, head: 'HEAD', onto }))).toBe('unknown-commit');
  expect(await codeOf(main.merge({ from: head, base, head: onto, resolution: 'trunk' }))).toBe('unknown-commit');
  expect(await codeOf(main.merge({ from: head, base, head: onto, resolution: '3'.repeat(40) }))).toBe('unknown-commit');
});
