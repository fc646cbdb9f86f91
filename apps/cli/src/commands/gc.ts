import { basename } from 'node:path';
import { cleanEnvironment, runCommand } from '@pawl/process';
import { plainLine } from '@pawl/report';
import { localRunFiles } from '@pawl/runner';
import { createRedactor, createStreamRedactor } from '@pawl/session-store';
import {
  expireCheckpoints,
  openRepository,
  type Repository,
  removeWorktree,
  type WorktreeEntry,
  WorktreeError,
  worktreesOf,
} from '@pawl/worktree';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit.ts';
import { listRuns, readRun, type Standing } from '../runs.ts';
import { secretsOf } from '../secrets.ts';
import { shortId, withSessions } from '../sessions.ts';

export interface GcOptions {
  readonly plan?: boolean;
  readonly all?: boolean;
  readonly force?: boolean;
  readonly days: number;
  readonly json?: boolean;
}

interface Row {
  readonly worktree: WorktreeEntry;
  readonly status: Standing | 'unknown';
  /** Why it stays; undefined: it goes, or has gone. */
  readonly keep?: string;
}

const over: ReadonlySet<Standing | 'unknown'> = new Set(['passed', 'unknown']);

/** Takes away worktrees of runs that are over, and old checkpoints. What is dirty or unmerged stays unless forced. */
export async function collectGarbage(context: Context, options: GcOptions): Promise<number> {
  const { terminal, env, places } = context;
  const repository = options.all ? undefined : await context.repository();
  const worktrees = await worktreesOf({ folder: places.worktrees, env, ...(repository && { repository }) });
  const runs = await listRuns(context, { limit: 1000, ...(repository && { repository: repository.root }) });
  const statusOf = new Map(runs.map(({ id, status }) => [id, status]));
  const rows: Row[] = [];
  for (const worktree of worktrees) {
    const status = statusOf.get(worktree.run) ?? 'unknown';
    const keep = whyKept(worktree, status, options.force ?? false) ?? (await homeOf(context, worktree, options));
    if (keep !== undefined || options.plan) rows.push({ worktree, status, ...(keep !== undefined && { keep }) });
    else rows.push({ worktree, status, ...(await taken(context, worktree, options)) });
  }
  const live = runs.filter(({ status }) => !over.has(status)).map(({ id }) => id);
  const expired = repository ? await expire(repository, live, options) : 0;
  if (options.json)
    terminal.print(JSON.stringify({ version: 1, done: !options.plan, worktrees: rows, checkpoints: expired }));
  else for (const line of linesOf(rows, expired, options)) terminal.print(terminal.data.fold(line));
  return exitCodes.passed;
}

function whyKept(
  { owner, dirty, unmerged, state }: WorktreeEntry,
  status: Row['status'],
  force: boolean,
): string | undefined {
  if (owner === 'alive' || status === 'running' || status === 'stopping') return 'at work';
  if (force) return undefined;
  if (status === 'waiting') return 'waiting: pawl approve or pawl reject answers it';
  if (!over.has(status)) return `${status}: pawl resume goes on with it`;
  if (state === 'whole' && dirty) return 'has files that no commit holds';
  if (state === 'whole' && (unmerged ?? 0) > 0)
    return `${unmerged === 1 ? '1 commit is' : `${unmerged} commits are`} not in your branches: pawl apply`;
  return undefined;
}

/** A fork or an imported session goes on there, even where nothing has been changed yet. */
async function homeOf(
  context: Context,
  { run, path }: WorktreeEntry,
  { force }: GcOptions,
): Promise<string | undefined> {
  if (force || !run.startsWith('session-')) return undefined;
  return withSessions(context, async (store) => {
    const [session] = (await store?.sessions.list({ cwd: path, limit: 1 })) ?? [];
    return session && store
      ? `session ${await shortId(store, session)} works in it: pawl sessions archive lets it go`
      : undefined;
  });
}

async function taken(
  context: Context,
  worktree: WorktreeEntry,
  { force }: GcOptions,
): Promise<{ readonly keep?: string }> {
  try {
    const failed = await tornDown(context, worktree);
    if (failed !== undefined && !force) return { keep: failed };
    await removeWorktree({ folder: context.places.worktrees, env: context.env, worktree, force: force ?? false });
    return {};
  } catch (error) {
    if (!WorktreeError.is(error)) throw error;
    return { keep: error.message };
  }
}

const longestTail = 300;

/** The project's own teardown, of the run's plan, in the worktree; why it failed, if it did. Its output lies with the run. */
async function tornDown({ env, places, ...context }: Context, { run, path, state }: WorktreeEntry) {
  if (state !== 'whole') return undefined;
  const stored = await readRun({ env, places, ...context }, { id: run }).catch(() => undefined);
  const { teardown, gateTimeoutMs = 0 } = stored?.state.plan.settings ?? {};
  if (teardown === undefined) return undefined;
  const end = await runCommand({
    file: 'sh',
    args: ['-c', teardown],
    cwd: path,
    env: cleanEnvironment(env),
    timeoutMs: gateTimeoutMs,
  });
  const redact = createRedactor(secretsOf(env));
  const files = localRunFiles(places.home, { text: redact, stream: () => createStreamRedactor(redact) });
  await files.write(run, `gates/teardown-${basename(path)}.log`, end.output);
  if (end.code === 0) return undefined;
  const how = end.timedOut ? `not done after ${gateTimeoutMs / 1000} s` : `exit code ${end.code ?? end.signal}`;
  return `its teardown failed (${how}): ${plainLine(end.output.trim().slice(-longestTail))}`;
}

async function expire(repository: Repository, except: readonly string[], { days, plan }: GcOptions): Promise<number> {
  const fresh = await openRepository(repository.root, repository.context);
  const gone = await expireCheckpoints({ repository: fresh, olderThanDays: days, except, plan: plan ?? false });
  return gone.length;
}

function linesOf(rows: readonly Row[], expired: number, { plan, days }: GcOptions): readonly string[] {
  const told = rows.map(({ worktree, keep }) => {
    const { path } = worktree;
    const facts = factsOf(worktree);
    return keep === undefined
      ? `${plan ? 'would go' : 'gone'}   ${plainLine(path)} (${facts})`
      : `stays  ${plainLine(path)} (${facts}): ${plainLine(keep)}`;
  });
  const going = rows.filter(({ keep }) => keep === undefined);
  const freed = size(going.reduce((sum, { worktree }) => sum + (worktree.bytes ?? 0), 0));
  const verb = plan ? 'would be freed' : 'freed';
  const worktrees = going.length === 1 ? '1 worktree' : `${going.length} worktrees`;
  return [
    ...told,
    `${worktrees}, ${freed} ${verb}; ${expired} checkpoints older than ${days} days ${plan ? 'would be let go' : 'let go'}`,
  ];
}

/** Size, age, files that no commit holds, what is merged and how, who has it open. */
function factsOf({ bytes = 0, created, used, state, dirty, unmerged = 0, merged, owner }: WorktreeEntry): string {
  return [
    size(bytes),
    ...(created === undefined ? [] : [`made ${created.slice(0, 10)}`]),
    `last used ${used.slice(0, 10)}`,
    ...(state === 'whole' ? [dirty ? 'dirty' : 'clean'] : [states[state]]),
    ...(unmerged > 0 ? [`${unmerged} unmerged`] : merged === undefined ? [] : [merges[merged]]),
    owners[owner],
  ].join(', ');
}

const states = { half: 'not whole', orphan: 'its repository is gone' } as const;
const merges = { 'as-is': 'merged', rebased: 'merged as other commits', squashed: 'squash-merged' } as const;
const owners = { alive: 'a process has it open', gone: 'its process is gone', none: 'nobody has it open' } as const;

function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [unit, value] =
    bytes < 1e6
      ? (['kB', bytes / 1e3] as const)
      : bytes < 1e9
        ? (['MB', bytes / 1e6] as const)
        : (['GB', bytes / 1e9] as const);
  return `${value.toFixed(value < 10 ? 1 : 0)} ${unit}`;
}
