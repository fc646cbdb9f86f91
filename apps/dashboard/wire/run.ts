import type { Offer } from './actions.ts';
import type { RunRow } from './runs.ts';
import type { StepRow, Warning } from './step.ts';

// GET /api/runs/:run ?since=<seq>: only the steps that changed behind that event
// GET /api/live ?run: server-sent events `runs` (RunRow[]), `run` (RunPage with what changed) and `resync` (ask for lists anew)

export type QuestionKind = 'before_gate' | 'after_gate' | 'interrupted';

export interface RunPage {
  readonly row: RunRow;
  readonly seq: number;
  /** One sentence: how it stands. */
  readonly verdict: string;
  /** Of a run that failed or waits: the step to look at first, and its attempt. */
  readonly focus?: { readonly step: string; readonly attempt: number };
  readonly failure?: { readonly step: string; readonly message: string; readonly text: string };
  /** Of the tree the first ones, or with `since` those that changed. */
  readonly steps: readonly StepRow[];
  /** There are more: ask for the rest from here on. */
  readonly next?: number;
  readonly waiting: readonly {
    readonly step: string;
    readonly attempt: number;
    readonly question: QuestionKind;
    readonly since: number;
    /** The files that are asked about: an approval names them. */
    readonly tree?: string;
  }[];
  readonly queued: readonly { readonly step: string; readonly provider: string; readonly since: number }[];
  readonly warnings: readonly Warning[];
  readonly base: { readonly commit: string; readonly branch?: string };
  /** The branch its passed steps lie on, and its worktree. */
  readonly result: {
    readonly branch?: string;
    readonly worktree?: string;
    readonly files: number;
    readonly insertions: number;
    readonly deletions: number;
  };
  readonly from?: { readonly run: string; readonly step: string };
  readonly offers: readonly Offer[];
}

// GET /api/runs/:run/steps ?from: the tree piece by piece, parents before what is inside them

export interface StepList {
  readonly steps: readonly StepRow[];
  readonly next?: number;
}
