import { plainLine } from '@pawl/report';
import { type CheckpointEntry, listCheckpoints, openLane, type Repository, undo } from '@pawl/worktree';
import { openHouse } from '../compose.ts';
import type { Context } from '../context.ts';
import { checkpointTable } from '../display/checkpoint-table.ts';
import { CliError, exitCodes } from '../exit.ts';
import { takeLease } from '../lease.ts';
import { takeRewindBack } from '../moving/take-back.ts';
import { didYouMean } from '../refusal.ts';
import { readRun } from '../runs.ts';

export interface UndoOptions {
  readonly run?: string;
  readonly branch?: string;
  readonly worktree?: boolean;
  readonly limit: number;
  readonly json?: boolean;
}

/** What was saved, newest first; with a name it comes back, as a branch or into the run's worktree. */
export async function undoOrList(context: Context, name: string | undefined, options: UndoOptions): Promise<number> {
  const repository = await context.repository();
  const run = await runNamed(context, options.run);
  const found = await listCheckpoints(repository, run === undefined ? {} : { run });
  // Times are whole seconds: of one second the later attempt stands first.
  const all = found.toSorted(
    (one, other) => other.time.localeCompare(one.time) || other.name.localeCompare(one.name, 'en', { numeric: true }),
  );
  if (name === undefined) return list(context, all, options);
  const saved = find(all, name, run);
  const into = options.worktree ? undefined : (options.branch ?? `undo-${saved.commit.slice(0, 8)}`);
  const undone =
    into === undefined
      ? await intoWorktree(context, repository, saved)
      : await undo({ repository, checkpoint: saved.commit, into: { branch: into } });
  const { terminal } = context;
  if (options.json) terminal.print(JSON.stringify({ version: 1, checkpoint: saved, ...undone }));
  else if (undone.kind === 'branch')
    terminal.say(
      `${what(saved)} is back as branch ${undone.branch}\n\n  git diff HEAD ${undone.branch}   what it holds`,
    );
  else
    terminal.say(
      `${what(saved)} is back in ${undone.path}${'session' in undone ? `, and what was said in session ${undone.session}` : ''}\n\n  pawl undo ${undone.before} --run ${saved.run} --worktree   what was there before`,
    );
  return exitCodes.passed;
}

/** Worktrees of sessions that no run made have a name of this form. */
const isSessions = (run: string): boolean => run.startsWith('session-');

async function runNamed(context: Context, run: string | undefined): Promise<string | undefined> {
  if (run === undefined || isSessions(run)) return run;
  return (await readRun(context, { id: run })).record.id;
}

type Saved = Pick<CheckpointEntry, 'commit' | 'run' | 'name' | 'lane'>;

const what = ({ run, name }: Saved): string => `${plainLine(name)} of ${isSessions(run) ? run : `run ${run}`}`;

/** By its commit or the beginning of it, or by its name. */
function find(all: readonly CheckpointEntry[], name: string, run: string | undefined): Saved {
  const named = all.filter((entry) => entry.name === name || `${entry.run}/${entry.name}` === name);
  const found =
    named.length > 0 ? named : /^[0-9a-f]{6,}$/.test(name) ? all.filter(({ commit }) => commit.startsWith(name)) : [];
  const commits = [...new Set(found.map(({ commit }) => commit))];
  const [only] = found;
  if (only && commits.length === 1) return only;
  // Of a worktree that was as its branch there is no checkpoint: the branch holds it.
  if (!only && run !== undefined && /^[0-9a-f]{40}$/.test(name)) return { commit: name, run, name: name.slice(0, 12) };
  if (!only) {
    const near = didYouMean(
      name,
      all.map((entry) => entry.name),
    );
    throw new CliError('usage', 'unknown-checkpoint', `nothing that was saved is named ${name}${near}`, 'pawl undo');
  }
  throw new CliError(
    'usage',
    'ambiguous-checkpoint',
    `${name} names several: ${commits.map((commit) => commit.slice(0, 12)).join(', ')}`,
    'give the commit',
    {
      candidates: commits,
    },
  );
}

/** One writer per run: nobody may be at work in that worktree. */
async function intoWorktree(context: Context, repository: Repository, { commit, run, lane = 'main' }: Saved) {
  const base = isSessions(run) ? commit : await headOf(context, run, lane);
  const { store, close } = openHouse(context, repository);
  try {
    const lease = isSessions(run) ? undefined : await takeLease(store, run);
    try {
      const into = await openLane({ repository, run, lane, folder: context.places.worktrees, base });
      try {
        const undone = await undo({ repository, checkpoint: commit, into });
        const session = await takeRewindBack(store, commit);
        return { ...undone, ...(session && { session }) };
      } finally {
        await into.close();
      }
    } finally {
      await lease?.release();
    }
  } finally {
    await close();
  }
}

/** Where the run has its branch: one that was taken away with the worktree is made there again. */
async function headOf(context: Context, run: string, lane: string): Promise<string> {
  const { state, record } = await readRun(context, { id: run });
  const known = Object.hasOwn(state.lanes, lane) ? state.lanes[lane] : undefined;
  return known?.head ?? record.baseCommit;
}

function list({ terminal }: Context, all: readonly CheckpointEntry[], options: UndoOptions): number {
  const shown = all.slice(0, options.limit);
  if (options.json) {
    terminal.print(JSON.stringify({ version: 1, checkpoints: shown }));
    return exitCodes.passed;
  }
  if (shown.length === 0) terminal.say('nothing has been saved yet');
  for (const line of checkpointTable(shown, terminal.data)) terminal.print(line);
  if (all.length > shown.length) terminal.say(`and ${all.length - shown.length} older: --limit, --run`);
  else if (shown.length > 0) terminal.say('\n  pawl undo <commit>   bring one back as a branch');
  return exitCodes.passed;
}
