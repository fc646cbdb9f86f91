import { chmodSync, existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type ApplyRunOptions, applyRun, previewApply } from '@pawl/worktree';
import { describe, expect, test } from 'vitest';
import { codeOf, contents, expectSound, failure, put, sample, take } from './sample.ts';

/** A run of two steps; the user's branch has moved on, in another file. */
async function ready() {
  const one = sample();
  const base = one.git('rev-parse', 'HEAD').trim();
  const lane = await one.lane();
  const first = await take(lane, base, 'first', { 'readme.txt': 'one\n2\nthree\n' });
  const tip = await take(lane, first, 'second', { 'new/ä.txt': 'a\n' });
  const commit = (path: string, content: string) => {
    one.write(path, content);
    one.git('add', '-A');
    one.git('commit', '-q', '-m', `user: ${path}`);
  };
  commit('src/code.txt', 'mine\n');
  const options = async (more: Partial<ApplyRunOptions> = {}) => ({
    repository: await one.open(),
    commit: lane.branch,
    run: 'run-1',
    ...more,
  });
  const apply = async (more: Partial<ApplyRunOptions> = {}) => applyRun(await options(more));
  const preview = async (more: Partial<ApplyRunOptions> = {}) => previewApply(await options(more));
  const head = () => one.git('rev-parse', 'HEAD').trim();
  return { one, base, lane, first, tip, commit, apply, preview, head };
}

const merged = { 'readme.txt': 'one\n2\nthree\n', 'new/\xc3\xa4.txt': 'a\n', 'src/code.txt': 'mine\n' };
const shown = (found: Record<string, string>) =>
  Object.fromEntries(Object.entries(found).map(([path, text]) => [Buffer.from(path).toString('latin1'), text]));

describe('applyRun', () => {
  test('as one commit, with what the run did in its message', async () => {
    const { one, apply, head } = await ready();
    const before = head();
    const applied = await apply({ how: 'squash' });
    expect(applied).toEqual({ kind: 'squash', commits: 1, commit: head(), branch: 'trunk', path: one.root });
    expect(one.git('log', '-1', '--format=%P|%an|%B').trim()).toBe(
      `${before}|Ada Example|Apply run run-1\n\n* first\n* second\n\nPawl-Run: run-1`,
    );
    expect(shown(contents(one.root))).toMatchObject(merged);
    expect(one.git('status', '--porcelain')).toBe('');
    expectSound(one);
  });

  test('as its commits again, on the branch', async () => {
    const { one, apply, head, commit } = await ready();
    commit('new/b.txt', 'b\n');
    one.write('src/code.txt', 'not committed\n');
    const applied = await apply({ how: 'rebase' });
    expect(applied).toMatchObject({ kind: 'rebase', commits: 2, commit: head() });
    expect(one.git('log', '--format=%s|%(trailers:key=Pawl-Step,valueonly,separator=%x2C)')).toBe(
      'second|second\nfirst|first\nuser: new/b.txt|\nuser: src/code.txt|\nfirst|\n',
    );
    expect(contents(one.root)['src/code.txt']).toBe('not committed\n');
    expectSound(one);
  });

  test.each(['merge', 'squash', 'rebase'] as const)('twice says so, whatever came in between: %s', async (how) => {
    const { one, apply, preview, commit } = await ready();
    await apply({ how });
    for (const again of ['merge', 'squash', 'rebase'] as const)
      expect(await codeOf(apply({ how: again }))).toBe('already-applied');
    commit('readme.txt', 'one\n2, and more\nthree\n');
    expect((await preview()).alreadyApplied).toBe(true);
    expectSound(one);
  });

  test.each(['squash', 'rebase'] as const)('with a conflict changes nothing: %s', async (how) => {
    const { one, apply, commit } = await ready();
    commit('readme.txt', 'one\nmine\nthree\n');
    const before = contents(one.root, ['objects']);
    const error = await failure(apply({ how }));
    expect([error.code, error.files]).toEqual(['merge-conflict', ['readme.txt']]);
    expect(contents(one.root, ['objects'])).toEqual(before);
    // A branch from where the run began has nothing to conflict with.
    if (how === 'rebase') expect(await codeOf(apply({ how, branch: 'other' }))).toBe('merge-conflict');
    else expect((await apply({ how, branch: 'other' })).branch).toBe('other');
  });

  test('refuses local changes for a squash too', async () => {
    const { one, apply } = await ready();
    one.write('readme.txt', 'not committed\n');
    const error = await failure(apply({ how: 'squash' }));
    expect([error.code, error.files]).toEqual(['local-changes', ['readme.txt']]);
  });

  test('signs where the user signs', async () => {
    const { one, apply } = await ready();
    const program = join(one.home, 'sign.sh');
    put(program, `#!/bin/sh\ncat >/dev/null\necho "[GNUPG:] SIG_CREATED " >&2\necho signature\n`);
    chmodSync(program, 0o755);
    for (const [key, value] of [
      ['commit.gpgSign', 'true'],
      ['gpg.program', program],
    ] as const)
      one.git('config', key, value);
    const { commit } = await apply({ how: 'squash' });
    expect(one.git('cat-file', 'commit', commit)).toContain('gpgsig signature');
  });
});

describe('into another branch', () => {
  test.each([
    ['merge', 'second\nfirst\nfirst\n'],
    ['squash', 'Apply run run-1\nfirst\n'],
    ['rebase', 'second\nfirst\nuser: src/code.txt\nfirst\n'],
  ] as const)('a new one, and the checkout stays as it is: %s', async (how, log) => {
    const { one, apply } = await ready();
    one.write('readme.txt', 'not committed\n');
    const before = contents(one.root, ['objects', 'refs', 'logs']);
    const hook = join(one.root, '.git/hooks/reference-transaction');
    put(hook, `#!/bin/sh\ntouch "${one.home}/hooked"\n`);
    chmodSync(hook, 0o755);
    const applied = await apply({ how, branch: 'für/mich' });
    expect(applied).toMatchObject({ branch: 'für/mich', commit: one.git('rev-parse', 'für/mich').trim() });
    expect(applied.path).toBeUndefined();
    expect(one.git('log', '--format=%s', 'für/mich')).toBe(log);
    expect(contents(one.root, ['objects', 'refs', 'logs', 'hooks'])).toEqual(
      Object.fromEntries(Object.entries(before).filter(([path]) => !path.includes('hooks'))),
    );
    expect(existsSync(join(one.home, 'hooked'))).toBe(false);
    expect(await codeOf(apply({ how, branch: 'für/mich' }))).toBe('already-applied');
    expectSound(one);
  });

  test('one that is there and checked out nowhere gets a merge commit', async () => {
    const { one, apply, tip } = await ready();
    one.git('branch', 'release');
    const release = one.git('rev-parse', 'release').trim();
    expect(await apply({ branch: 'release' })).toMatchObject({ kind: 'merge', commits: 2, branch: 'release' });
    expect(one.git('log', '-1', '--format=%P|%s', 'release').trim()).toBe(`${release} ${tip}|Merge run run-1`);
    expect(one.git('diff', '--name-only', release, 'release').split('\n').length).toBe(3);
    expectSound(one);
  });

  test('one that is checked out elsewhere moves there, with its files', async () => {
    const { one, apply, preview } = await ready();
    const elsewhere = join(realpathSync(one.home), 'else where');
    one.git('worktree', 'add', '-q', '-b', 'release', elsewhere);
    const before = contents(one.root);
    expect((await preview({ branch: 'release' })).path).toBe(elsewhere);
    put(join(elsewhere, 'readme.txt'), 'not committed\n');
    expect(await codeOf(apply({ branch: 'release' }))).toBe('local-changes');
    one.gitIn(elsewhere, 'checkout', '-q', 'readme.txt');
    expect(await apply({ branch: 'release' })).toMatchObject({ kind: 'merge', path: elsewhere });
    expect(shown(contents(elsewhere))).toMatchObject(merged);
    expect(one.gitIn(elsewhere, 'status', '--porcelain')).toBe('');
    expect(contents(one.root)).toEqual(before);
  });

  test.each(['-x', '--all', 'a..b', '', 'HEAD', 'pawl/run-1/main', 'pawl/x'])('refuses %j', async (branch) => {
    const { apply } = await ready();
    expect(await codeOf(apply({ branch }))).toBe('bad-branch');
  });
});

describe('previewApply', () => {
  test('tells commits, files, conflicts and what is in the way, and writes nothing at all', async () => {
    const { one, preview, commit, first, tip } = await ready();
    commit('readme.txt', 'one\nmine\nthree\n');
    one.write('new/ä.txt', 'mine too\n');
    const before = contents(one.root, []);
    for (const [how, kind] of [
      ['merge', 'merge'],
      ['squash', 'squash'],
      ['rebase', 'rebase'],
    ] as const) {
      expect(await preview({ how })).toEqual({
        kind,
        branch: 'trunk',
        path: one.root,
        alreadyApplied: false,
        behind: 2,
        commits: [
          { commit: first, subject: 'first' },
          { commit: tip, subject: 'second' },
        ],
        files: [
          { path: 'new/ä.txt', change: 'added', insertions: 1, deletions: 0 },
          { path: 'readme.txt', change: 'modified', insertions: 1, deletions: 1 },
        ],
        insertions: 2,
        deletions: 1,
        conflicts: ['readme.txt'],
        blockedBy: ['new/ä.txt'],
      });
    }
    expect(await preview({ branch: 'new' })).toMatchObject({
      kind: 'fast-forward',
      branch: 'new',
      conflicts: [],
      blockedBy: [],
    });
    expect(contents(one.root, [])).toEqual(before);
  });
});
