import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diffBetween, openLane } from '@pawl/worktree';
import { describe, expect, test } from 'vitest';
import { plant } from './plant.ts';
import { codeOf, contents, expectSound, put, sample } from './sample.ts';

const message = 'm';

describe('programs that the repository or the user names', () => {
  test('are never started: hooks, monitors, filters, drivers, pagers, signing, transports', async () => {
    const one = sample();
    const base = one.git('rev-parse', 'HEAD').trim();
    const canary = join(one.home, 'canary');
    const early = await one.lane('early');
    plant(one, canary);
    const repository = await one.open();
    one.git('config', 'core.worktree', one.home);
    const late = await openLane({ repository, run: 'run-1', lane: 'late', folder: one.folder, base });
    await repository.isDirty();
    for (const lane of [early, late]) {
      put(join(lane.path, '.gitattributes'), '* filter=evil diff=evil merge=evil\n');
      put(join(lane.path, 'readme.txt'), 'changed\n');
      put(join(lane.path, 'new.txt'), 'new\n');
      const checkpoint = await lane.checkpoint({ name: 'a', since: base, message });
      expect(checkpoint.files.length).toBe(3);
      expect(checkpoint.diff).toContain('+changed');
      const tip = await lane.advance({ from: base, checkpoint: checkpoint.commit, subject: 'a' });
      await lane.reset(base);
      await lane.reset(checkpoint.commit);
      expect(contents(lane.path)['new.txt']).toBe('new\n');
      await lane.hasCommit(base);
      await diffBetween(repository, base, tip ?? '');
      expect(await lane.hasCommit('2'.repeat(40))).toBe(false);
      await lane.remove();
    }
    expect(existsSync(canary)).toBe(false);
    // The trap is real: a plain git falls into it.
    try {
      one.gitIn(one.root, '--work-tree', one.root, 'add', '-A', '--renormalize');
    } catch {}
    expect(existsSync(canary)).toBe(true);
  });

  test('nor in a submodule that the agent has filled', async () => {
    const { one, base } = withSubmodule();
    const lane = await one.lane();
    const canary = join(one.home, 'canary');
    const inside = join(lane.path, 'module');
    one.gitIn(lane.path, 'clone', '-q', join(one.root, '../library'), inside);
    one.gitIn(inside, 'config', 'core.fsmonitor', `touch ${canary}; false`);
    one.gitIn(inside, 'config', 'filter.evil.clean', `touch ${canary}; cat`);
    put(join(inside, '.git/info/attributes'), '* filter=evil\n');
    put(join(inside, 'lib.txt'), 'LIB');
    const { files } = await lane.checkpoint({ name: 'a', since: base, message });
    expect(files).toEqual([]);
    await lane.reset(base);
    expect(existsSync(canary)).toBe(false);
    one.gitIn(inside, 'status');
    expect(existsSync(canary)).toBe(true);
  });
});

function withSubmodule() {
  const one = sample();
  const library = join(one.root, '../library');
  mkdirSync(library);
  one.gitIn(library, 'init', '-q');
  put(join(library, 'lib.txt'), 'lib');
  one.gitIn(library, 'add', '-A');
  one.gitIn(library, 'commit', '-q', '-m', 'library');
  one.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'module');
  one.git('commit', '-q', '-m', 'with module');
  return { one, base: one.git('rev-parse', 'HEAD').trim() };
}

test('submodules stay as they are, whatever happens to their folder', async () => {
  const { one, base } = withSubmodule();
  const link = one.git('ls-tree', base, 'module');
  const lane = await one.lane();
  rmSync(join(lane.path, 'module'), { recursive: true, force: true });
  put(join(lane.path, 'a.txt'), 'a');
  const first = await lane.checkpoint({ name: 'a', since: base, message });
  expect(first.files.map((file) => file.path)).toEqual(['a.txt']);
  one.gitIn(lane.path, 'clone', '-q', join(one.root, '../library'), 'module');
  put(join(lane.path, 'module/lib.txt'), 'changed');
  one.gitIn(join(lane.path, 'module'), 'commit', '-q', '-a', '-m', 'in the module');
  put(join(lane.path, 'b.txt'), 'b');
  const second = await lane.checkpoint({ name: 'b', since: first.commit, message });
  expect(second.files.map((file) => file.path)).toEqual(['b.txt']);
  expect(one.git('ls-tree', second.commit, 'module')).toBe(link);
  await lane.reset(first.commit);
  expect(await (await one.open()).isDirty()).toBe(false);
  expectSound(one);
});

describe('what an agent does with git in its worktree', () => {
  test.each([false, true])('a repository inside is left out and reported (with a commit: %s)', async (committed) => {
    const one = sample();
    const base = one.git('rev-parse', 'HEAD').trim();
    const lane = await one.lane();
    for (const name of ['deep/ne st[1]', 'second']) {
      const nested = join(lane.path, name);
      mkdirSync(nested, { recursive: true });
      one.gitIn(nested, 'init', '-q');
      put(join(nested, 'inner.txt'), 'inner');
      if (committed) one.gitIn(nested, 'add', '-A');
      if (committed) one.gitIn(nested, 'commit', '-q', '-m', 'inner');
    }
    put(join(lane.path, 'deep/outer.txt'), 'outer');
    const first = await lane.checkpoint({ name: 'a', since: base, message });
    expect(first.files.map((file) => file.path)).toEqual(['deep/outer.txt']);
    expect(first.skipped).toEqual(['deep/ne st[1]/', 'second/']);
    one.calls.length = 0;
    put(join(lane.path, 'more.txt'), 'more');
    const second = await lane.checkpoint({ name: 'b', since: first.commit, message });
    await lane.advance({ from: base, checkpoint: second.commit, subject: 'b' });
    expect(one.calls.length).toBe(5);
    await lane.reset(base);
    expect(contents(lane.path)['second/inner.txt']).toBe('inner');
    rmSync(join(lane.path, 'second/.git'), { recursive: true });
    const third = await lane.checkpoint({ name: 'c', since: base, message });
    expect(third.files.map((file) => file.path)).toEqual(['second/inner.txt']);
    expect(third.skipped).toEqual(['deep/ne st[1]/']);
    expectSound(one);
  });

  test('commits, branches and half-done merges do not count, and the user sees none of them moved', async () => {
    const one = sample();
    const base = one.git('rev-parse', 'HEAD').trim();
    const lane = await one.lane();
    const git = (...args: string[]) => one.gitIn(lane.path, ...args);
    put(join(lane.path, 'a.txt'), 'a\n');
    git('add', '-A');
    git('commit', '-q', '-m', 'by the agent');
    git('checkout', '-q', '-b', 'feature');
    git('symbolic-ref', `refs/heads/${lane.branch}`, 'refs/heads/trunk');
    put(join(lane.path, '../index.lock'), '');
    put(join(git('rev-parse', '--git-dir').trim(), 'index.lock'), '');
    put(join(git('rev-parse', '--git-dir').trim(), 'MERGE_HEAD'), `${base}\n`);
    const { commit, files } = await lane.checkpoint({ name: 'a', since: base, message });
    expect(files.map((file) => file.path)).toEqual(['a.txt']);
    const tip = await lane.advance({ from: base, checkpoint: commit, subject: 'clean' });
    expect(one.git('rev-parse', 'trunk').trim()).toBe(base);
    expect(one.git('rev-parse', lane.branch).trim()).toBe(tip);
    expect(one.git('log', '--format=%s', lane.branch)).toBe('clean\nfirst\n');
    expect(git('status').split('\n')[0]).toMatch(/^HEAD detached/);
    expect(git('status', '--porcelain')).toBe('');
  });

  test('a .git file that is gone or leads elsewhere is put right, and never followed', async () => {
    const [one, other] = [sample(), sample()];
    const base = one.git('rev-parse', 'HEAD').trim();
    const lane = await one.lane();
    const before = contents(other.root, []);
    writeFileSync(join(lane.path, '.git'), `gitdir: ${join(other.root, '.git')}\n`);
    put(join(lane.path, 'a.txt'), 'a');
    const { commit } = await lane.checkpoint({ name: 'a', since: base, message });
    await lane.advance({ from: base, checkpoint: commit, subject: 'a' });
    expect(one.gitIn(lane.path, 'status', '--porcelain')).toBe('');
    rmSync(join(lane.path, '.git'));
    await lane.reset(base);
    expect(one.gitIn(lane.path, 'status', '--porcelain')).toBe('');
    expect(contents(other.root, [])).toEqual(before);
  });

  test('a worktree that was replaced by a link is refused', async () => {
    const one = sample();
    const lane = await one.lane();
    renameSync(lane.path, `${lane.path}-moved`);
    symlinkSync(one.root, lane.path);
    expect(await codeOf(lane.reset(one.git('rev-parse', 'HEAD').trim()))).toBe('lane-broken');
  });
});
