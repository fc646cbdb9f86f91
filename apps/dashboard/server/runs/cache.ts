import type { RunRecord, RunStore } from '@pawl/session-store';
import type { RunRow } from '../../wire.ts';
import { notFound } from '../errors.ts';
import { type FoldedRun, foldRun } from './folded-run.ts';
import { createFolds } from './folds.ts';
import { rowOf } from './row.ts';
import { isHeld, isOver } from './standing.ts';

export interface OpenRun {
  readonly record: RunRecord;
  readonly held: boolean;
  readonly folded: FoldedRun;
  readonly row: RunRow;
}

/** Runs as they are folded, brought up to date when they are asked for. */
export interface RunCache {
  /** By its whole id. Refuses what is none. */
  open(id: string): Promise<OpenRun>;
  row(record: RunRecord): Promise<RunRow>;
}

/** Events whose folds are kept: a run that is over is dropped beyond it, one that goes on never. */
const mostFolded = 300_000;
const mostRows = 5000;

export function createRunCache(store: RunStore): RunCache {
  const folds = createFolds(store, { make: foldRun, most: mostFolded });
  const rows = new Map<string, { readonly key: string; readonly row: RunRow }>();

  const row = async (record: RunRecord): Promise<RunRow> => {
    const held = isHeld(record);
    const key = `${record.lastSeq} ${record.status} ${held}`;
    const known = rows.get(record.id);
    if (known?.key === key) return known.row;
    const run = isOver(record) && !folds.has(record.id) ? await folds.once(record.id) : await folds.upToDate(record.id);
    const made = rowOf(record, held, run);
    // Not of a log that has grown meanwhile: that would be kept under a key which is too old.
    if (run.seq === record.lastSeq) rows.set(record.id, { key, row: made });
    if (rows.size > mostRows) rows.delete(rows.keys().next().value ?? '');
    return made;
  };
  return {
    row,
    async open(id) {
      const run = await folds.upToDate(id);
      const [record] = await store.find(id);
      if (record?.id !== id) throw notFound(`run ${id}`);
      const held = isHeld(record);
      return { record, held, folded: run, row: rowOf(record, held, run) };
    },
  };
}
