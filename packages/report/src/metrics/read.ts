import { stepsOf } from '../agents.ts';
import type { FirstDiff, RunReport, StepReport } from '../model.ts';
import { stepDuration } from '../step-line.ts';
import { behaviourMetrics } from './behaviour.ts';
import { moneyMetrics, tokenMetrics, workMetrics } from './figures.ts';
import type { Metric, MetricValue, Subject } from './metric.ts';
import { changeMetrics, timeMetrics } from './time.ts';

/** Every metric of a run, in the order in which reports show them. */
export const metrics: readonly Metric[] = [
  ...moneyMetrics,
  ...tokenMetrics,
  ...workMetrics,
  ...timeMetrics,
  ...changeMetrics,
  ...behaviourMetrics,
];

/** What is known of a run; a metric that nobody knows is absent. */
export function metricsOf(report: RunReport): readonly MetricValue[] {
  const { durationMs, totals } = report;
  const firstDiff = firstDiffOf(report);
  return read({ ...totals, durationMs, ...(firstDiff && { firstDiff }) });
}

/** The same of one step, with all that is inside it. */
export function metricsOfStep(step: StepReport): readonly MetricValue[] {
  const durationMs = stepDuration(step);
  const last = step.attempts.at(-1)?.checkpoint;
  return read({
    ...step.totals,
    ...(durationMs !== undefined && { durationMs }),
    ...(last && { files: last.files.length, insertions: last.insertions, deletions: last.deletions }),
    ...(step.firstDiff && { firstDiff: step.firstDiff }),
  });
}

function read(subject: Subject): readonly MetricValue[] {
  return metrics.flatMap((metric) => {
    const value = metric.of(subject);
    if (value === undefined) return [];
    const { id, unit } = metric;
    const missing = metric.missing?.(subject) ?? 0;
    const certainty = metric.certaintyOf?.(subject) ?? metric.certainty;
    return [{ id, value, unit, certainty, ...(missing > 0 && { missing }) }];
  });
}

/** The earliest of all steps, from the start of the run. */
function firstDiffOf({ startedAt, steps }: RunReport): FirstDiff | undefined {
  let first: FirstDiff | undefined;
  for (const step of stepsOf(steps)) {
    if (!step.firstDiff || step.startedAt === undefined || startedAt === undefined) continue;
    const ms = Math.max(0, step.startedAt + step.firstDiff.ms - startedAt);
    if (!first || ms < first.ms) first = { ms, by: step.firstDiff.by };
  }
  return first;
}
