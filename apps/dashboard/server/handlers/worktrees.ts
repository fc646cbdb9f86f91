import type { Acted, Standing, Worktree, Worktrees } from '../../wire.ts';
import type { House } from '../house.ts';
import { type Answer, ok, type Request } from '../http.ts';
import { repositoryOf } from '../runs/repository.ts';
import { repositoryById } from './start.ts';

interface Row {
  readonly worktree: {
    readonly path: string;
    readonly run: string;
    readonly lane: string;
    readonly state: Worktree['state'];
    readonly root?: string;
    readonly branch?: string;
    readonly created?: string;
    readonly used: string;
    readonly bytes?: number;
    readonly dirty?: boolean;
    readonly unmerged?: number;
    readonly owner: Worktree['owner'];
  };
  readonly status: Standing | 'unknown';
  readonly keep?: string;
}

/** What stands on the disk, and what `pawl gc` would do with it. */
export async function readWorktrees(house: House): Promise<Answer> {
  const told = (await house.pawl.call(['gc', '--plan', '--all'], house.cwd, { timeoutMs: 120_000 })) as {
    readonly worktrees: readonly Row[];
  };
  const worktrees = told.worktrees.map(({ worktree, status, keep }): Worktree => {
    const { path, run, lane, state, root, branch, created, used, bytes, dirty, unmerged, owner } = worktree;
    return {
      path,
      run,
      lane,
      ...(root !== undefined && { repository: repositoryOf(root) }),
      state,
      status,
      ...(branch !== undefined && { branch }),
      ...(created !== undefined && { createdAt: Date.parse(created) }),
      usedAt: Date.parse(used),
      ...(bytes !== undefined && { bytes }),
      ...(dirty !== undefined && { dirty }),
      ...(unmerged !== undefined && { unmerged }),
      owner,
      ...(keep !== undefined && { keep }),
    };
  });
  const sum = (all: readonly Worktree[]): number => all.reduce((total, { bytes = 0 }) => total + bytes, 0);
  return ok({
    worktrees,
    bytes: sum(worktrees),
    freed: sum(worktrees.filter(({ keep }) => keep === undefined)),
    command: 'pawl gc --all',
  } satisfies Worktrees);
}

/** Takes away what the plan says would go: of one repository, or of all. */
export async function collectGarbage(house: House, { body, user }: Request): Promise<Answer> {
  const { repository } = (body ?? {}) as { readonly repository?: unknown };
  const of = repository === undefined ? undefined : await repositoryById(house, repository);
  const command = of ? 'pawl gc' : 'pawl gc --all';
  const words = of ? ['gc'] : ['gc', '--all'];
  const told = (await house.pawl.call(words, of?.path ?? house.cwd, { timeoutMs: 300_000 })) as {
    readonly worktrees: readonly Row[];
  };
  const gone = told.worktrees.filter(({ keep }) => keep === undefined).length;
  house.audit.note({
    user: user.name,
    role: user.role,
    action: 'gc',
    on: of?.path ?? 'all',
    command,
    outcome: `${gone} gone`,
  });
  return ok({
    how: 'done',
    command,
    text: gone === 1 ? '1 worktree is gone' : `${gone} worktrees are gone`,
  } satisfies Acted);
}
