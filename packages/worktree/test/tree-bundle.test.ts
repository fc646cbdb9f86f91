import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keepTree, listCheckpoints, readTreeBundle, snapshotCheckout, writeTreeBundle } from '@pawl/worktree';
import { expect, test } from 'vitest';
import { codeOf, contents, expectSound, sample } from './sample.ts';

test('a checkout is recorded with what is untracked, and is as before', async () => {
  const one = sample();
  one.write('readme.txt', 'changed\n');
  one.git('add', 'readme.txt');
  one.write('readme.txt', 'changed again\n');
  one.write('new/file.txt', 'new\n');
  one.write('ignored/x', 'x');
  const [before, status] = [contents(one.root, []), one.git('status', '--porcelain')];
  const repository = await one.open();
  const { commit, tree, base } = await snapshotCheckout(repository, 'session-1', 'before a fork');
  expect(base).toBe(repository.head.commit);
  expect(one.git('ls-tree', '-r', '--name-only', commit)).toBe('.gitignore\nnew/file.txt\nreadme.txt\nsrc/code.txt\n');
  expect(one.git('show', `${commit}:readme.txt`)).toBe('changed again\n');
  expect(one.git('rev-parse', `${commit}^{tree}`).trim()).toBe(tree);
  expect(await listCheckpoints(repository)).toMatchObject([{ commit, run: 'session-1', name: 'now', files: 2 }]);
  expect(one.git('status', '--porcelain')).toBe(status);
  for (const [path, bytes] of Object.entries(before))
    if (!path.startsWith('.git/')) expect(contents(one.root, [])[path]).toBe(bytes);
  one.git('checkout', '-q', '--force', 'HEAD');
  rmSync(join(one.root, 'new'), { recursive: true });
  expect(await snapshotCheckout(repository, 'session-1', 'nothing changed')).toMatchObject({ commit: base });
  expectSound(one);
});

test('files go to another repository in a bundle that any git reads', async () => {
  const [one, other] = [sample(), sample({ name: 'other' })];
  one.write('a/b.txt', 'b\n');
  one.write('tool.sh', '#!/bin/sh\n');
  const { tree } = await snapshotCheckout(await one.open(), 'session-1', 'now');
  const file = join(one.home, 'files.bundle');
  const commit = await writeTreeBundle(await one.open(), tree, file);
  expect(await writeTreeBundle(await one.open(), tree, `${file}.again`)).toBe(commit);
  expect(one.git('bundle', 'list-heads', file).trim()).toBe(`${commit} refs/heads/checkpoint`);
  expect(one.git('for-each-ref', 'refs/heads/checkpoint')).toBe('');

  const repository = await other.open();
  const before = other.git('for-each-ref');
  expect(await readTreeBundle(repository, file)).toBe(tree);
  expect(await readTreeBundle(repository, file)).toBe(tree);
  expect(other.git('for-each-ref')).toBe(before);
  const parent = repository.head.commit;
  const kept = await keepTree({
    repository,
    name: 'session-2',
    checkpoint: 'imported',
    message: 'files',
    tree,
    parent,
  });
  expect(other.git('show', `${kept}:a/b.txt`)).toBe('b\n');
  expect(other.git('rev-parse', `${kept}^`).trim()).toBe(parent);
  other.git('gc', '-q', '--prune=now');
  expect(other.git('show', `${kept}:tool.sh`)).toBe('#!/bin/sh\n');
  expectSound(other);
});

test('what is no such bundle is refused by name, and nothing is taken', async () => {
  const [one, other] = [sample(), sample({ name: 'other', init: ['--object-format=sha256'] })];
  one.write('a.txt', 'a\n');
  const { tree } = await snapshotCheckout(await one.open(), 'session-1', 'now');
  const file = join(one.home, 'files.bundle');
  await writeTreeBundle(await one.open(), tree, file);
  const bytes = readFileSync(file);
  const target = sample({ name: 'target' });
  const repository = await target.open();
  const objects = () => contents(join(target.root, '.git/objects'), []);
  const before = objects();
  const refused = async (content: Uint8Array) => {
    writeFileSync(`${file}.bad`, content);
    return codeOf(readTreeBundle(repository, `${file}.bad`));
  };
  const flipped = Buffer.from(bytes);
  flipped[bytes.length - 30] = (flipped[bytes.length - 30] ?? 0) ^ 1;
  expect(await refused(flipped)).toBe('bad-bundle');
  expect(await refused(bytes.subarray(0, bytes.length - 40))).toBe('bad-bundle');
  expect(await refused(Buffer.from('# v2 git bundle\n'))).toBe('bad-bundle');
  expect(await refused(Buffer.from(''))).toBe('bad-bundle');
  expect(await refused(Buffer.from(bytes.toString('latin1').replace('checkpoint\n', 'trunk\n'), 'latin1'))).toBe(
    'bad-bundle',
  );
  // One with a past: a plain bundle of a branch.
  one.git('bundle', 'create', '-q', `${file}.plain`, 'trunk');
  expect(await codeOf(readTreeBundle(repository, `${file}.plain`))).toBe('bad-bundle');
  expect(await codeOf(readTreeBundle(await other.open(), file))).toBe('bad-bundle');
  expect(objects()).toEqual(before);
});

test('a tree that would write into .git is refused', async () => {
  const [one, target] = [sample(), sample({ name: 'target' })];
  const blob = one.git('hash-object', '-w', 'readme.txt').trim();
  const entry = (mode: string, name: string, id: string) =>
    Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]).toString('latin1');
  writeFileSync(join(one.home, 'inner'), Buffer.from(entry('100644', 'config', blob), 'latin1'));
  const inner = one.git('hash-object', '-t', 'tree', '-w', '--literally', join(one.home, 'inner')).trim();
  writeFileSync(join(one.home, 'outer'), Buffer.from(entry('40000', '.git', inner), 'latin1'));
  const outer = one.git('hash-object', '-t', 'tree', '-w', '--literally', join(one.home, 'outer')).trim();
  const file = join(one.home, 'files.bundle');
  await writeTreeBundle(await one.open(), outer, file);
  expect(await codeOf(readTreeBundle(await target.open(), file))).toBe('bad-bundle');
});
