import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Lane } from '@pawl/worktree';
import { expect, test } from 'vitest';
import { put, type Sample, sample, take } from './sample.ts';

const quiet: [string, (one: Sample, lane: Lane) => unknown][] = [
  ['work and commits of pawl', (one, lane) => take(lane, one.git('rev-parse', 'HEAD').trim(), 'a', { 'a.txt': 'a' })],
  ['another lane', async (one) => (await one.lane('other')).remove({ branch: 'drop' })],
  [
    'commits of the agent in its worktree',
    (one, lane) => one.gitIn(lane.path, 'commit', '-q', '--allow-empty', '-m', 'x'),
  ],
  ['references that are packed', (one) => one.git('pack-refs', '--all')],
  ['a look by the user', (one) => one.git('status')],
  ['staged files of the user', (one) => [one.write('x.txt', 'x'), one.git('add', '-A')]],
];

test.each(quiet)('nothing to tell: %s', async (_, change) => {
  const one = sample();
  const lane = await one.lane();
  expect(await lane.verify()).toEqual([]);
  await change(one, lane);
  one.calls.length = 0;
  expect(await lane.verify()).toEqual([]);
  expect(one.calls).toEqual([]);
});

const loud: [string, string, (git: string, one: Sample, lane: Lane) => unknown][] = [
  ['config', 'config', (_, one) => one.git('config', 'core.fsmonitor', 'evil')],
  ['config', 'config.worktree', (git) => put(join(git, 'config.worktree'), '[core]\n\tfsmonitor = evil\n')],
  ['hook', 'hooks/post-checkout', (git) => put(join(git, 'hooks/post-checkout'), '#!/bin/sh\n')],
  ['hook', 'hooks/pre-push.sample', (git) => chmodSync(join(git, 'hooks/pre-push.sample'), 0o600)],
  [
    'hook',
    'hooks',
    (git, one) => [rmSync(join(git, 'hooks'), { recursive: true }), symlinkSync(one.home, join(git, 'hooks'))],
  ],
  ['attributes', 'info/attributes', (git) => put(join(git, 'info/attributes'), '* filter=evil\n')],
  ['objects', 'objects/info/alternates', (git) => put(join(git, 'objects/info/alternates'), '/elsewhere\n')],
  ['head', 'HEAD', (git) => put(join(git, 'HEAD'), 'ref: refs/heads/other\n')],
  ['config', 'info/exclude', (git) => appendFileSync(join(git, 'info/exclude'), 'src/\n')],
  ['config', 'modules/lib/config', (git) => put(join(git, 'modules/lib/config'), '[core]\n\tfsmonitor = evil\n')],
  [
    'ref',
    'refs/heads/trunk',
    (_, one, lane) =>
      one.gitIn(lane.path, 'update-ref', 'refs/heads/trunk', one.git('commit-tree', '-m', 'x', 'HEAD^{tree}').trim()),
  ],
  ['ref', 'refs/heads/new', (_, one, lane) => one.gitIn(lane.path, 'branch', 'new')],
  ['ref', 'refs/heads/packed', (_, one) => one.git('branch', '-D', 'packed')],
  [
    'ref',
    'refs/stash',
    (_, one, lane) => [put(join(lane.path, 'readme.txt'), 'x'), one.gitIn(lane.path, 'stash', '-q')],
  ],
  [
    'objects',
    'refs/replace/',
    (_, one) => one.git('replace', 'HEAD', one.git('commit-tree', '-m', 'x', 'HEAD^{tree}').trim()),
  ],
  ['config', '.gitconfig', (_, one) => one.gitIn(one.home, 'config', '--global', 'core.hooksPath', '/evil')],
];

test.each(loud)('tells of %s: %s', async (kind, name, change) => {
  const one = sample();
  one.git('branch', 'packed');
  one.git('pack-refs', '--all');
  const lane = await one.lane();
  const git = join(one.root, '.git');
  change(git, one, lane);
  const changes = await lane.verify();
  const found = changes.find(({ path }) => path === name || path.endsWith(`/${name}`) || path.startsWith(name));
  expect(found?.kind).toBe(kind);
  expect(found?.words).toContain(name);
  expect(await lane.verify()).toEqual([]);
});

test('tells of what the settings lead to: included files, also one that was not there, hooks and attributes elsewhere', async () => {
  const one = sample();
  const at = (name: string) => join(one.home, name);
  put(at('work.inc'), '[alias]\n\tx = status\n');
  put(at('hooks/pre-push'), '#!/bin/sh\n');
  put(
    at('.gitconfig'),
    `[include]\n\tpath = work.inc\n[core]\n\thooksPath = ~/hooks\n\tattributesFile = ${at('attributes')}\n`,
  );
  one.git('config', 'includeIf.gitdir:/.path', '../absent.inc');
  const lane = await one.lane();
  expect(await lane.verify()).toEqual([]);
  appendFileSync(at('work.inc'), '[core]\n\tfsmonitor = evil\n');
  put(join(one.root, 'absent.inc'), '[core]\n\tfsmonitor = evil\n');
  put(at('hooks/pre-push'), '#!/bin/sh\nevil\n');
  put(at('attributes'), '* filter=evil\n');
  expect((await lane.verify()).map(({ kind, path }) => [kind, path])).toEqual([
    ['attributes', at('attributes')],
    ['hook', at('hooks/pre-push')],
    ['config', at('work.inc')],
    ['config', join(one.root, 'absent.inc')],
  ]);
});

test('a change with the same size and time is seen, and a link that leads elsewhere', async () => {
  const one = sample();
  const lane = await one.lane();
  const config = join(one.root, '.git/config');
  const { atime, mtime } = statSync(config);
  const text = one.git('config', '--list', '--local').length;
  expect(text).toBeGreaterThan(0);
  writeFileSync(config, 'x'.repeat(statSync(config).size));
  utimesSync(config, atime, mtime);
  writeFileSync(join(lane.path, '.git'), 'gitdir: /elsewhere\n');
  expect((await lane.verify()).map((change) => change.kind)).toEqual(expect.arrayContaining(['config', 'link']));
});

test('of a repository with 2,000 branches takes no process and little time', async () => {
  const one = sample();
  const head = one.git('rev-parse', 'HEAD').trim();
  for (let index = 0; index < 2000; index += 1) put(join(one.root, `.git/refs/heads/many/${index}`), `${head}\n`);
  const lane = await one.lane();
  const began = performance.now();
  expect(await lane.verify()).toEqual([]);
  console.log(`verify with 2,000 loose branches: ${Math.round(performance.now() - began)} ms`);
  rmSync(join(one.root, '.git/refs/heads/many/7'));
  mkdirSync(join(one.root, '.git/refs/heads/many/7'));
  renameSync(join(one.root, '.git/refs/heads/many/8'), join(one.root, '.git/refs/heads/many/7/8'));
  expect((await lane.verify()).map((change) => change.path)).toEqual([
    'refs/heads/many/7',
    'refs/heads/many/7/8',
    'refs/heads/many/8',
  ]);
  expect(one.calls).toEqual([]);
});

test('what is watched is compared with by the process that comes after one that died', async () => {
  const one = sample();
  const lane = await one.lane();
  await lane.watch();
  one.calls.length = 0;
  one.git('config', 'core.fsmonitor', 'evil');
  one.git('branch', 'new');
  // Never closed: its process is gone.
  const next = await one.lane();
  const told = (await next.verify()).filter(({ kind }) => kind !== 'ref');
  expect(told.map(({ words }) => words)).toEqual([`The git setting file ${join(one.root, '.git/config')} has changed`]);
  expect(await next.verify()).toEqual([]);
  expect(await (await one.lane()).verify()).toEqual([]);
});

test('what changes while nothing is watched is its owner’s doing', async () => {
  const one = sample();
  const lane = await one.lane();
  await lane.watch();
  expect(await lane.verify()).toEqual([]);
  await lane.close();
  one.git('config', 'user.name', 'Ada');
  expect(await (await one.lane()).verify()).toEqual([]);
});

test('a record of what was watched that cannot be read vouches for nothing', async () => {
  const one = sample();
  const lane = await one.lane();
  await lane.watch();
  writeFileSync(`${lane.path}.pawl/watched.json`, '{"half');
  const words = (await (await one.lane()).verify()).map((change) => change.words);
  expect(words).toContain(`The git setting file ${join(one.root, '.git/config')} is new`);
});

test('watching starts no process', async () => {
  const one = sample();
  const lane = await one.lane();
  await lane.watch();
  expect(one.calls).toEqual([]);
});
