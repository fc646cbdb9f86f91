import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutCheckpoints } from '@pawl/worktree';
import { expect, test } from 'vitest';
import { contents, sample } from './sample.ts';

test('the files of a checkout are kept, turn by turn, and the checkout is as it was', async () => {
  const one = sample();
  const keep = checkoutCheckpoints({ env: one.env });
  const folder = join(one.root, 'sub');
  mkdirSync(folder);
  one.write('new.txt', 'first\n');
  const before = [contents(one.root, ['.git']), one.git('status', '--porcelain')];
  const first = await keep({ folder, name: 'session-1', message: 'after turn 1' });
  expect([contents(one.root, ['.git']), one.git('status', '--porcelain')]).toEqual(before);
  expect(first).toMatchObject({ repository: one.root, base: one.git('rev-parse', 'HEAD').trim() });
  expect(one.git('show', `${first?.commit}:new.txt`)).toBe('first\n');
  one.write('new.txt', 'second\n');
  const second = await keep({ folder, name: 'session-1', message: 'after turn 2' });
  expect(one.git('show', `${second?.commit}:new.txt`)).toBe('second\n');
  // Both have a ref that keeps them.
  const refs = one.git('for-each-ref', '--format=%(objectname)', 'refs/pawl/session-1').trim().split('\n');
  expect(refs.toSorted()).toEqual([first?.commit, second?.commit].toSorted());
});

test('a folder in no checkout, and a repository without a commit, have nothing to keep them in', async () => {
  const empty = sample({ commit: false });
  const keep = checkoutCheckpoints({ env: empty.env });
  expect(await keep({ folder: empty.home, name: 'session-1', message: 'm' })).toBeUndefined();
  expect(await keep({ folder: empty.root, name: 'session-1', message: 'm' })).toBeUndefined();
});
