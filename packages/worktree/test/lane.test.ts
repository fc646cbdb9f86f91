import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diffBetween, openLane, WorktreeError } from '@pawl/worktree';
import { describe, expect, test } from 'vitest';
import { codeOf, contents, expectSound, put, sample } from './sample.ts';

const message = 'a checkpoint';

async function step(one = sample()) {
  const base = (await one.open()).head.commit;
  const lane = await one.lane();
  return { one, base, lane };
}

describe('a step', () => {
  test('that changes files takes five git processes, and puts one clean commit on the branch', async () => {
    const { one, base, lane } = await step();
    put(join(lane.path, 'readme.txt'), 'one\n2\nthree\nfour\n');
    put(join(lane.path, 'new/file.txt'), 'new\n');
    unlinkSync(join(lane.path, 'src/code.txt'));
    const checkpoint = await lane.checkpoint({ name: 'impl#1/checkpoint', since: base, message });
    expect(checkpoint).toMatchObject({
      files: [
        { path: 'new/file.txt', change: 'added', insertions: 1, deletions: 0 },
        { path: 'readme.txt', change: 'modified', insertions: 2, deletions: 1 },
        { path: 'src/code.txt', change: 'deleted', insertions: 0, deletions: 1 },
      ],
      insertions: 3,
      deletions: 2,
      skipped: [],
    });
    expect(checkpoint.diff).toBe(one.git('diff', base, checkpoint.commit));
    const body = 'Why and how.';
    const trailers = { 'Pawl-Run': 'run-1', 'Pawl Step': 'impl\nX' };
    const from = base;
    const commit = await lane.advance({ from, checkpoint: checkpoint.commit, subject: 'Do\nit', body, trailers });
    expect(one.calls).toEqual(['add', 'write-tree', 'diff-tree', 'update-ref', 'update-ref']);
    expect(one.git('log', '--format=%H|%P|%an <%ae>|%cn <%ce>|%B', `${base}..${lane.branch}`).trim()).toBe(
      `${commit}|${base}|Ada Example <ada@example.org>|Ada Example <ada@example.org>|Do it\n\n${body}\n\nPawl-Run: run-1\nPawl-Step: impl X`,
    );
    expect(one.git('rev-parse', `${commit}^{tree}`).trim()).toBe(checkpoint.tree);
    expect(one.gitIn(lane.path, 'status', '--porcelain')).toBe('');
    expect(one.gitIn(lane.path, 'rev-parse', 'HEAD').trim()).toBe(commit);
    expectSound(one);
  });

  test('that changes nothing takes two, makes no commit, and does not advance', async () => {
    const { one, base, lane } = await step();
    const checkpoint = await lane.checkpoint({ name: 'a', since: base, message });
    expect(checkpoint).toMatchObject({ commit: base, files: [], diff: '' });
    expect(await lane.advance({ from: base, checkpoint: checkpoint.commit, subject: 's' })).toBeUndefined();
    expect(one.calls).toEqual(['add', 'write-tree']);
    expect(one.git('for-each-ref', 'refs/pawl')).toBe('');
  });

  test('goes on from the step before, with commits one after the other', async () => {
    const { one, base, lane } = await step();
    let from = base;
    for (const name of ['one', 'two', 'three']) {
      put(join(lane.path, `${name}.txt`), name);
      const { commit, files } = await lane.checkpoint({ name, since: from, message });
      expect(files.map((file) => file.path)).toEqual([`${name}.txt`]);
      from = (await lane.advance({ from, checkpoint: commit, subject: name })) ?? '';
    }
    expect(one.calls.length).toBe(15);
    expect(one.git('log', '--format=%s', lane.branch).trim().split('\n')).toEqual(['three', 'two', 'one', 'first']);
  });

  test('of 5,000 files: the same count of processes', async () => {
    const one = sample();
    for (let index = 0; index < 5000; index += 1)
      one.write(`many/${index % 50}/file-${index}.txt`, `content ${index}\n`);
    one.git('add', '-A');
    one.git('commit', '-q', '-m', 'many');
    const base = (await one.open()).head.commit;
    const opening = one.calls.length;
    const lane = await openLane({ repository: await one.open(), run: 'r', lane: 'main', folder: one.folder, base });
    console.log(
      `5,000 files: open repository ${opening}, open repository and lane ${one.calls.length - opening} git processes`,
    );
    one.calls.length = 0;
    for (let index = 0; index < 5000; index += 2) put(join(lane.path, `many/${index % 50}/file-${index}.txt`), 'x');
    const { commit, files } = await lane.checkpoint({ name: 'all', since: base, message });
    expect(files.length).toBe(2500);
    await lane.advance({ from: base, checkpoint: commit, subject: 'all' });
    console.log(`5,000 files: a step ${one.calls.length} git processes (${one.calls.join(', ')})`);
    expect(one.calls.length).toBe(5);
    expect(one.gitIn(lane.path, 'status', '--porcelain')).toBe('');
  });
});

describe('a checkpoint', () => {
  test('holds every kind of file', async () => {
    const { one, base, lane } = await step();
    const names = [
      'with space',
      'né€😀',
      'new\nline',
      '-dash',
      ':(glob)x',
      '"quoted"',
      'tab\there',
      '*',
      'a\\b',
      '#hash',
      '!bang',
    ];
    for (const name of names) put(join(lane.path, name), `in ${name}\n`);
    put(join(lane.path, 'binary'), new Uint8Array([0, 1, 2, 255]));
    symlinkSync('/etc/passwd', join(lane.path, 'link'));
    symlinkSync('src', join(lane.path, 'folder-link'));
    chmodSync(join(lane.path, 'readme.txt'), 0o755);
    mkdirSync(join(lane.path, 'empty'));
    const checkpoint = await lane.checkpoint({ name: 'kinds', since: base, message });
    expect(checkpoint.files.map((file) => file.path).sort()).toEqual(
      [...names, 'binary', 'folder-link', 'link', 'readme.txt'].sort(),
    );
    expect(checkpoint.files.find((file) => file.path === 'binary')).toEqual({ path: 'binary', change: 'added' });
    expect(checkpoint.files.find((file) => file.path === 'readme.txt')).toEqual({
      path: 'readme.txt',
      change: 'modified',
      insertions: 0,
      deletions: 0,
    });
    const tree = one.git('ls-tree', '-r', '-z', checkpoint.commit).split('\0');
    expect(tree.filter((entry) => entry.startsWith('120000')).map((entry) => entry.split('\t')[1])).toEqual([
      'folder-link',
      'link',
    ]);
    const before = contents(lane.path);
    await lane.reset(base);
    await lane.reset(checkpoint.commit);
    expect(contents(lane.path)).toEqual(before);
    expectSound(one);
  });

  test('of a name that is not UTF-8 works, and comes back', async () => {
    const { base, lane } = await step();
    const odd = Buffer.concat([Buffer.from(`${lane.path}/odd-`), Buffer.from([0xff, 0xfe])]);
    writeFileSync(odd, 'odd');
    const { commit, files } = await lane.checkpoint({ name: 'odd', since: base, message });
    expect(files.length).toBe(1);
    await lane.reset(base);
    expect(existsSync(odd)).toBe(false);
    await lane.reset(commit);
    expect(existsSync(odd)).toBe(true);
  });

  test('leaves out what is ignored and what pawl outputs, also when a .gitignore says otherwise or it is tracked', async () => {
    const one = sample();
    one.write('.pawl/out/tracked.json', 'base');
    one.write('.gitignore', 'ignored/\n*.log\n!.pawl/out/\n');
    one.git('add', '-A', '-f');
    one.git('commit', '-q', '-m', 'with output');
    const { base, lane } = await step(one);
    for (const path of ['ignored/x', 'a.log', '.pawl/out/plan.json', '.gump/out/plan.json', 'sub/.pawl/out/kept'])
      put(join(lane.path, path), 'x');
    put(join(lane.path, '.pawl/out/tracked.json'), 'changed');
    const { files, tree } = await lane.checkpoint({ name: 'out', since: base, message });
    expect(files.map((file) => file.path)).toEqual(['sub/.pawl/out/kept']);
    expect(one.git('show', `${tree}:.pawl/out/tracked.json`)).toBe('base');
    expect(contents(lane.path)['.pawl/out/plan.json']).toBe('x');
  });

  test('keeps line ends and attributes as they are', async () => {
    const one = sample();
    one.write('.gitattributes', '*.txt text\n*.crlf -text\n*.win text eol=crlf\n');
    one.write('a.crlf', 'a\r\nb\r\n');
    one.write('a.win', 'a\r\nb\r\n');
    one.git('add', '-A');
    one.git('commit', '-q', '-m', 'attributes');
    const { base, lane } = await step(one);
    expect(contents(lane.path)['a.win']).toBe('a\r\nb\r\n');
    expect(await lane.checkpoint({ name: 'same', since: base, message })).toMatchObject({ files: [] });
    put(join(lane.path, 'a.win'), 'a\r\nc\r\n');
    put(join(lane.path, 'b.crlf'), 'x\r\n');
    const { commit } = await lane.checkpoint({ name: 'edit', since: base, message });
    expect(one.git('show', `${commit}:a.win`)).toBe('a\nc\n');
    expect(one.git('show', `${commit}:b.crlf`)).toBe('x\r\n');
    expect(one.gitIn(lane.path, 'status', '--porcelain', 'a.win')).toBe(' M a.win\n');
  });

  test('cuts a long patch and says so', async () => {
    const { base, lane } = await step();
    put(join(lane.path, 'long.txt'), `${'é'.repeat(50)}\n`.repeat(1000));
    const { diff, insertions } = await lane.checkpoint({ name: 'long', since: base, message, maxDiffBytes: 1000 });
    expect(insertions).toBe(1000);
    expect(diff).toMatch(/é\n\[\.\.\. diff cut here, \d+ bytes left out \.\.\.\]\n$/);
    expect(Buffer.byteLength(diff)).toBeLessThan(1100);
    expect(diff).not.toContain('\ufffd');
  });

  test('of the same name never replaces one of other files, and is one and the same with the same files', async () => {
    const { one, base, lane } = await step();
    const refs = () => one.git('for-each-ref', '--format=%(refname)', 'refs/pawl').trim().split('\n');
    put(join(lane.path, 'a.txt'), 'first');
    await lane.checkpoint({ name: 'x/../y: ü', since: base, message });
    await lane.checkpoint({ name: 'x/../y: ü', since: base, message });
    expect(refs().length).toBe(1);
    put(join(lane.path, 'a.txt'), 'second');
    await lane.checkpoint({ name: 'x/../y: ü', since: base, message });
    expect(refs().length).toBe(2);
    expect(refs().every((ref) => /^refs\/pawl\/run-1\/[A-Za-z0-9_-]+$/.test(ref))).toBe(true);
  });

  test('refuses a commit that is none', async () => {
    const { lane } = await step();
    expect(await codeOf(lane.checkpoint({ name: 'a', since: '--output=x', message }))).toBe('unknown-commit');
    expect(await codeOf(lane.reset('0'.repeat(40)))).toBe('unknown-commit');
    expect(await lane.hasCommit('0'.repeat(40))).toBe(false);
  });
});

describe('a worktree that was taken away by hand in the middle of a step', () => {
  test('is made again with the files of the newest checkpoint, unless its branch has moved since', async () => {
    const { one, base, lane } = await step();
    put(join(lane.path, 'half.txt'), 'half\n');
    unlinkSync(join(lane.path, 'readme.txt'));
    const { commit, tree } = await lane.checkpoint({ name: 'half', since: base, message });
    const repository = await one.open();
    const again = async (head: string) => {
      rmSync(lane.path, { recursive: true });
      const opened = await openLane({
        repository,
        run: 'run-1',
        lane: 'main',
        folder: one.folder,
        base,
        held: { head, commit },
      });
      return (await opened.checkpoint({ name: 'again', since: base, message })).tree;
    };
    expect(await again(base)).toBe(tree);
    expect(existsSync(join(lane.path, 'half.txt'))).toBe(true);
    expect(await again(commit)).not.toBe(tree);
    expect(contents(lane.path)).toEqual(contents(one.root));
    expectSound(one);
  });
});

describe('reset', () => {
  test('brings files back, takes untracked ones away, keeps ignored ones, and loses nothing', async () => {
    const { one, base, lane } = await step();
    put(join(lane.path, 'readme.txt'), 'precious\n');
    put(join(lane.path, 'deep/untracked.txt'), 'precious too\n');
    put(join(lane.path, 'ignored/cache'), 'cache');
    rmSync(join(lane.path, 'src'), { recursive: true });
    symlinkSync('/tmp', join(lane.path, 'src'));
    await lane.reset(base);
    expect(contents(lane.path)).toEqual({ ...contents(one.root), 'ignored/cache': 'cache' });
    expect(existsSync(join(lane.path, 'deep'))).toBe(false);
    expect(one.gitIn(lane.path, 'status', '--porcelain')).toBe('');
    const [ref = ''] = one.git('for-each-ref', '--format=%(objectname)', 'refs/pawl').trim().split('\n');
    expect(one.git('show', `${ref}:deep/untracked.txt`)).toBe('precious too\n');
    await lane.reset(ref);
    expect(contents(lane.path)['readme.txt']).toBe('precious\n');
    expectSound(one);
  });

  test('saves an ignored file that stands in the way', async () => {
    const { one, base, lane } = await step();
    rmSync(join(lane.path, 'src'), { recursive: true });
    unlinkSync(join(lane.path, 'readme.txt'));
    put(join(lane.path, '.gitignore'), 'src\nreadme.txt\n');
    await lane.checkpoint({ name: 'gone', since: base, message });
    put(join(lane.path, 'src'), 'a file where a folder was');
    put(join(lane.path, 'readme.txt/inner'), 'a folder where a file was');
    await lane.reset(base);
    expect(contents(lane.path)).toEqual(contents(one.root));
    const all = one.git('for-each-ref', '--format=%(objectname)', 'refs/pawl').trim().split('\n');
    const kept = all.flatMap((commit) => one.git('ls-tree', '-r', '--name-only', commit).split('\n'));
    expect(kept).toEqual(expect.arrayContaining(['src', 'readme.txt/inner']));
  });

  test('changes nothing when the files cannot be saved', async () => {
    const { one, base, lane } = await step();
    put(join(lane.path, 'readme.txt'), 'precious\n');
    one.gitIn(lane.path, 'add', '-A');
    rmSync(join(one.root, '.git/objects'), { recursive: true });
    expect(await codeOf(lane.reset(base))).toMatch(/no-checkpoint|unknown-commit/);
    expect(contents(lane.path)['readme.txt']).toBe('precious\n');
  });
});

describe('advance', () => {
  test('refuses when the branch is elsewhere, and knows a step that was taken before', async () => {
    const { one, base, lane } = await step();
    put(join(lane.path, 'a.txt'), 'a');
    const { commit } = await lane.checkpoint({ name: 'a', since: base, message });
    const first = await lane.advance({ from: base, checkpoint: commit, subject: 'a' });
    const again = await (await one.lane()).advance({ from: base, checkpoint: commit, subject: 'a' });
    expect(again).toBe(first);
    put(join(lane.path, 'b.txt'), 'b');
    const other = await lane.checkpoint({ name: 'b', since: base, message });
    expect(await codeOf(lane.advance({ from: base, checkpoint: other.commit, subject: 'b' }))).toBe('branch-moved');
  });

  test('without an identity uses the one of pawl, and without a subject says so', async () => {
    const one = sample({ identity: 'none' });
    const { base, lane } = await step(one);
    put(join(lane.path, 'a.txt'), 'a');
    const { commit } = await lane.checkpoint({ name: 'a', since: base, message });
    await lane.advance({ from: base, checkpoint: commit, subject: ' ' });
    expect(one.git('log', '-1', '--format=%an <%ae> %s', lane.branch).trim()).toBe('pawl <pawl@localhost> no subject');
    expectSound(one);
  });

  test('of an older checkpoint leaves the newer files alone', async () => {
    const { one, base, lane } = await step();
    put(join(lane.path, 'a.txt'), 'old');
    const old = await lane.checkpoint({ name: 'a', since: base, message });
    put(join(lane.path, 'a.txt'), 'new');
    await lane.checkpoint({ name: 'b', since: old.commit, message });
    await lane.advance({ from: base, checkpoint: old.commit, subject: 'a' });
    expect(contents(lane.path)['a.txt']).toBe('new');
    expect(one.git('show', `${lane.branch}:a.txt`)).toBe('old');
  });
});

test('diffBetween tells what lies between two commits', async () => {
  const { one, base, lane } = await step();
  put(join(lane.path, 'a.txt'), 'a\n');
  const made = await lane.checkpoint({ name: 'a', since: base, message });
  const { files, insertions, deletions, diff } = made;
  expect(await diffBetween(await one.open(), base, made.commit)).toEqual({ files, insertions, deletions, diff });
  expect((await diffBetween(await one.open(), made.commit, base)).files).toEqual([
    { path: 'a.txt', change: 'deleted', insertions: 0, deletions: 1 },
  ]);
});

test('a SHA-256 repository works too', async () => {
  const one = sample({ init: ['--object-format=sha256'] });
  const { base, lane } = await step(one);
  put(join(lane.path, 'a.txt'), 'a');
  const { commit } = await lane.checkpoint({ name: 'a', since: base, message });
  expect(await lane.advance({ from: base, checkpoint: commit, subject: 'a' })).toMatch(/^[0-9a-f]{64}$/);
  expectSound(one);
});

test('errors are told from others', () => {
  expect(WorktreeError.is(new WorktreeError('busy', 'x'))).toBe(true);
  expect(WorktreeError.is(new Error('x'))).toBe(false);
});
