import { verdictLine } from '@pawl/report';
import type { RunPage, StepList } from '../../wire.ts';
import type { OpenRun } from './cache.ts';
import { isStep } from './flatten.ts';
import { offersOf } from './offers.ts';
import { stepRowOf } from './step-row.ts';

/** Rows that are told at once; those behind them are asked for piece by piece (`next`). */
const mostSteps = 500;
const mostWarnings = 200;

/** A piece of the tree. */
export function stepListOf({ folded }: OpenRun, from: number): StepList {
  const placed = folded.placed();
  const next = from + mostSteps;
  const { waiting } = folded.report();
  return {
    steps: placed.slice(from, next).map((one) => stepRowOf(one, waiting, folded.plan)),
    ...(next < placed.length && { next }),
  };
}

/** Those that changed behind an event; where that is too much, the beginning of all. */
function stepsSince(run: OpenRun, since: number): StepList {
  const changed = since > 0 ? run.folded.changedSince(since) : run.folded.placed();
  if (changed.length > mostSteps) return stepListOf(run, 0);
  const { waiting } = run.folded.report();
  return { steps: changed.map((one) => stepRowOf(one, waiting, run.folded.plan)) };
}

/** The page of a run; behind an event only the steps that changed since. */
export function runPageOf(run: OpenRun, since: number, now: number): RunPage {
  const { row, folded } = run;
  const report = folded.report();
  const { failure, totals, branch, worktree, from, base } = report;
  const focus = focusOf(run);
  return {
    row,
    seq: folded.seq,
    verdict: verdictLine(report, { width: 400, now: row.status === 'running' ? now : (report.updatedAt ?? now) }),
    ...(focus && { focus }),
    ...(failure && { failure: { ...failure, text: failureText(run, failure.step) ?? failure.message } }),
    ...stepsSince(run, since),
    waiting: report.waiting.map(({ step, attempt, question, since: at }) => {
      const tree = folded.askedAbout(step);
      return { step, attempt, question, since: at, ...(tree !== undefined && { tree }) };
    }),
    queued: report.queued,
    warnings: report.warnings.slice(-mostWarnings),
    base: { commit: base.commit, ...(base.branch !== undefined && { branch: base.branch }) },
    result: {
      ...(branch !== undefined && { branch }),
      ...(worktree !== undefined && { worktree }),
      files: totals.files,
      insertions: totals.insertions,
      deletions: totals.deletions,
    },
    ...(from && { from }),
    offers: offersOf(run),
  };
}

/** Where to look first: what waits, else the innermost failure. */
function focusOf({ folded }: OpenRun): RunPage['focus'] {
  const { waiting, failure } = folded.report();
  const [asked] = waiting;
  if (asked) return { step: asked.step, attempt: asked.attempt };
  if (!failure || failure.step === '') return undefined;
  return { step: failure.step, attempt: attemptsOf(folded, failure.step).at(-1)?.attempt ?? 1 };
}

const failureText = ({ folded }: OpenRun, step: string): string | undefined =>
  attemptsOf(folded, step).findLast((attempt) => attempt.failure !== undefined)?.failure?.text;

export function attemptsOf(folded: OpenRun['folded'], path: string) {
  const node = folded.placed().find((one) => one.node.path === path)?.node;
  return node && isStep(node) ? node.attempts : [];
}
