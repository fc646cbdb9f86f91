import type { EffectId, Outcome } from './effects.ts';
import type { RunEvent } from './events.ts';
import type { Plan } from './plan.ts';
import type { Fork } from './state.ts';

/** What can be told to a run. `at` is milliseconds since the epoch: the core has no clock. */
export type Input = { readonly at: number } /** `from`: as `replayOf` gives it. */ & (
  | { readonly type: 'start'; readonly run: string; readonly plan: Plan; readonly from?: Fork }
  /** A repeated or stale one decides nothing. */
  | { readonly type: 'settle'; readonly effect: EffectId; readonly outcome: Outcome }
  | { readonly type: 'abort'; readonly reason: string }
  /** Nobody wants the run to end, but its process does, and has nothing under way any more. */
  | { readonly type: 'interrupt'; readonly reason: string }
  /** The next steps that reach the end of their gates ask a person; `wanted: false` takes it back. */
  | { readonly type: 'pause'; readonly wanted: boolean; readonly by?: string }
  /** Another process goes on with a run that had not ended; `since`: the last that is known of the one before. */
  | { readonly type: 'continue'; readonly since: number }
  /** A run that failed, or was stopped or interrupted, goes on where it was. */
  | { readonly type: 'resume' }
);

export type Decision =
  | { readonly ok: true; readonly events: readonly RunEvent[] }
  | { readonly ok: false; readonly code: RefusalCode; readonly message: string };
export type RefusalCode =
  | 'already-started'
  | 'not-started'
  | 'already-ended'
  | 'not-resumable'
  /** The outcome is not one that this effect can have. The effect is still outstanding: do not perform it again. */
  | 'outcome-unfit'
  /** The answer names another tree than the one that is asked about. */
  | 'answer-void'
  | 'input-unknown';
