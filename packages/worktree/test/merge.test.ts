import { chmodSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Lane, openLane } from '@pawl/worktree';
import { describe, expect, test } from 'vitest';
import { codeOf, contents, expectSound, put, type Sample, sample, take } from './sample.ts';

const twelve = Array.from({ length: 12 }, (_, index) => `line ${index + 1}\n`);
const edited = (...at: number[]) =>
  twelve.map((line, index) => (at.includes(index + 1) ? `edited ${line}` : line)).join('');

async function lanes(one: Sample, ...names: string[]) {
  one.write('twelve.txt', twelve.join(''));
  one.write('folder/inner.txt', edited(1, 2, 3));
  one.git('add', '-A');
  one.git('commit', '-q', '-m', 'twelve');
  const base = one.git('rev-parse', 'HEAD').trim();
  const repository = await one.open();
  const open = (lane: string) => openLane({ repository, run: 'run-1', lane, folder: one.folder, base });
  const main = await open('main');
  return { base, main, units: (await Promise.all(names.map(open))) as [Lane, Lane, ...Lane[]] };
}

async function merged(lane: Lane, from: string, base: string, head: string) {
  const result = await lane.merge({ from, base, head });
  if ('conflict' in result) throw new Error(`in conflict: ${result.conflict.files.join(', ')}`);
  return result;
}

describe('merge', () => {
  test('brings every commit of every lane in, one after the other, with author, message and trailers', async () => {
    const one = sample();
    const { base, main, units } = await lanes(one, 'build/auth', 'build/billing', 'build/idle');
    const [auth, billing, idle] = units;
    const first = await take(auth, base, 'auth/impl', { 'auth.txt': 'a\n', 'twelve.txt': edited(1) });
    const second = await take(auth, first, 'auth/tests', { 'auth.test.txt': 't\n' });
    await take(billing, base, 'billing/impl', { 'billing.txt': 'b\n', 'twelve.txt': edited(12) });
    one.calls.length = 0;
    const forward = await merged(main, second, base, base);
    expect(forward).toEqual({ commit: second, commits: [first, second] });
    expect(one.calls.length).toBe(8);
    one.calls.length = 0;
    const { commit, commits } = await merged(main, billing.branch, base, second);
    expect(one.calls).toEqual([
      ...['rev-parse', 'rev-list', 'cat-file', 'merge-tree'],
      ...['add', 'write-tree', 'diff-tree', 'read-tree', 'update-ref'],
    ]);
    expect(commits).toEqual([commit]);
    expect(await merged(main, idle?.branch ?? '', base, commit)).toEqual({ commit, commits: [] });
    expect(one.git('log', '--format=%s|%an|%(trailers:only,unfold,separator=%x2C)', `${base}..${main.branch}`)).toBe(
      'billing/impl|Ada Example|Pawl-Step: billing/impl\nauth/tests|Ada Example|Pawl-Step: auth/tests\nauth/impl|Ada Example|Pawl-Step: auth/impl\n',
    );
    expect(one.git('log', '--merges', main.branch)).toBe('');
    expect(contents(main.path)).toMatchObject({ 'auth.txt': 'a\n', 'billing.txt': 'b\n', 'twelve.txt': edited(1, 12) });
    expect(one.gitIn(main.path, 'status', '--porcelain')).toBe('');
    expect(one.gitIn(main.path, 'rev-parse', 'HEAD').trim()).toBe(commit);
    const next = await take(main, commit, 'after', { 'after.txt': 'x' });
    expect(one.git('diff', '--name-only', commit, next)).toBe('after.txt\n');
    expectSound(one);
  });

  test('takes binary files, renames, modes, links and the same edit twice', async () => {
    const one = sample();
    const { base, main, units } = await lanes(one, 'a', 'b');
    const bytes = (seed: number) => Uint8Array.from({ length: 3000 }, (_, index) => (index * seed) % 256);
    renameSync(join(units[0].path, 'twelve.txt'), join(units[0].path, 'renamed.txt'));
    chmodSync(join(units[0].path, 'readme.txt'), 0o755);
    symlinkSync('readme.txt', join(units[0].path, 'link'));
    const a = await take(units[0], base, 'a', { 'a.bin': bytes(7), 'same.txt': 'same\n', 'src/code.txt': 'both\n' });
    const b = await take(units[1], base, 'b', {
      'b.bin': bytes(11),
      'same.txt': 'same\n',
      'src/code.txt': 'both\n',
      'readme.txt': 'one\ntwo\n3\n',
      'twelve.txt': edited(6),
      'folder/new.txt': 'new\n',
    });
    const head = await merged(main, a, base, base);
    const { commit } = await merged(main, b, base, head.commit);
    const found = contents(main.path);
    expect(found['a.bin']).toBe(Buffer.from(bytes(7)).toString('latin1'));
    expect(found['b.bin']).toBe(Buffer.from(bytes(11)).toString('latin1'));
    expect(found['renamed.txt']).toBe(edited(6));
    expect(found).not.toHaveProperty('twelve.txt');
    expect(found).toMatchObject({ 'readme.txt': 'x one\ntwo\n3\n', link: '-> readme.txt', 'same.txt': 'same\n' });
    // A lane whose every change is there already still has its commit.
    const [, third] = await Promise.all([
      0,
      openLane({ repository: await one.open(), run: 'run-1', lane: 'c', folder: one.folder, base }),
    ]);
    const c = await take(third, base, 'c', { 'same.txt': 'same\n' });
    const last = await merged(main, c, base, commit);
    expect(one.git('log', '-1', '--format=%s|%P', main.branch).trim()).toBe(`c|${commit}`);
    expect(one.git('rev-parse', `${last.commit}^{tree}`)).toBe(one.git('rev-parse', `${commit}^{tree}`));
    expectSound(one);
  });

  test('a new file stays where its lane has put it when another has renamed the folder', async () => {
    const one = sample();
    const { base, main, units } = await lanes(one, 'a', 'b');
    renameSync(join(units[0].path, 'folder'), join(units[0].path, 'moved'));
    const a = await take(units[0], base, 'a', {});
    const b = await take(units[1], base, 'b', { 'folder/new.txt': 'new\n' });
    const head = await merged(main, a, base, base);
    await merged(main, b, base, head.commit);
    expect(contents(main.path)).toMatchObject({ 'moved/inner.txt': edited(1, 2, 3), 'folder/new.txt': 'new\n' });
  });

  test.each([
    [
      'the same lines',
      { 'twelve.txt': edited(3) },
      { 'twelve.txt': twelve.join('').replace('line 3', 'other 3') },
      'twelve.txt',
    ],
    ['the same new name', { 'né w.txt': 'a\n' }, { 'né w.txt': 'b\n' }, 'né w.txt'],
    ['changed and gone', { 'twelve.txt': edited(3) }, { 'twelve.txt': undefined }, 'twelve.txt'],
    ['two binary files', { bin: '\0a' }, { bin: '\0b' }, 'bin'],
  ])('of a true conflict changes nothing, and both lanes stay: %s', async (_, left, right, file) => {
    const one = sample();
    const { base, main, units } = await lanes(one, 'a', 'b');
    const a = await take(units[0], base, 'a', left);
    const clean = await take(units[1], base, 'clean', { 'clean.txt': 'x' });
    const b = await take(units[1], clean, 'b', right);
    const { commit: head } = await merged(main, a, base, base);
    put(join(main.path, 'left-over.txt'), 'from a gate');
    const before = [contents(one.root, ['objects']), contents(one.folder, [])];
    expect(await main.merge({ from: b, base, head })).toEqual({ conflict: { files: [file], commit: b } });
    const after = [contents(one.root, ['objects']), contents(one.folder, [])];
    for (const state of [...before, ...after])
      for (const key of Object.keys(state)) if (key.endsWith('.pawl/info/exclude')) delete state[key];
    expect(after).toEqual(before);
    expectSound(one);
  });

  test('saves what a gate has left before it takes it away', async () => {
    const one = sample();
    const { base, main, units } = await lanes(one, 'a');
    const a = await take(units[0], base, 'a', { 'a.txt': 'a', 'cache.log/x': 'now a folder\n', '.gitignore': '' });
    put(join(main.path, 'readme.txt'), 'by a formatter\n');
    put(join(main.path, 'coverage.txt'), 'by a gate\n');
    put(join(main.path, 'cache.log'), 'ignored, in the way\n');
    put(join(main.path, 'other.log'), 'ignored\n');
    await merged(main, a, base, base);
    const found = contents(main.path);
    expect(found).toMatchObject({
      'readme.txt': 'one\ntwo\nthree\n',
      'other.log': 'ignored\n',
      'cache.log/x': 'now a folder\n',
    });
    expect(found).not.toHaveProperty('coverage.txt');
    const refs = one.git('for-each-ref', '--format=%(objectname)', 'refs/pawl').trim().split('\n');
    const kept = (path: string) =>
      refs.flatMap((ref) => one.git('log', '--format=%H', ref, '--', path).trim().split('\n').filter(Boolean));
    for (const path of ['coverage.txt', 'cache.log']) expect(kept(path).length).toBeGreaterThan(0);
    expectSound(one);
  });

  test('again with the same arguments answers the same, wherever the first one was cut off', async () => {
    const one = sample();
    const { base, main, units } = await lanes(one, 'a', 'b');
    const a = await take(units[0], base, 'a', { 'a.txt': 'a\n' });
    const b = await take(units[1], base, 'b', { 'b.txt': 'b\n' });
    const { commit: head } = await merged(main, a, base, base);
    // Cut off when the files have moved and the branch has not.
    put(join(main.path, 'b.txt'), 'b\n');
    const first = await merged(main, b, base, head);
    expect(contents(main.path)['b.txt']).toBe('b\n');
    const again = await openLane({
      repository: await one.open(),
      run: 'run-1',
      lane: 'main',
      folder: one.folder,
      base,
    });
    put(join(main.path, 'later.txt'), 'work that began');
    expect(await merged(again, b, base, head)).toEqual(first);
    const tip = await take(again, first.commit, 'later', {});
    expect(await merged(again, b, base, head)).toEqual(first);
    expect(one.git('rev-parse', main.branch).trim()).toBe(tip);
    expect(contents(main.path)['later.txt']).toBe('work that began');
    expect(await merged(again, a, base, base)).toEqual({ commit: a, commits: [a] });
  });

  test('refuses by name what it cannot do', async () => {
    const one = sample();
    const { base, main, units } = await lanes(one, 'a');
    const a = await take(units[0], base, 'a', { 'a.txt': 'a\n' });
    const other = await take(main, base, 'main', { 'm.txt': 'm\n' });
    const parent = one.git('rev-parse', `${base}^`).trim();
    expect(await codeOf(main.merge({ from: a, base, head: base }))).toBe('branch-moved');
    expect(await codeOf(main.merge({ from: a, base: other, head: other }))).toBe('not-linear');
    for (const from of [
      'trunk',
      '--all',
      'pawl/run-1/none',
      'pawl/run-1/main..x',
      '3'.repeat(40),
      'pawl/run-1/a^{/x}',
    ]) {
      expect(await codeOf(main.merge({ from, base, head: other }))).toBe('unknown-commit');
    }
    expect(await codeOf(main.merge({ from: a, base: 'HEAD', head: other }))).toBe('unknown-commit');
    expect((await merged(main, a, parent, other)).commits.length).toBe(2);
  });

  test('keeps an author and a message that are not UTF-8, byte for byte, and drops a signature', async () => {
    const one = sample();
    const { base, main, units } = await lanes(one, 'a', 'b');
    const a = await take(units[0], base, 'a', { 'a.txt': 'a\n' });
    const b = await take(units[1], base, 'b', { 'b.txt': 'b\n' });
    const tree = one.git('rev-parse', `${b}^{tree}`).trim();
    const head = `tree ${tree}\nparent ${base}\nauthor J\xfcrg <j@x> 1000000000 +0130\ncommitter C <c@x> 1000000001 -0800\n`;
    const rest = `encoding latin1\ngpgsig -----BEGIN\n odd\n -----END\n\n\xfcber\n\n\n  kept  \nno line break`;
    put(join(one.home, 'commit'), Buffer.from(head + rest, 'latin1'));
    const odd = one.git('hash-object', '-t', 'commit', '-w', join(one.home, 'commit')).trim();
    const { commit: at } = await merged(main, a, base, base);
    const { commit } = await merged(main, odd, base, at);
    const raw = Buffer.from(one.git('-c', 'i18n.logOutputEncoding=latin1', 'cat-file', 'commit', commit));
    expect(raw.includes('gpgsig')).toBe(false);
    expect(one.git('log', '-1', '--format=%an|%at|%ct|%B', commit)).toContain(
      'Jürg|1000000000|1000000001|über\n\n\n  kept  \nno line break',
    );
  });
});
