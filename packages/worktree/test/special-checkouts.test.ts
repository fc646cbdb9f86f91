import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyRun, previewApply, worktreesOf } from '@pawl/worktree';
import { describe, expect, test } from 'vitest';
import { contents, expectSound, put, type Sample, sample, take } from './sample.ts';

const applied = async (one: Sample, commit: string, how?: 'squash' | 'rebase') =>
  applyRun({ repository: await one.open(), commit, run: 'run-1', ...(how && { how }) });

describe('a sparse checkout', () => {
  function sparse(): Sample {
    const one = sample();
    one.write('docs/long.txt', 'long\n');
    one.write('tools/make.txt', 'make\n');
    one.git('add', '-A');
    one.git('commit', '-q', '-m', 'more');
    one.git('sparse-checkout', 'set', 'src');
    return one;
  }

  test.each([undefined, 'squash', 'rebase'] as const)(
    'the run has all files; applied (%s), the checkout has those of its patterns, changed or new, and no other',
    async (how) => {
      const one = sparse();
      const base = one.git('rev-parse', 'HEAD').trim();
      const patterns = one.git('sparse-checkout', 'list');
      expect(Object.keys(contents(one.root)).sort()).toEqual(['.gitignore', 'readme.txt', 'src/code.txt']);
      const lane = await one.lane();
      expect(contents(lane.path)).toMatchObject({ 'docs/long.txt': 'long\n', 'tools/make.txt': 'make\n' });
      expect(one.gitIn(lane.path, 'status', '--porcelain')).toBe('');
      const changes = { 'docs/long.txt': 'longer\n', 'src/new.txt': 'new\n', 'tools/other.txt': 'x\n' };
      const tip = await take(lane, base, 'work', changes);
      expect(one.git('diff-tree', '-r', '--name-only', base, tip).trim().split('\n')).toEqual(Object.keys(changes));
      if (how === 'rebase') {
        one.write('src/code.txt', 'mine\n');
        one.git('commit', '-qam', 'mine');
      }
      await applied(one, tip, how);
      expect(one.git('sparse-checkout', 'list')).toBe(patterns);
      expect(Object.keys(contents(one.root)).sort()).toEqual([
        '.gitignore',
        'readme.txt',
        'src/code.txt',
        'src/new.txt',
      ]);
      expect(one.git('show', 'HEAD:docs/long.txt')).toBe('longer\n');
      expect(one.git('status', '--porcelain')).toBe('');
      expectSound(one);
    },
  );

  test('what it does not show is not taken for deleted: a run that begins in it is not dirty', async () => {
    const one = sparse();
    expect(await (await one.open()).isDirty()).toBe(false);
    const lane = await one.lane();
    const { files } = await lane.checkpoint({ name: 'a', since: one.git('rev-parse', 'HEAD').trim(), message: 'a' });
    expect(files).toEqual([]);
  });
});

const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 4\n';

describe('files under Git LFS', () => {
  /** Filters as Git LFS sets them up, which note each time that they run. */
  function withLfs(): { readonly one: Sample; readonly ran: string } {
    const one = sample();
    const ran = join(one.home, 'ran');
    one.git(
      'config',
      'filter.lfs.clean',
      `sh -c 'echo clean >> ${ran}; cat > /dev/null; printf "${pointer.replaceAll('\n', '\\n')}"'`,
    );
    one.git('config', 'filter.lfs.smudge', `sh -c 'echo smudge >> ${ran}; cat > /dev/null; printf real'`);
    one.git('config', 'filter.lfs.required', 'true');
    one.write('.gitattributes', '*.bin filter=lfs diff=lfs merge=lfs -text\n');
    one.write('big.bin', 'real');
    one.git('add', '-A');
    one.git('commit', '-q', '-m', 'big');
    expect(one.git('show', 'HEAD:big.bin')).toBe(pointer);
    return { one, ran };
  }
  const runs = (ran: string) => (existsSync(ran) ? readFileSync(ran, 'utf8').split('\n').length : 0);

  test('are pointers in a run, stay the same pointers, and no filter runs', async () => {
    const { one, ran } = withLfs();
    const base = one.git('rev-parse', 'HEAD').trim();
    const before = runs(ran);
    const lane = await one.lane();
    expect(contents(lane.path)['big.bin']).toBe(pointer);
    const first = await take(lane, base, 'work', { 'work.txt': 'work\n' });
    put(join(lane.path, 'half.txt'), 'half\n');
    await lane.checkpoint({ name: 'half', since: first, message: 'half' });
    await lane.reset(first);
    const unit = await one.lane('unit');
    const other = await take(unit, base, 'other', { 'other.txt': 'other\n' });
    const merged = await lane.merge({ from: other, base, head: first });
    expect(merged).toHaveProperty('commit');
    for (const path of [lane.path, unit.path]) expect(contents(path)['big.bin']).toBe(pointer);
    expect(one.git('diff', '--stat', base, lane.branch, '--', 'big.bin', '.gitattributes')).toBe('');
    expect(runs(ran)).toBe(before);
  });

  test('that git lfs pull has filled stay pointers in commits; what an agent writes instead is committed as it is', async () => {
    const one = sample();
    const pointerTo = (content: string) =>
      `version https://git-lfs.github.com/spec/v1\noid sha256:${createHash('sha256').update(content).digest('hex')}\nsize ${content.length}\n`;
    one.write('big.bin', pointerTo('real'));
    one.write('other.bin', pointerTo('else'));
    one.git('add', '-A');
    one.git('commit', '-q', '-m', 'big');
    one.write('.git/lfs/objects/x', 'x');
    const base = one.git('rev-parse', 'HEAD').trim();
    const lane = await one.lane();
    const first = await take(lane, base, 'work', { 'big.bin': 'real', 'work.txt': 'work\n' });
    expect(one.git('diff', '--name-only', base, first).trim()).toBe('work.txt');
    const { commit, files } = await lane.checkpoint({ name: 'same', since: first, message: 'same' });
    expect([commit, files]).toEqual([first, []]);
    expect(contents(lane.path)['big.bin']).toBe('real');
    const [entry] = await worktreesOf({ folder: one.folder, env: one.env });
    expect(entry).toMatchObject({ dirty: false });
    const second = await take(lane, first, 'more', { 'big.bin': 'mine', 'other.bin': 'fals' });
    expect(one.git('diff', '--name-only', first, second).trim().split('\n')).toEqual(['big.bin', 'other.bin']);
    expect(one.git('show', `${second}:big.bin`)).toBe('mine');
    expectSound(one);
  });

  test('applied, the file of the checkout stays as it is, and what the user has filters for is filtered', async () => {
    const { one } = withLfs();
    const base = one.git('rev-parse', 'HEAD').trim();
    const lane = await one.lane();
    const moved = { 'work.txt': 'work\n', 'copied.bin': pointer };
    const tip = await take(lane, base, 'work', moved);
    const preview = await previewApply({ repository: await one.open(), commit: tip, run: 'run-1' });
    expect(preview.blockedBy).toEqual([]);
    await applied(one, tip);
    expect(contents(one.root)).toMatchObject({ 'big.bin': 'real', 'copied.bin': 'real', 'work.txt': 'work\n' });
    expect(one.git('show', 'HEAD:big.bin')).toBe(pointer);
    expect(one.git('status', '--porcelain')).toBe('');
    expectSound(one);
  });
});

describe('a submodule', () => {
  function withSubmodule(): Sample {
    const one = sample();
    const library = join(one.root, '../library');
    mkdirSync(library);
    one.gitIn(library, 'init', '-q');
    put(join(library, 'lib.txt'), 'lib\n');
    one.gitIn(library, 'add', '-A');
    one.gitIn(library, 'commit', '-q', '-m', 'library');
    one.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'module');
    one.git('commit', '-q', '-m', 'with module');
    return one;
  }
  /** What a project names as its `setup`. */
  const setup = (one: Sample, path: string) =>
    one.gitIn(path, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'update', '--init');

  test('is empty until the setup brings it; then it is there for agents and gates, and in no commit', async () => {
    const one = withSubmodule();
    const base = one.git('rev-parse', 'HEAD').trim();
    const link = one.git('ls-tree', base, 'module');
    const lane = await one.lane();
    expect(contents(lane.path)).not.toHaveProperty('module/lib.txt');
    setup(one, lane.path);
    expect(contents(lane.path)['module/lib.txt']).toBe('lib\n');
    const first = await take(lane, base, 'work', { 'work.txt': 'work\n' });
    expect(one.git('diff-tree', '-r', '--name-only', base, first)).toBe('work.txt\n');
    put(join(lane.path, 'half.txt'), 'half\n');
    await lane.reset(first);
    expect(contents(lane.path)['module/lib.txt']).toBe('lib\n');
    expect(one.git('ls-tree', lane.branch, 'module')).toBe(link);
    // The process that comes after finds it as it is.
    const again = await one.lane();
    expect(contents(again.path)['module/lib.txt']).toBe('lib\n');
    expect((await again.checkpoint({ name: 'b', since: first, message: 'b' })).files).toEqual([]);
    expectSound(one);
  });

  test('applied, that of the checkout stays as it is; the worktree can be taken away', async () => {
    const one = withSubmodule();
    const base = one.git('rev-parse', 'HEAD').trim();
    const lane = await one.lane();
    setup(one, lane.path);
    const tip = await take(lane, base, 'work', { 'work.txt': 'work\n' });
    const before = one.git('submodule', 'status');
    await lane.remove({ branch: 'drop' });
    expect(existsSync(lane.path)).toBe(false);
    await applied(one, tip);
    expect(one.git('submodule', 'status')).toBe(before);
    expect(contents(one.root)).toMatchObject({ 'module/lib.txt': 'lib\n', 'work.txt': 'work\n' });
    expect(one.git('status', '--porcelain')).toBe('');
    expectSound(one);
  });
});
