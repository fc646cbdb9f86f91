import { join } from 'node:path';
import { forkLane, listCheckpoints, undo } from '@pawl/worktree';
import { describe, expect, test } from 'vitest';
import { codeOf, contents, expectSound, put, sample, take } from './sample.ts';

async function oldRun(one = sample()) {
  const lane = await one.lane('main', 'old');
  const base = one.git('rev-parse', 'HEAD').trim();
  const first = await take(lane, base, 'plan#1/checkpoint', { 'plan.txt': 'plan\n' });
  put(join(lane.path, 'half.txt'), 'half\n');
  const half = await lane.checkpoint({ name: 'impl#1/checkpoint', since: first, message: 'impl, attempt 1' });
  const second = await take(lane, first, 'impl#2/checkpoint', { 'half.txt': 'whole\n', 'more.txt': 'more\n' });
  put(join(lane.path, 'loose.txt'), 'not in any checkpoint');
  return { one, lane, base, first, half: half.commit, second };
}

describe('forkLane', () => {
  test('begins a new run at any moment of an old one, which stays as it was', async () => {
    const { one, lane, first, half, second } = await oldRun();
    const refs = () => one.git('for-each-ref', 'refs/heads/pawl/old', 'refs/pawl/old');
    const before = [contents(lane.path, []), contents(one.root), refs()];
    const repository = await one.open();
    const fork = { repository, run: 'new', lane: 'main', folder: one.folder, base: first, at: half };
    one.calls.length = 0;
    const forked = await forkLane(fork);
    expect(one.calls).toEqual(['cat-file', 'worktree', 'read-tree', 'ls-files', 'update-ref']);
    expect(contents(forked.path)).toEqual({ ...contents(one.root), 'plan.txt': 'plan\n', 'half.txt': 'half\n' });
    expect(one.git('rev-parse', forked.branch).trim()).toBe(first);
    expect(one.gitIn(forked.path, 'status', '--porcelain')).toBe('A  half.txt\n');
    expect([contents(lane.path, []), contents(one.root), refs()]).toEqual(before);
    put(join(forked.path, 'half.txt'), 'other\n');
    expect((await forkLane(fork)).path).toBe(forked.path);
    const other = await take(forked, first, 'impl#1/checkpoint', { 'other.txt': 'x\n' });
    expect(contents((await forkLane(fork)).path)['half.txt']).toBe('other\n');
    expect(one.git('log', '--format=%s', forked.branch)).toBe('impl#1/checkpoint\nplan#1/checkpoint\nfirst\n');
    await forked.remove();
    const again = await forkLane(fork);
    expect(one.git('rev-parse', again.branch).trim()).toBe(other);
    expect(contents(again.path)).toMatchObject({ 'half.txt': 'other\n', 'other.txt': 'x\n' });
    expect(one.git('rev-parse', lane.branch).trim()).toBe(second);
    // What it began with stays, also when the old run is forgotten.
    for (const line of refs().trim().split('\n')) one.git('update-ref', '-d', line.split('\t')[1] ?? '');
    one.git('reflog', 'expire', '--expire=now', '--all');
    one.git('gc', '-q', '--prune=now');
    expect(one.git('cat-file', '-t', half).trim()).toBe('commit');
    expectSound(one);
  });

  test('of a commit that is none is refused', async () => {
    const { one, first } = await oldRun();
    const options = { repository: await one.open(), run: 'new', lane: 'main', folder: one.folder };
    expect(await codeOf(forkLane({ ...options, at: '5'.repeat(40), base: first }))).toBe('unknown-commit');
    expect(await codeOf(forkLane({ ...options, at: first, base: '5'.repeat(40) }))).toBe('unknown-commit');
    expect(await codeOf(forkLane({ ...options, at: 'HEAD' }))).toBe('unknown-commit');
  });
});

describe('listCheckpoints', () => {
  test('tells what there is, when, of which step and how much', async () => {
    const { one, lane, first, half } = await oldRun();
    const other = await one.lane('a/b', 'other');
    put(join(other.path, 'x.bin'), '\0');
    await other.checkpoint({ name: 'näme\nwith more', since: first, message: 'm\n\nPawl-Checkpoint: forged' });
    await lane.reset(first);
    const repository = await one.open();
    one.calls.length = 0;
    const all = await listCheckpoints(repository);
    expect(one.calls).toEqual(['for-each-ref', 'diff-tree']);
    expect(all.length).toBe(5);
    const [entry] = all.filter((found) => found.commit === half);
    expect(entry).toMatchObject({
      ...{ run: 'old', lane: 'main', name: 'impl#1/checkpoint', message: 'impl, attempt 1' },
      ...{ files: 1, insertions: 1, deletions: 0 },
    });
    expect(Math.abs(Date.parse(entry?.time ?? '') - Date.now())).toBeLessThan(60_000);
    expect(all.find((found) => found.name === 'before-reset')).toMatchObject({ run: 'old', files: 4 });
    const odd = await listCheckpoints(repository, { run: 'other' });
    expect(odd).toMatchObject([{ run: 'other', lane: 'a/b', name: 'näme with more', files: 2 }]);
    expect(await listCheckpoints(repository, { run: 'none' })).toEqual([]);
    expect(await codeOf(listCheckpoints(repository, { run: '../heads' }))).toBe('bad-name');
  });

  test('is not misled by refs that somebody else put there', async () => {
    const { one, half } = await oldRun();
    one.git('update-ref', 'refs/pawl/odd', half);
    one.git('update-ref', 'refs/pawl/old/blob', one.git('rev-parse', 'HEAD:readme.txt').trim());
    one.git('tag', '-a', '-m', 'x', 'annotated');
    one.git('update-ref', 'refs/pawl/old/tag', one.git('rev-parse', 'annotated').trim());
    expect((await listCheckpoints(await one.open())).length).toBe(3);
    const lie = `x\n\nPawl-Checkpoint: removed\nPawl-Base: ${'1'.repeat(40)}\n`;
    one.git('update-ref', 'refs/pawl/run-9/lie', one.git('commit-tree', '-m', lie, 'HEAD^{tree}').trim());
    expect(await listCheckpoints(await one.open(), { run: 'run-9' })).toMatchObject([{ name: 'removed', files: 3 }]);
  });
});

describe('undo', () => {
  test('brings files back into a worktree, and can be undone', async () => {
    const { one, lane, half } = await oldRun();
    const repository = await one.open();
    const before = contents(lane.path);
    const undone = await undo({ repository, checkpoint: half, into: lane });
    expect(contents(lane.path)['half.txt']).toBe('half\n');
    expect(contents(lane.path)).not.toHaveProperty('loose.txt');
    if (undone.kind !== 'lane') throw new Error('not into the lane');
    await undo({ repository, checkpoint: undone.before, into: lane });
    expect(contents(lane.path)).toEqual(before);
    expectSound(one);
  });

  test('or as a branch of the user, whose checkout stays as it is', async () => {
    const { one, half, first } = await oldRun();
    const repository = await one.open();
    const before = contents(one.root, ['objects', 'refs', 'logs']);
    const into = { branch: 'früher/half' };
    const expected = { kind: 'branch', branch: into.branch, commit: half };
    expect(await undo({ repository, checkpoint: half, into })).toEqual(expected);
    expect(await undo({ repository, checkpoint: half, into })).toEqual(expected);
    expect(one.git('rev-parse', into.branch).trim()).toBe(half);
    expect(contents(one.root, ['objects', 'refs', 'logs'])).toEqual(before);
    expect(await codeOf(undo({ repository, checkpoint: first, into }))).toBe('branch-exists');
    expect(await codeOf(undo({ repository, checkpoint: first, into: { branch: 'trunk' } }))).toBe('branch-exists');
    for (const branch of [
      '-d',
      '--all',
      'a..b',
      'a b',
      '',
      'HEAD',
      'pawl/old/main',
      'PAWL/x',
      'x.lock',
      '@{-1}',
      'a\nb',
    ]) {
      expect(await codeOf(undo({ repository, checkpoint: half, into: { branch } }))).toBe('bad-branch');
    }
    expect(await codeOf(undo({ repository, checkpoint: '6'.repeat(40), into: { branch: 'x' } }))).toBe(
      'unknown-commit',
    );
  });
});
