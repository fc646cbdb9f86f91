import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { diffBetween, openLane, openRepository } from '@pawl/worktree';
import { afterAll, describe, expect, test } from 'vitest';
import { localRunFiles, localWorktreeFiles, type Ports, resumeRun, startRun } from '../src/index.ts';
import type { Script } from './fake-agent.ts';
import { World } from './fakes.ts';
import { code, planOf, split } from './plans.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const lines = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`);
const binary = (seed: number) => Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * seed) % 256));

/** A repository of its own, with ports on real git, and agents that write real files. */
async function project(work: Readonly<Record<string, (edit: Editor) => void>>) {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-runner-git-')));
  folders.push(top);
  const root = join(top, 'project');
  mkdirSync(root);
  const env = { PATH: process.env.PATH ?? '', HOME: top, GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trimEnd();
  git('init', '-q', '-b', 'trunk');
  const base = new Editor(root);
  base.write('shared.txt', `${lines(40).join('\n')}\n`);
  base.write('old/name.txt', `${lines(20).join('\n')}\n`);
  base.write('logo.bin', binary(7));
  git('add', '-A');
  git('-c', 'user.name=A', '-c', 'user.email=a@example.org', 'commit', '-q', '-m', 'first');

  const script: Script = ({ step, open }) => {
    const [, task = ''] = step.split('/');
    if (step === 'plan')
      return { json: { tasks: Object.keys(work).map((name) => ({ name, description: `Do ${name}` })) } };
    work[task]?.(new Editor(open.cwd));
    return {};
  };
  const world = new World({ script });
  const repository = await openRepository(root, { env });
  const worktrees: Ports['worktrees'] = {
    open: ({ run, name, base: commit }) =>
      openLane({ repository, run, lane: name, folder: join(top, 'worktrees'), base: commit }),
    changedFiles: async (from, to) => (await diffBetween(repository, from, to)).files.map(({ path }) => path),
  };
  const plainText = {
    text: (text: string) => text,
    stream: () => ({ write: (chunk: string) => chunk, end: () => '' }),
  };
  const files = localRunFiles(join(top, 'home'), plainText);
  const ports = world.ports({ worktrees, worktreeFiles: localWorktreeFiles, files });
  const parallel = split('plan', [code('impl')], { parallel: {} });
  const commit = repository.head.commit;
  return { top, git, ports, plan: planOf(commit, [parallel]), world, commit };
}

class Editor {
  readonly folder: string;
  constructor(folder: string) {
    this.folder = folder;
  }
  write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), content);
  }
  /** One line of a file, by its number. */
  line(path: string, number: number, text: string): void {
    const all = readFileSync(join(this.folder, path), 'utf8').split('\n');
    all[number - 1] = text;
    this.write(path, all.join('\n'));
  }
  rename(from: string, to: string): void {
    mkdirSync(dirname(join(this.folder, to)), { recursive: true });
    renameSync(join(this.folder, from), join(this.folder, to));
  }
}

const worktreesIn = (git: (...args: string[]) => string) =>
  git('worktree', 'list', '--porcelain')
    .split('\n')
    .filter((line) => line.startsWith('worktree ')).length;

describe('lanes on real git', () => {
  test('disjoint edits of one file, a binary file and a rename come together, one commit a step', async () => {
    const { git, ports, plan, commit } = await project({
      top: (edit) => {
        edit.line('shared.txt', 2, 'top was here');
        edit.write('added/by top.txt', 'ä\n');
      },
      move: (edit) => {
        edit.line('shared.txt', 20, 'move was here');
        edit.rename('old/name.txt', 'new/name.txt');
      },
      draw: (edit) => {
        edit.line('shared.txt', 39, 'draw was here');
        edit.line('old/name.txt', 10, 'draw was here, too');
        edit.write('logo.bin', binary(11));
      },
    });
    const before = git('for-each-ref', 'refs/heads/trunk', '--format=%(objectname)');
    const state = await startRun('r1', plan, ports);
    expect(state.failure).toBeUndefined();
    expect(state.status).toBe('passed');

    const branch = 'pawl/r1/main';
    expect(git('log', '--reverse', '--format=%s|%P', `${commit}..${branch}`).split('\n')).toEqual([
      `impl: top|${commit}`,
      expect.stringMatching(/^impl: move\|[0-9a-f]{40}$/),
      expect.stringMatching(/^impl: draw\|[0-9a-f]{40}$/),
    ]);
    expect(git('log', '--format=%(trailers:key=Pawl-Step,valueonly,separator=)', '-1', branch)).toBe('plan/draw/impl');
    const shared = git('show', `${branch}:shared.txt`).split('\n');
    expect([shared[1], shared[19], shared[38]]).toEqual(['top was here', 'move was here', 'draw was here']);
    expect(git('ls-tree', '-r', '--name-only', '-z', branch).split('\0').filter(Boolean)).toEqual([
      'added/by top.txt',
      'logo.bin',
      'new/name.txt',
      'shared.txt',
    ]);
    expect(git('show', `${branch}:new/name.txt`)).toContain('draw was here, too');
    const lane = state.lanes.main?.path ?? '';
    expect(readFileSync(join(lane, 'logo.bin')).equals(binary(11))).toBe(true);
    expect(git('-C', lane, 'status', '--porcelain')).toBe('');

    // The lanes are gone; the user's own checkout never was touched.
    expect(worktreesIn(git)).toBe(2);
    expect(git('for-each-ref', '--format=%(refname:short)', 'refs/heads').split('\n')).toEqual([branch, 'trunk']);
    expect(git('for-each-ref', 'refs/heads/trunk', '--format=%(objectname)')).toBe(before);
    expect(git('status', '--porcelain')).toBe('');
    expect(git('fsck', '--full', '--strict', '--no-dangling')).toBe('');
  });

  test('the same line changed twice: the run fails with the names, both lanes stay, and a resume loses nothing', async () => {
    const { git, ports, plan, commit, world } = await project({
      one: (edit) => edit.line('shared.txt', 5, 'one'),
      two: (edit) => edit.line('shared.txt', 5, 'two'),
      three: (edit) => edit.write('three.txt', '3\n'),
    });
    const state = await startRun('r1', plan, ports);
    expect(state.status).toBe('failed');
    expect(state.failure?.message).toMatch(/plan\/two conflicts .* shared\.txt/);
    expect(git('log', '--reverse', '--format=%s', `${commit}..pawl/r1/main`)).toBe('impl: one');
    // Two's work, and three's, which only waits for it.
    expect(worktreesIn(git)).toBe(4);
    for (const [lane, path, text] of [
      ['plan/two', 'shared.txt', 'two'],
      ['plan/three', 'three.txt', '3'],
    ] as const) {
      const place = state.lanes[lane]?.path ?? '';
      expect(existsSync(join(place, path)), lane).toBe(true);
      expect(readFileSync(join(place, path), 'utf8'), lane).toContain(text);
    }
    expect(git('-C', state.lanes.main?.path ?? '', 'status', '--porcelain')).toBe('');
    expect(git('fsck', '--full', '--strict', '--no-dangling')).toBe('');

    // Nobody mends it: a resume says the same again, and loses nothing either.
    const turns = world.asked.length;
    const again = await resumeRun('r1', ports);
    expect(again.failure?.message).toMatch(/plan\/two conflicts/);
    expect(world.asked.length).toBe(turns);
    expect(git('log', '--reverse', '--format=%s', `${commit}..pawl/r1/main`)).toBe('impl: one');
  });
});
