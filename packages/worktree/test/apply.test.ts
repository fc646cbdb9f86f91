import { chmodSync, existsSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { applyRun } from '@pawl/worktree';
import { describe, expect, test } from 'vitest';
import { codeOf, contents, expectSound, failure, put, sample } from './sample.ts';

/** A run of two steps: changes readme.txt, adds new/a.txt. */
async function ready(one = sample()) {
  let from = one.git('rev-parse', 'HEAD').trim();
  const lane = await one.lane();
  for (const [path, content] of [
    ['readme.txt', 'one\n2\nthree\n'],
    ['new/a.txt', 'a\n'],
  ] as const) {
    put(join(lane.path, path), content);
    const { commit } = await lane.checkpoint({ name: path, since: from, message: path });
    from = (await lane.advance({ from, checkpoint: commit, subject: path })) ?? '';
  }
  const apply = async () => applyRun({ repository: await one.open(), commit: lane.branch, run: 'run-1' });
  const commit = (path: string, content: string) => {
    one.write(path, content);
    one.git('add', '-A');
    one.git('commit', '-q', '-m', `user: ${path}`);
  };
  return { one, tip: from, apply, commit };
}

describe('applyRun', () => {
  test('moves the branch forward, keeps other local changes, and says when it is done already', async () => {
    const { one, tip, apply } = await ready();
    one.write('src/code.txt', 'mine\n');
    one.write('untracked.txt', 'mine\n');
    one.git('add', 'src/code.txt');
    expect(await apply()).toEqual({ commits: 2, kind: 'fast-forward', commit: tip, branch: 'trunk', path: one.root });
    expect(contents(one.root)).toMatchObject({
      'new/a.txt': 'a\n',
      'src/code.txt': 'mine\n',
      'untracked.txt': 'mine\n',
    });
    expect(one.git('status', '--porcelain')).toBe('M  src/code.txt\n?? untracked.txt\n');
    expect(await codeOf(apply())).toBe('already-applied');
    expectSound(one);
  });

  test('makes a merge commit when the branch has moved, with the hooks of the user', async () => {
    const { one, tip, apply, commit } = await ready();
    commit('src/code.txt', 'mine\n');
    const hook = join(one.root, '.git/hooks/post-merge');
    put(hook, `#!/bin/sh\ntouch "${one.home}/hooked"\n`);
    chmodSync(hook, 0o755);
    const applied = await apply();
    expect(applied).toMatchObject({ commits: 2, kind: 'merge' });
    const format = '%P|%an <%ae>|%B';
    const user = one.git('rev-parse', 'HEAD^').trim();
    expect(one.git('log', '-1', `--format=${format}`).trim()).toBe(
      `${user} ${tip}|Ada Example <ada@example.org>|Merge run run-1\n\nPawl-Run: run-1`,
    );
    expect(existsSync(join(one.home, 'hooked'))).toBe(true);
  });

  test('without any identity merges as pawl', async () => {
    const { one, apply } = await ready(sample({ identity: 'none' }));
    one.write('src/code.txt', 'mine\n');
    one.git('-c', 'user.name=x', '-c', 'user.email=x@x', 'commit', '-qam', 'mine');
    expect((await apply()).kind).toBe('merge');
    expect(one.git('log', '-1', '--format=%an <%ae>').trim()).toBe('pawl <pawl@localhost>');
  });

  test.each([
    ['changed', 'readme.txt', 'readme.txt'],
    ['untracked where the run adds one', 'new/a.txt', 'new/a.txt'],
    ['a file where the run has a folder', 'new', 'new'],
  ])('refuses when local files are touched: %s', async (_, path, named) => {
    const { one, apply } = await ready();
    one.write(path, 'mine\n');
    const before = contents(one.root);
    const error = await failure(apply());
    expect([error.code, error.files]).toEqual(['local-changes', [named]]);
    expect(contents(one.root)).toEqual(before);
  });

  test('refuses to overwrite an ignored file, which git would do', async () => {
    const { one, apply } = await ready();
    put(join(one.root, '.git/info/exclude'), 'new/\n');
    one.write('new/a.txt', 'precious\n');
    expect(await codeOf(apply())).toBe('local-changes');
    expect(contents(one.root)['new/a.txt']).toBe('precious\n');
  });

  test('refuses a merge commit over staged files, by name', async () => {
    const { one, apply, commit } = await ready();
    commit('src/code.txt', 'mine\n');
    one.write('staged.txt', 'x');
    one.git('add', 'staged.txt');
    const error = await failure(apply());
    expect([error.code, error.files]).toEqual(['local-changes', ['staged.txt']]);
  });

  test('leaves a conflict as git does, and says how to go on', async () => {
    const { one, apply, commit } = await ready();
    commit('readme.txt', 'one\nmine\nthree\n');
    commit('new/a.txt', 'other\n');
    const error = await failure(apply());
    expect([error.code, error.files]).toEqual(['merge-conflict', ['new/a.txt', 'readme.txt']]);
    // Not `-A`: what the user has changed elsewhere is no part of the merge.
    expect(error.message).toContain('git add new/a.txt readme.txt && git commit; or back out with git merge --abort');
    expect(contents(one.root)['readme.txt']).toContain('<<<<<<<');
    expect(await codeOf(apply())).toBe('merge-in-progress');
    one.git('merge', '--abort');
    unlinkSync(join(one.root, 'readme.txt'));
    expect(await codeOf(apply())).toBe('local-changes');
  });

  test('refuses a detached HEAD and an unknown branch', async () => {
    const { one, apply } = await ready();
    one.git('checkout', '-q', '--detach');
    expect(await codeOf(apply())).toBe('detached-head');
    one.git('checkout', '-q', 'trunk');
    const repository = await one.open();
    for (const commit of ['no-such', '--all', '4'.repeat(40)]) {
      expect(await codeOf(applyRun({ repository, commit, run: 'r' }))).toBe('unknown-commit');
    }
  });

  test('is not led astray by settings of the user for merges', async () => {
    const { one, apply, commit } = await ready();
    commit('src/code.txt', 'mine\n');
    for (const [key, value] of [
      ['merge.ff', 'only'],
      ['branch.trunk.mergeOptions', '--squash --no-commit'],
    ] as const) {
      one.git('config', key, value);
    }
    expect((await apply()).kind).toBe('merge');
  });
});
