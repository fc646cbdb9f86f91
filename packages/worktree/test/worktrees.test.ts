import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import {
  expireCheckpoints,
  forkLane,
  listCheckpoints,
  openLane,
  openRepository,
  removeWorktree,
  type WorktreeEntry,
  worktreesOf,
} from '@pawl/worktree';
import { describe, expect, test } from 'vitest';
import { codeOf, contents, expectSound, put, type Sample, sample, take } from './sample.ts';

async function entryOf(one: Sample, lane: string): Promise<WorktreeEntry> {
  const entry = (await worktreesOf({ folder: one.folder, env: one.env })).find((found) => found.lane === lane);
  if (!entry) throw new Error(`no worktree ${lane}`);
  return entry;
}

const remove = (one: Sample, worktree: WorktreeEntry, force = false) =>
  removeWorktree({ folder: one.folder, env: one.env, worktree, force });

/** A closed lane of one commit. */
async function closed(name: string, one = sample(), files: Record<string, string> = { 'a.txt': 'a\n' }) {
  const lane = await one.lane(name);
  const base = one.git('rev-parse', 'HEAD').trim();
  const tip = await take(lane, base, 'step', files);
  await lane.close();
  return { one, lane, base, tip };
}

describe('worktreesOf', () => {
  test('a lane that begins in another one, as a fork of its session does, is of the same checkout', async () => {
    const { one, lane } = await closed('main');
    const repository = await openRepository(lane.path, { env: one.env });
    const fork = await forkLane({
      repository,
      run: 'fork',
      lane: 'main',
      folder: one.folder,
      at: repository.head.commit,
    });
    await fork.close();
    const all = await worktreesOf({ folder: one.folder, env: one.env });
    expect(all.map((entry) => [entry.run, entry.root])).toEqual([
      ['fork', one.root],
      ['run-1', one.root],
    ]);
  });

  test('tells what lies there, of one repository and of all, and changes nothing', async () => {
    const { one, lane, base } = await closed('a/b');
    const other = sample();
    const elsewhere = await openLane({
      repository: await other.open(),
      run: 'r2',
      lane: 'main',
      folder: one.folder,
      base: other.git('rev-parse', 'HEAD').trim(),
    });
    put(join(lane.path, 'big.log'), 'x'.repeat(100_000));
    symlinkSync('/', join(lane.path, 'ignored'));
    rmSync(join(lane.path, 'ignored'));
    const state = () => [contents(one.root, []), contents(one.folder, [])];
    const before = state();
    const all = await worktreesOf({ folder: one.folder, env: one.env });
    expect(state()).toEqual(before);
    expect(all.map((entry) => [entry.run, entry.lane, entry.state, entry.owner, entry.dirty, entry.unmerged])).toEqual(
      expect.arrayContaining([
        ['run-1', 'a/b', 'whole', 'none', false, 1],
        ['r2', 'main', 'whole', 'alive', false, 0],
      ]),
    );
    const [mine] = await worktreesOf({ folder: one.folder, repository: await one.open() });
    expect(mine).toMatchObject({ path: lane.path, branch: lane.branch, root: one.root });
    expect(mine?.bytes).toBeGreaterThan(100_000);
    expect(Math.abs(Date.parse(mine?.created ?? '') - Date.now())).toBeLessThan(60_000);
    expect(await worktreesOf({ folder: one.folder, repository: await other.open(), measure: false })).toMatchObject([
      { lane: 'main', bytes: undefined },
    ]);
    expect(await worktreesOf({ folder: join(one.home, 'none') })).toEqual([]);
    await elsewhere.close();
    expect(base).toBeTruthy();
  });

  test.each([
    ['as-is', ['merge', '-q', '--no-ff', '-m', 'm'], 0],
    ['rebased', ['cherry-pick'], 0],
    ['squashed', ['merge', '-q', '--squash'], 0],
    ['not', undefined, 2],
  ] as const)('knows what the user has already: %s', async (how, command, unmerged) => {
    const { one, lane, tip } = await closed('main', sample(), { 'readme.txt': 'one\ntwo\n3\n' });
    const again = await one.lane('main');
    const last = await take(again, tip, 'more', { 'more.txt': 'more\n' });
    await again.close();
    one.write('src/code.txt', 'mine\n');
    one.git('commit', '-qam', 'mine');
    if (command?.[0] === 'cherry-pick') one.git('cherry-pick', `${tip}^..${last}`);
    else if (command) one.git(...command, lane.branch);
    if (command?.[2] === '--squash') {
      one.git('commit', '-qm', 'squashed');
      // Changed again since: the content alone does not tell any more.
      one.write('more.txt', 'changed\n');
      one.git('commit', '-qam', 'later');
    }
    expect(await entryOf(one, 'main')).toMatchObject({ unmerged, merged: how === 'not' ? undefined : how });
  });

  test('a lane that was merged into the run is merged, also when it was not a fast-forward', async () => {
    const { one, tip, base } = await closed('unit');
    const main = await one.lane('main');
    const head = await take(main, base, 'other', { 'b.txt': 'b\n' });
    expect((await entryOf(one, 'unit')).unmerged).toBe(1);
    await main.merge({ from: tip, base, head });
    expect((await entryOf(one, 'unit')).unmerged).toBe(0);
    expect((await entryOf(one, 'main')).unmerged).toBe(2);
  });

  test.each([
    ['an untracked file', (path: string) => put(join(path, 'new.txt'), 'x')],
    ['a changed file', (path: string) => put(join(path, 'a.txt'), 'changed')],
    ['a file that is gone', (path: string) => rmSync(join(path, 'a.txt'))],
    ['a repository inside', (path: string) => sample().gitIn(path, 'init', '-q', 'nested')],
  ])('knows what is dirty: %s', async (_, change) => {
    const { one, lane } = await closed('main');
    put(join(lane.path, '.pawl/out/plan.json'), '{}');
    put(join(lane.path, 'ignored/x'), 'x');
    expect((await entryOf(one, 'main')).dirty).toBe(false);
    change(lane.path);
    expect((await entryOf(one, 'main')).dirty).toBe(true);
  });

  test('says where something is broken', async () => {
    const { one, lane } = await closed('a');
    const second = await one.lane('b');
    await second.close();
    rmSync(`${second.path}.pawl/lane.json`);
    expect((await entryOf(one, 'b')).state).toBe('half');
    const own = await worktreesOf({ folder: one.folder, repository: await one.open() });
    expect(own.map((entry) => entry.state)).toEqual(['whole', 'half']);
    expect(await codeOf(remove(one, await entryOf(one, 'b'), true))).toBe('lane-broken');
    expect(existsSync(join(second.path, 'readme.txt'))).toBe(true);
    rmSync(second.path, { recursive: true });
    await remove(one, await entryOf(one, 'b'));
    expect(existsSync(`${second.path}.pawl`)).toBe(false);
    renameSync(one.root, `${one.root}-moved`);
    const orphan = await entryOf(one, 'a');
    expect(orphan).toMatchObject({ state: 'orphan', dirty: undefined, unmerged: undefined });
    expect(await codeOf(remove(one, orphan, true))).toBe('lane-broken');
    expect(existsSync(join(lane.path, 'a.txt'))).toBe(true);
  });
});

describe('removeWorktree', () => {
  test('refuses what is in use, dirty or unmerged, by name', async () => {
    const { one, lane } = await closed('main');
    expect(await codeOf(remove(one, await entryOf(one, 'main')))).toBe('worktree-unmerged');
    one.git('merge', '-q', lane.branch);
    put(join(lane.path, 'new.txt'), 'precious');
    expect(await codeOf(remove(one, await entryOf(one, 'main')))).toBe('worktree-dirty');
    const again = await one.lane('main');
    expect(await codeOf(remove(one, await entryOf(one, 'main'), true))).toBe('worktree-in-use');
    await again.close();
    expect(contents(lane.path)['new.txt']).toBe('precious');
    rmSync(join(lane.path, 'new.txt'));
    const removed = await remove(one, await entryOf(one, 'main'));
    expect(removed.bytes).toBeGreaterThan(0);
    expect(existsSync(lane.path)).toBe(false);
    expect(one.git('branch', '--list', 'pawl/*')).toBe('');
    expect(one.git('worktree', 'list').trim().split('\n').length).toBe(1);
    expect(await worktreesOf({ folder: one.folder, env: one.env })).toEqual([]);
  });

  test('forced, keeps files and commits in a checkpoint, until that is old', async () => {
    const { one, lane, tip } = await closed('main');
    put(join(lane.path, 'new.txt'), 'precious');
    const { checkpoint = '' } = await remove(one, await entryOf(one, 'main'), true);
    expect(one.git('show', `${checkpoint}:new.txt`)).toBe('precious');
    expect(one.git('rev-parse', `${checkpoint}^`).trim()).toBe(tip);
    const repository = await one.open();
    expect((await listCheckpoints(repository)).find((entry) => entry.commit === checkpoint)).toMatchObject({
      name: 'removed',
      lane: 'main',
      // All that went: the commit's file and the one that no commit held.
      files: 2,
      insertions: 2,
    });
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
    const expire = (days: number, more = {}) =>
      expireCheckpoints({ repository, olderThanDays: 30, now: inDays(days), ...more });
    expect(await expire(29)).toEqual([]);
    expect(await expire(31, { except: ['run-1'] })).toEqual([]);
    expect((await expire(31, { plan: true })).length).toBe(2);
    expect(await expireCheckpoints({ repository, olderThanDays: Number.NaN })).toEqual([]);
    expect((await listCheckpoints(repository)).length).toBe(2);
    expect((await expire(31)).map((entry) => entry.run)).toEqual(['run-1', 'run-1']);
    expect(await listCheckpoints(repository)).toEqual([]);
    expectSound(one);
  });

  test('a branch that somebody deleted is in nobody’s way', async () => {
    const { one, lane } = await closed('main');
    one.git('branch', '-D', lane.branch);
    expect(await entryOf(one, 'main')).toMatchObject({ state: 'whole', dirty: true });
    expect(await codeOf(remove(one, await entryOf(one, 'main')))).toBe('worktree-dirty');
    const { checkpoint = '' } = await remove(one, await entryOf(one, 'main'), true);
    expect(one.git('show', `${checkpoint}:a.txt`)).toBe('a\n');
    expect(one.git('branch', '--list', 'pawl/*')).toBe('');
    expect(await worktreesOf({ folder: one.folder, env: one.env })).toEqual([]);
  });

  test('takes nothing that is not a worktree of pawl', async () => {
    const one = sample();
    mkdirSync(one.folder, { recursive: true });
    for (const path of [one.root, one.home, '/', `${one.folder}/x`, '']) {
      expect(await codeOf(removeWorktree({ folder: one.folder, worktree: { path }, force: true, env: one.env }))).toBe(
        'lane-broken',
      );
    }
    expect(existsSync(join(one.root, 'readme.txt'))).toBe(true);
  });
});
