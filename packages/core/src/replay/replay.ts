import type { RunEvent } from '../events.ts';
import type { Plan } from '../plan.ts';
import type { Fork } from '../state.ts';
import { forkAt } from './fork.ts';
import { findPlace } from './places.ts';
import { toldBy } from './told.ts';

/** How a new run begins that does a part of an old one again: given to `decide` as `start`, with an id of its own. */
export type Replay =
  | {
      readonly ok: true;
      readonly plan: Plan;
      readonly from: Fork;
      /** Of the step that was named, in the plan. */
      readonly address: string;
    }
  | {
      readonly ok: false;
      readonly code: 'not-started' | 'step-unknown' | 'step-ambiguous';
      /** Says what there is instead. */
      readonly message: string;
      /** Paths that can be named; at most ten. */
      readonly candidates: readonly string[];
    };

/**
 * A run forked from another one's log, in a worktree of its own at the commit before a step. What passed before that
 * step is kept; its own outputs and those of what follows are not, nor is any conversation, count of attempts or cost.
 * A name of a step inside `each` restarts all tasks of the outermost split, with its plan; a whole path
 * (`build/task-2/impl`) only that task: tasks before it and lanes beside it keep their work, tasks that follow it in
 * the same worktree run again.
 */
export function replayOf(events: Iterable<RunEvent>, fromStep: string): Replay {
  const log = [...events];
  const told = toldBy(log);
  if (told.end.status === 'new')
    return { ok: false, code: 'not-started', message: 'this run has not started', candidates: [] };
  const found = findPlace(told, fromStep);
  if (!found.ok) return found;
  const from = forkAt(log, told, found.place);
  if (from) return { ok: true, plan: told.end.plan, from, address: found.place.address };
  const { text } = found.place;
  return { ok: false, code: 'step-unknown', message: `the log does not tell where ${text} began`, candidates: [] };
}
