import { randomBytes } from 'node:crypto';
import { existsSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, type Kill, pawl } from './pawl.ts';
import type { Random } from './random.ts';
import type { WritingShop } from './writing-shop.ts';

/** What somebody does. `by: user`: without pawl. */
export interface Operation {
  readonly name: string;
  readonly by: 'pawl' | 'apply' | 'user';
  /** Words for people. */
  readonly words: string;
  perform(): Promise<Ended | undefined>;
}

const names = [
  'run',
  'run',
  'run',
  'resume',
  'resume',
  'replay',
  'undo',
  'undo',
  'gc',
  'gc',
  'apply',
  'apply',
  'edit',
  'edit',
  'commit',
  'delete-worktree',
  'edit-worktree',
  'failing',
] as const;

/** One of all that can be done, as chance has it. Agents' work may be cut by a kill of pawl. */
export function chosen(shop: WritingShop, random: Random, first: boolean): Operation {
  // Nothing can be lost before there is a run.
  const name = (first ? undefined : names[random.below(names.length)]) ?? 'run';
  const { folder, repository, git } = shop;
  const kill: Kill | undefined =
    random.below(2) === 0
      ? { at: random.below(2) === 0 ? 'before' : 'after', append: 1 + random.below(30) }
      : undefined;
  const call = (args: readonly string[], how?: Kill): Operation => ({
    name,
    by: args[0] === 'apply' ? 'apply' : 'pawl',
    words: `pawl ${args.join(' ')}${how ? `, killed ${JSON.stringify(how)}` : ''}`,
    perform: () => pawl(shop, args, how),
  });
  const user = (words: string, work: () => void): Operation => ({
    name,
    by: 'user',
    words,
    perform: async () => {
      work();
      return undefined;
    },
  });
  const worktrees = globSync('worktrees/*/*/*/.git', { cwd: shop.home }).map((path) => join(shop.home, path, '..'));
  const worktree = worktrees.sort()[random.below(Math.max(1, worktrees.length))];
  const token = `user-${random.below(1e9)}`;
  switch (name) {
    case 'run':
      return call(['run', 'flow', '--spec', 'spec.md', '--json'], kill);
    case 'resume':
      return call(['resume', '--json'], kill);
    case 'replay':
      return call(
        ['replay', '--from-step', ['first', 'work', 'build', 'last'][random.below(4)] ?? 'last', '--json'],
        kill,
      );
    case 'undo': {
      const saved = git('for-each-ref', '--format=%(objectname)', 'refs/pawl').split('\n').filter(Boolean);
      const commit = saved[random.below(Math.max(1, saved.length))];
      return call(['undo', ...(commit ? [commit] : []), ...(random.below(2) === 0 && commit ? ['--worktree'] : [])]);
    }
    case 'gc':
      return call(['gc', ...(random.below(2) === 0 ? ['--force'] : [])]);
    case 'apply':
      return call([
        'apply',
        ...([[], ['--squash'], ['--rebase'], ['--branch', `taken-${random.below(3)}`]][random.below(4)] ?? []),
      ]);
    case 'edit':
      return user(`the user writes ${token}`, () => write(repository, token));
    case 'commit':
      return user(`the user appends ${token}`, () => {
        write(repository, token);
        writeFileSync(join(repository, 'README.md'), `# shop\n${token}\n`);
        git('add', '--all');
        git('commit', '--quiet', '--message', token);
      });
    case 'delete-worktree':
      return user(`the user deletes ${worktree ?? 'no worktree'}`, () => {
        if (worktree) rmSync(worktree, { recursive: true, force: true, maxRetries: 3 });
      });
    case 'edit-worktree':
      return user(`the user writes ${token} into ${worktree ?? 'no worktree'}`, () => {
        if (worktree) write(worktree, token);
      });
    case 'failing':
      return user('the gate turns', () => {
        if (existsSync(join(folder, 'failing'))) rmSync(join(folder, 'failing'));
        else writeFileSync(join(folder, 'failing'), '');
      });
  }
}

function write(root: string, token: string): void {
  mkdirSync(join(root, 'tokens'), { recursive: true });
  writeFileSync(join(root, 'tokens', token), Buffer.concat([Buffer.from(`${token}\n`), randomBytes(300)]));
}
