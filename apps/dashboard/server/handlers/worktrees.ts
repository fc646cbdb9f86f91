import type { Acted, Standing, Worktree, Worktrees } from '../../wire.ts';
import { option, typed } from '../acting/words.ts';
import { badRequest } from '../errors.ts';
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
export async function readWorktrees(house: House, { query }: Request): Promise<Answer> {
  const words = gcWords({ all: true, force: query.get('force') === '1' });
  const told = (await house.pawl.call([...words, '--plan'], house.cwd, { timeoutMs: 120_000 })) as {
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
    command: typed(words),
  } satisfies Worktrees);
}

interface Collecting {
  readonly all: boolean;
  readonly force: boolean;
  readonly days?: number;
}

const gcWords = ({ all, force, days }: Collecting): readonly string[] => [
  'gc',
  ...(all ? ['--all'] : []),
  ...(force ? ['--force'] : []),
  ...option('days', days?.toString()),
];

/** Takes away what the plan says would go: of one repository, or of all. */
export async function collectGarbage(house: House, { body, user }: Request): Promise<Answer> {
  const asked = (body ?? {}) as Readonly<Record<'repository' | 'force' | 'days', unknown>>;
  const { repository, days } = asked;
  if (days !== undefined && !(typeof days === 'number' && Number.isInteger(days) && days >= 1 && days <= 3650))
    throw badRequest('days is a whole number from 1 to 3650');
  const of = repository === undefined ? undefined : await repositoryById(house, repository);
  const force = asked.force === true;
  const words = gcWords({ all: of === undefined, force, ...(days !== undefined && { days: days as number }) });
  const told = (await house.pawl.call(words, of?.path ?? house.cwd, { timeoutMs: 300_000 })) as {
    readonly worktrees: readonly Row[];
    readonly checkpoints: number;
  };
  const gone = told.worktrees.filter(({ keep }) => keep === undefined).length;
  const { checkpoints } = told;
  const command = typed(words);
  house.audit.note({
    user: user.name,
    role: user.role,
    action: 'gc',
    on: of?.path ?? 'all',
    command,
    outcome: `${gone} gone`,
  });
  const text = gone === 1 ? '1 worktree is gone' : `${gone} worktrees are gone`;
  const saved = checkpoints === 0 ? '' : `, and ${checkpoints} old checkpoints`;
  return ok({ how: 'done', command, text: `${text}${saved}` } satisfies Acted);
}
