import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { identify } from '@pawl/process';
import { listBranches, openLane, openRepository, removeWorktree, worktreesOf } from '@pawl/worktree';
import { describe, expect, test } from 'vitest';
import { codeOf, contents, expectSound, failure, put, type Sample, sample, take } from './sample.ts';

const prune = (one: Sample) => one.git('worktree', 'prune');

describe('openRepository', () => {
  test('tells where it is', async () => {
    const one = sample({ name: 'mit Leerzeichen é' });
    const repository = await one.open(join(one.root, 'src'));
    const commit = one.git('rev-parse', 'HEAD').trim();
    expect(repository).toMatchObject({ root: one.root, prefix: 'src/', head: { commit, branch: 'trunk' } });
    expect(repository.commonDir).toBe(join(one.root, '.git'));
    one.git('checkout', '-q', '--detach');
    expect((await one.open()).head.branch).toBeUndefined();
  });

  test.each([
    ['global', 'Ada Example'],
    ['local', 'Ada Example'],
    ['none', undefined],
  ] as const)('takes the identity: %s', async (identity, name) => {
    expect((await sample({ identity }).open()).settings.person?.name).toBe(name);
  });

  test('says what is missing, and what to do', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'pawl-empty-'));
    const one = sample();
    expect(await codeOf(openRepository(empty, { env: one.env }))).toBe('not-a-repository');
    expect(await codeOf(openRepository(join(empty, 'absent'), { env: one.env }))).toBe('not-a-repository');
    expect(await codeOf(one.open(join(one.root, '.git')))).toBe('not-a-repository');
    one.gitIn(empty, 'init', '-q', '--bare', 'bare.git');
    expect(await codeOf(one.open(join(empty, 'bare.git')))).toBe('bare-repository');
    const unborn = await failure(sample({ commit: false }).open());
    expect(unborn.code).toBe('no-commit');
    expect(unborn.message).toContain('git commit');
    expect(await codeOf(openRepository(one.root, { env: { PATH: empty } }))).toBe('git-not-found');
    const broken = await failure(sample({ name: 'one\ntwo' }).open());
    expect([broken.code, broken.message]).toEqual(['not-a-repository', expect.stringContaining('line break')]);
  });

  test.runIf(process.getuid?.() === 0)('refuses what belongs to somebody else', async () => {
    const one = sample();
    for (const path of [one.root, join(one.root, '.git')]) chownSync(path, 12345, 12345);
    expect(await codeOf(one.open())).toBe('unsafe-repository');
  });

  test('has branches of the user’s, the newest first; those of runs are not among them', async () => {
    const one = sample();
    for (const [name, day] of [
      ['older', '2001-01-01'],
      ['feature/é', '2037-01-01'],
      ['pawl/261129-abcd/main', '2037-01-02'],
    ] as const) {
      one.git('checkout', '-q', '-b', name);
      one.env.GIT_COMMITTER_DATE = `${day}T00:00:00Z`;
      one.git('commit', '-q', '--allow-empty', '-m', name);
    }
    expect(await listBranches(await one.open())).toEqual(['feature/é', 'trunk', 'older']);
  });

  test('does not take GIT_ variables of the environment', async () => {
    const [one, other] = [sample(), sample()];
    const env = { ...one.env, GIT_DIR: join(other.root, '.git'), GIT_WORK_TREE: other.root };
    expect((await openRepository(one.root, { env })).root).toBe(one.root);
  });

  test('knows whether the checkout is dirty', async () => {
    const one = sample();
    expect(await (await one.open()).isDirty()).toBe(false);
    one.write('ignored/x', 'x');
    expect(await (await one.open()).isDirty()).toBe(false);
    one.write('new.txt', 'x');
    expect(await (await one.open()).isDirty()).toBe(true);
    one.git('add', '-A');
    expect(await (await one.open()).isDirty()).toBe(true);
    one.git('reset', '-q', '--hard');
    one.write('readme.txt', 'changed');
    expect(await (await one.open()).isDirty()).toBe(true);
  });
});

describe('openLane', () => {
  test('puts the base there, on a branch of its own, and leaves everything of the user as it was', async () => {
    const one = sample();
    one.write('CLAUDE.md', 'mine');
    one.write('readme.txt', 'not committed');
    one.git('add', 'CLAUDE.md');
    const before = contents(one.root, ['objects', 'worktrees', 'pawl', 'logs']);
    const lane = await one.lane();
    put(join(lane.path, 'AGENTS.md'), 'x');
    const base = one.git('rev-parse', 'HEAD').trim();
    const { commit } = await lane.checkpoint({ name: 'a', since: base, message: 'a' });
    await lane.advance({ from: base, checkpoint: commit, subject: 'a' });
    await lane.reset(base);
    expect(contents(one.root, ['objects', 'worktrees', 'pawl', 'logs'])).toEqual(before);
    expect(contents(one.home, [])).toHaveProperty('.gitconfig');
    expect(contents(lane.path)['readme.txt']).toBe('one\ntwo\nthree\n');
    expect(lane.branch).toBe('pawl/run-1/main');
    expect(lane.path.startsWith(join(one.folder, 'project-'))).toBe(true);
  });

  test('attaches again with the files as they are', async () => {
    const one = sample();
    const lane = await one.lane();
    put(join(lane.path, 'readme.txt'), 'work');
    put(join(lane.path, 'ignored/cache'), 'cache');
    await lane.close();
    expect(await codeOf(lane.hasCommit('0'.repeat(40)))).toBe('lane-closed');
    const again = await one.lane();
    expect(again.path).toBe(lane.path);
    expect(contents(again.path)).toMatchObject({ 'readme.txt': 'work', 'ignored/cache': 'cache' });
  });

  test('at the same time, many lanes and one lane many times', async () => {
    const one = sample();
    const repository = await one.open();
    const names = ['main', 'main', 'main', 'a/b', 'a-b', 'ü', '..', 'x.lock'];
    const open = (lane: string) =>
      openLane({ repository, run: 'r', lane, folder: one.folder, base: repository.head.commit });
    const lanes = await Promise.all(names.map(open));
    expect(new Set(lanes.map((lane) => lane.path)).size).toBe(6);
    for (const lane of lanes) expect(Object.keys(contents(lane.path)).length).toBe(3);
    const branches = one.git('for-each-ref', '--format=%(refname)', 'refs/heads/pawl').trim().split('\n');
    expect(branches.length).toBe(6);
  });

  test('makes a lane anew from its branch when the folder is gone', async () => {
    const one = sample();
    const lane = await one.lane();
    const base = one.git('rev-parse', 'HEAD').trim();
    put(join(lane.path, 'a.txt'), 'a');
    const { commit } = await lane.checkpoint({ name: 'a', since: base, message: 'a' });
    await lane.advance({ from: base, checkpoint: commit, subject: 'a' });
    put(join(lane.path, 'b.txt'), 'b');
    await lane.remove();
    const refs = one.git('for-each-ref', '--format=%(refname)', 'refs/pawl').trim().split('\n');
    expect(refs.some((ref) => one.git('ls-tree', '--name-only', ref).includes('b.txt'))).toBe(true);
    expect(one.git('worktree', 'list').trim().split('\n').length).toBe(1);
    const again = await one.lane();
    expect(contents(again.path)).toMatchObject({ 'a.txt': 'a' });
  });

  test('a branch that somebody deleted is made again at the base, and the files are as they are', async () => {
    const one = sample();
    const lane = await one.lane();
    const base = one.git('rev-parse', 'HEAD').trim();
    const tip = await take(lane, base, 'a', { 'a.txt': 'a' });
    put(join(lane.path, 'b.txt'), 'b');
    await lane.close();
    one.git('branch', '-D', lane.branch);
    const repository = await one.open();
    const again = await openLane({ repository, run: 'run-1', lane: 'main', folder: one.folder, base: tip });
    expect(contents(again.path)).toMatchObject({ 'a.txt': 'a', 'b.txt': 'b' });
    expect(one.git('rev-parse', lane.branch).trim()).toBe(tip);
    await take(again, tip, 'b', {});
    expect(one.git('log', '--format=%s', lane.branch).trim().split('\n')).toEqual(['b', 'a', 'first']);
  });

  test('refuses what it cannot do, by name', async () => {
    const one = sample();
    const repository = await one.open();
    const base = repository.head.commit;
    const options = { repository, run: 'r', lane: 'main', folder: one.folder, base };
    for (const run of ['', '..', 'a/b', '-x', 'a..b', 'a.lock', 'ü', 'a b', 'x'.repeat(65)]) {
      expect(await codeOf(openLane({ ...options, run }))).toBe('bad-name');
    }
    expect(await codeOf(openLane({ ...options, base: 'HEAD' }))).toBe('unknown-commit');
    expect(await codeOf(openLane({ ...options, base: '1'.repeat(40) }))).toBe('unknown-commit');
  });

  test('files that lie where a lane is to be are put aside, and told of', async () => {
    const one = sample();
    const lane = await one.lane('main', 'other');
    const taken = lane.path.replace('/other/', '/taken/');
    put(join(taken, 'precious'), 'x');
    const opened = await one.lane('main', 'taken');
    expect(contents(opened.path)).toEqual(contents(one.root));
    const entries = await worktreesOf({ folder: one.folder, env: one.env });
    const [left, ...more] = entries.filter(({ run, state }) => run === 'taken' && state === 'half');
    expect([left?.path.startsWith(`${taken}-left-`), more]).toEqual([true, []]);
    expect(contents(left?.path ?? '')).toEqual({ precious: 'x' });
    const force = { folder: one.folder, env: one.env, worktree: { path: left?.path ?? '' }, force: true };
    expect((await failure(removeWorktree(force))).message).toContain('delete it by hand');
    expect(contents(left?.path ?? '')).toEqual({ precious: 'x' });
  });

  test.each([
    ['its link and its record in git', (one: Sample, path: string) => [rmSync(join(path, '.git')), prune(one)]],
    ['half of its files', (_: Sample, path: string) => rmSync(join(path, 'src'), { recursive: true })],
    ['all of it', (_: Sample, path: string) => rmSync(path, { recursive: true })],
    [
      'all of it, with its record in git',
      (one: Sample, path: string) => [rmSync(path, { recursive: true }), prune(one)],
    ],
    ['what pawl knows of it', (_: Sample, path: string) => rmSync(`${path}.pawl`, { recursive: true })],
  ])('a worktree of which somebody has deleted %s is opened again, and merged and removed', async (_, deleted) => {
    const one = sample();
    const base = one.git('rev-parse', 'HEAD').trim();
    const main = await one.lane();
    const unit = await one.lane('unit');
    const tip = await take(unit, base, 'work', { 'work.txt': 'work' });
    put(join(unit.path, 'loose.txt'), 'loose');
    deleted(one, unit.path);
    const again = await one.lane('unit');
    const merged = await main.merge({ from: again.branch, base, head: base });
    expect(merged).toMatchObject({ commit: tip });
    await again.remove({ branch: 'drop' });
    expect(contents(main.path)['work.txt']).toBe('work');
    expect(one.git('branch', '--list', 'pawl/*/unit*')).toBe('');
    expectSound(one);
  });

  test('sweeps what waiters who were killed have left of locks, and nothing of who waits', async () => {
    const one = sample();
    const lane = await one.lane();
    const folder = join(lane.path, '../..');
    const draft = (end: string, who: unknown) => {
      const name = `worktrees.lock.00000000-0000-4000-8000-00000000000${end}`;
      put(join(folder, name), typeof who === 'string' ? who : JSON.stringify(who));
      return name;
    };
    draft('1', { pid: 999_999_999, started: 'then' });
    const waiting = [draft('2', { pid: process.pid, started: identify(process.pid)?.started }), draft('3', '')];
    put(join(folder, 'mine.lock.txt'), JSON.stringify({ pid: 999_999_999, started: 'then' }));
    await one.lane('other');
    expect(readdirSync(folder).filter((name) => name.includes('.lock'))).toEqual(['mine.lock.txt', ...waiting].sort());
  });

  test.each([
    ['of a process that was killed', JSON.stringify({ pid: 999_999_999, started: 'then' })],
    ['that is empty, after a loss of power', ''],
  ])('takes over a lock %s', async (_, text) => {
    const one = sample();
    const lane = await one.lane();
    const lock = join(lane.path, '../../worktrees.lock');
    put(lock, text);
    expect((await one.lane('other')).path).not.toBe(lane.path);
    expect(readdirSync(dirname(lock)).filter((name) => name.includes('.lock'))).toEqual([]);
  });
});
