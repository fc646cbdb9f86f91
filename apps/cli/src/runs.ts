import { evolve, initial, type RunEvent, type RunState } from '@pawl/core';
import { type RunReport, reportOf } from '@pawl/report';
import type { RunRecord, SessionStore } from '@pawl/session-store';
import { openStoreToRead } from './compose.ts';
import type { Context } from './context.ts';
import { CliError } from './exit.ts';
import { holderLives } from './lease.ts';
import { waits } from './questions.ts';
import { didYouMean } from './refusal.ts';

/** `interrupted`: its process was told to end, or is gone. `waiting`: for a person to answer. */
export type Standing = RunRecord['status'] | 'waiting';

/** One stored run, for a command that reads it. */
export interface StoredRun {
  readonly record: RunRecord;
  readonly status: Standing;
  readonly report: RunReport;
  readonly events: readonly RunEvent[];
  readonly state: RunState;
  /** The commit of its last passed step; the base where none has passed yet. */
  readonly head: string;
}

export interface Wanted {
  /** Of a run, or its beginning; without one it is the newest run of this repository that `fits`. */
  readonly id: string | undefined;
  readonly fits?: (status: Standing, stateOf: () => Promise<RunState>) => boolean | Promise<boolean>;
  /** What is looked for, in words. */
  readonly what?: string;
}

/** Finds a run and reads it whole. Says which are meant when it is not clear. */
export async function readRun(context: Context, wanted: Wanted): Promise<StoredRun> {
  const { root } = wanted.id === undefined ? await context.repository() : { root: '' };
  const store = openStoreToRead(context);
  try {
    const record = await (wanted.id === undefined ? newest(store, root, wanted) : named(store, wanted.id));
    const events = ((await store?.runs.read(record.id)) ?? []).map(({ event }) => event);
    const state = events.reduce(evolve, initial);
    return {
      record,
      status: standingOf(record, state),
      report: reportOf(events),
      events,
      state,
      head: state.lanes.main?.head ?? record.baseCommit,
    };
  } finally {
    store?.close();
  }
}

/** Only the id of a run, which may be told by its beginning. */
export async function runIdOf(context: Context, id: string): Promise<string> {
  const store = openStoreToRead(context);
  try {
    return (await named(store, id)).id;
  } finally {
    store?.close();
  }
}

/** The newest runs, of one repository or of all. */
export async function listRuns(
  context: Context,
  filter: { readonly repository?: string; readonly tag?: string; readonly limit: number },
): Promise<readonly (Omit<RunRecord, 'status'> & { readonly status: Standing })[]> {
  const store = openStoreToRead(context);
  try {
    const records = (await store?.runs.list(filter)) ?? [];
    return await Promise.all(records.map(async (record) => ({ ...record, status: await standingIn(store, record) })));
  } finally {
    store?.close();
  }
}

async function named(store: SessionStore | undefined, id: string): Promise<RunRecord> {
  // Anything else is no id, and the store would refuse to look for it.
  const found = (/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(id) && (await store?.runs.find(id))) || [];
  const [only] = found;
  if (only && (found.length === 1 || only.id === id)) return only;
  if (!only) {
    const known = ((await store?.runs.list({ limit: 200 })) ?? []).map((run) => run.id);
    throw new CliError('usage', 'unknown-run', `no run is named ${id}${didYouMean(id, known)}`, 'pawl list --all');
  }
  throw new CliError(
    'usage',
    'ambiguous-run',
    `several runs begin with ${id}: ${found.map((run) => run.id).join(', ')}`,
    'give more of the id',
    { candidates: found.map((run) => run.id) },
  );
}

async function newest(store: SessionStore | undefined, repository: string, wanted: Wanted): Promise<RunRecord> {
  const { fits } = wanted;
  for (let before: string | undefined; ; ) {
    const page = (await store?.runs.list({ repository, ...(before !== undefined && { before }) })) ?? [];
    for (const run of page)
      if (!fits || (await fits(await standingIn(store, run), () => stateIn(store, run.id)))) return run;
    before = page.at(-1)?.id;
    if (before === undefined)
      throw new CliError(
        'usage',
        'no-run',
        `there is no ${wanted.what ?? 'run'} of this repository yet`,
        'pawl run <workflow> --spec spec.md',
      );
  }
}

/** Whether a run that nobody drives waits for a person is in its events. */
async function standingIn(store: SessionStore | undefined, record: RunRecord): Promise<Standing> {
  return isLeft(record) ? standingOf(record, await stateIn(store, record.id)) : record.status;
}

async function stateIn(store: SessionStore | undefined, run: string): Promise<RunState> {
  return ((await store?.runs.read(run)) ?? []).map(({ event }) => event).reduce(evolve, initial);
}

function standingOf(record: RunRecord, state: RunState): Standing {
  if (!isLeft(record)) return record.status;
  return waits(state) ? 'waiting' : 'interrupted';
}

/** It has not ended, and no process has it in hand. */
const isLeft = ({ status, holder }: RunRecord): boolean =>
  (status === 'running' || status === 'stopping') && !(holder && holderLives(holder));
