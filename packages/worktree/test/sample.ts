import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import {
  type Lane,
  openLane,
  openRepository,
  type Repository,
  WorktreeError,
  type WorktreeErrorCode,
} from '@pawl/worktree';
import { expect } from 'vitest';

/** A real repository with a home of its own, and the places of a run. */
export interface Sample {
  readonly home: string;
  readonly root: string;
  readonly folder: string;
  readonly env: Record<string, string>;
  /** Every git process the package has started. */
  readonly calls: string[];
  git(...args: string[]): string;
  gitIn(cwd: string, ...args: string[]): string;
  write(path: string, content: string | Uint8Array): void;
  open(cwd?: string): Promise<Repository>;
  lane(name?: string, run?: string): Promise<Lane>;
}

export interface SampleOptions {
  readonly identity?: 'global' | 'local' | 'none';
  readonly name?: string;
  readonly commit?: boolean;
  readonly init?: readonly string[];
}

export function sample(options: SampleOptions = {}): Sample {
  const { identity = 'global', name = 'project', commit = true, init = [] } = options;
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'pawl-worktree-')));
  const home = join(top, 'home');
  const root = join(top, name);
  mkdirSync(home);
  mkdirSync(root);
  const env = { PATH: process.env.PATH ?? '', HOME: home, GIT_CONFIG_NOSYSTEM: '1' };
  const gitIn = (cwd: string, ...args: string[]) =>
    execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 28 });
  const git = (...args: string[]) => gitIn(root, ...args);
  const write = (path: string, content: string | Uint8Array) => put(join(root, path), content);
  git('init', '-q', '-b', 'trunk', ...init);
  const person = ['Ada Example', 'ada@example.org'];
  if (identity !== 'none') {
    git('config', `--${identity}`, 'user.name', person[0] ?? '');
    git('config', `--${identity}`, 'user.email', person[1] ?? '');
  }
  if (commit) {
    write('readme.txt', 'one\ntwo\nthree\n');
    write('src/code.txt', 'code\n');
    write('.gitignore', 'ignored/\n*.log\n');
    git('add', '-A');
    git('-c', 'user.name=First', '-c', 'user.email=first@example.org', 'commit', '-q', '-m', 'first');
  }
  const calls: string[] = [];
  const folder = join(top, 'worktrees');
  const open = (cwd = root) => openRepository(cwd, { env, onGit: (args) => void calls.push(args[0] ?? '') });
  const lane = async (laneName = 'main', run = 'run-1') => {
    const repository = await open();
    const opened = await openLane({ repository, run, lane: laneName, folder, base: repository.head.commit });
    calls.length = 0;
    return opened;
  };
  return { home, root, folder, env, calls, git, gitIn, write, open, lane };
}

export function put(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** One step: the files become these (undefined: gone), then a checkpoint and a clean commit. Where the branch then is. */
export async function take(
  lane: Lane,
  from: string,
  name: string,
  files: Readonly<Record<string, string | Uint8Array | undefined>>,
): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    if (content === undefined) rmSync(join(lane.path, path), { recursive: true });
    else put(join(lane.path, path), content);
  }
  const { commit } = await lane.checkpoint({ name, since: from, message: name });
  const trailers = { 'Pawl-Step': name };
  return (await lane.advance({ from, checkpoint: commit, subject: name, trailers })) ?? from;
}

/** Every file below, as its bytes; folders of the names in `without` left out. */
export function contents(folder: string, without: readonly string[] = ['.git']): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (at: string) => {
    for (const name of readdirSync(at)) {
      if (without.includes(name)) continue;
      const path = join(at, name);
      const stat = lstatSync(path);
      if (stat.isDirectory()) visit(path);
      else if (stat.isSymbolicLink()) found[relative(folder, path)] = `-> ${readlinkSync(path)}`;
      else found[relative(folder, path)] = `${stat.mode & 0o111 ? 'x ' : ''}${readFileSync(path, 'latin1')}`;
    }
  };
  visit(folder);
  return found;
}

export async function codeOf(work: Promise<unknown>): Promise<WorktreeErrorCode | undefined> {
  return (await failure(work)).code;
}

export async function failure(work: Promise<unknown>): Promise<WorktreeError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!WorktreeError.is(error)) throw error ?? new Error('it did not fail');
  return error;
}

/** The repository is sound, and holds nothing that nobody refers to but what git itself leaves. */
export function expectSound(one: Sample): void {
  expect(one.git('fsck', '--full', '--strict', '--no-dangling').trim()).toBe('');
}
