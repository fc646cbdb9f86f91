import { z } from 'zod';
import { answer, count, fileChange, moment, standing } from './common.ts';
import { answerGiven } from './core.ts';
import { agentEvent, fact } from './events.ts';

export const list = answer({
  runs: z.array(
    z.strictObject({
      id: z.string(),
      workflow: z.string(),
      repository: z.string(),
      baseCommit: z.string(),
      branch: z.string().optional(),
      spec: z.string(),
      status: standing,
      startedAt: moment,
      endedAt: moment.optional(),
      reason: z.string().optional(),
      lastSeq: count,
      owner: z.string().optional(),
      tags: z.array(z.string()),
      holder: z.strictObject({ pid: z.int(), started: z.string(), host: z.string() }).optional(),
    }),
  ),
});

/** The last line of a command that makes a run work, where a person must answer. */
const waiting = z.strictObject({
  type: z.literal('waiting'),
  run: z.string(),
  questions: z.array(
    z.strictObject({
      step: z.string(),
      attempt: count,
      question: z.string(),
      tree: z.string().optional(),
      answer: z.string(),
    }),
  ),
});
export const events = z.union([fact, waiting]);

/** A line of `logs --json`: a fact, or what an agent did in between. */
export const logs = z.union([
  fact,
  z.strictObject({
    type: z.literal('agent'),
    step: z.string(),
    attempt: count,
    event: agentEvent,
  }),
]);

export const diff = answer({
  run: z.string(),
  step: z.string().optional(),
  files: z.array(fileChange),
  insertions: count,
  deletions: count,
  diff: z.string(),
});

const commit = z.strictObject({ commit: z.string(), subject: z.string() });
export const applyPreview = answer({
  run: z.string(),
  kind: z.string(),
  branch: z.string(),
  path: z.string().optional(),
  alreadyApplied: z.boolean(),
  behind: count,
  commits: z.array(commit),
  files: z.array(fileChange),
  insertions: count,
  deletions: count,
  conflicts: z.array(z.string()),
  blockedBy: z.array(z.string()),
});
export const apply = answer({
  run: z.string(),
  branch: z.string(),
  kind: z.enum(['fast-forward', 'merge', 'squash', 'rebase', 'already-applied']),
  commits: count,
  commit: z.string(),
  path: z.string().optional(),
});

export const aborted = answer({ run: z.string(), status: standing.optional(), step: z.string().optional() });
export const paused = answer({ run: z.string(), pausing: z.boolean() });
export const answered = answer({
  run: z.string(),
  step: z.string(),
  answer: answerGiven,
});
export const detached = answer({ run: z.string(), pid: z.int() });

const checkpoint = z.strictObject({
  commit: z.string(),
  ref: z.string(),
  run: z.string(),
  name: z.string(),
  lane: z.string(),
  message: z.string(),
  time: z.string(),
  files: count,
  insertions: count,
  deletions: count,
});
export const undoList = answer({ checkpoints: z.array(checkpoint) });
export const undo = answer({
  checkpoint: z.union([checkpoint, z.strictObject({ commit: z.string(), run: z.string(), name: z.string() })]),
  kind: z.enum(['branch', 'lane']),
  branch: z.string().optional(),
  commit: z.string().optional(),
  path: z.string().optional(),
  /** What was there: an undo of it takes this one back. */
  before: z.string().optional(),
  session: z.string().optional(),
});
export const gc = answer({
  done: z.boolean(),
  worktrees: z.array(
    z.strictObject({
      worktree: z.strictObject({
        path: z.string(),
        run: z.string(),
        lane: z.string(),
        state: z.enum(['whole', 'half', 'orphan']),
        root: z.string().optional(),
        branch: z.string().optional(),
        created: z.string().optional(),
        used: z.string(),
        bytes: count.optional(),
        dirty: z.boolean().optional(),
        unmerged: count.optional(),
        merged: z.enum(['as-is', 'rebased', 'squashed']).optional(),
        owner: z.enum(['alive', 'gone', 'none']),
      }),
      status: z.union([standing, z.literal('unknown')]),
      keep: z.string().optional(),
    }),
  ),
  checkpoints: count,
});
