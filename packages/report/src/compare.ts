import { stepsOf } from './agents.ts';
import type { Certainty, Unit } from './metrics/metric.ts';
import { metrics, metricsOf } from './metrics/read.ts';
import type { RunReport, Status, StepReport } from './model.ts';
import type { Money } from './money.ts';
import { stepDuration } from './step-line.ts';

/** Two runs side by side. A side that is absent is not known, or has no such step. */
export interface Comparison {
  readonly runs: readonly [RunHead, RunHead];
  readonly metrics: readonly ComparedMetric[];
  /** Steps by path: those of the first run in its order, then what only the second has. */
  readonly steps: readonly ComparedStep[];
}
export interface RunHead {
  readonly run: string;
  readonly workflow: string;
  readonly status: RunReport['status'];
  readonly startedAt?: number;
}
export interface ComparedMetric {
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  readonly values: readonly [Side | undefined, Side | undefined];
  /** Second minus first; absent where one is not known, or where one of them is not all there is. */
  readonly difference?: number;
}
export interface Side {
  readonly value: number;
  readonly certainty: Certainty;
  readonly missing?: number;
}
export interface ComparedStep {
  readonly path: string;
  readonly sides: readonly [StepSide | undefined, StepSide | undefined];
}
export interface StepSide {
  readonly status: Status;
  readonly agent?: string;
  readonly attempts: number;
  readonly durationMs?: number;
  readonly cost: Money;
  readonly agentRuns: number;
}

export function compareReports(first: RunReport, second: RunReport): Comparison {
  const sides = [sidesOf(first), sidesOf(second)] as const;
  const steps = [stepSides(first), stepSides(second)] as const;
  return {
    runs: [headOf(first), headOf(second)],
    metrics: metrics.flatMap(({ id, title, unit }) => {
      const values = [sides[0].get(id), sides[1].get(id)] as const;
      if (!values[0] && !values[1]) return [];
      return [{ id, title, unit, values, ...differenceOf(...values) }];
    }),
    steps: [...new Set([...steps[0].keys(), ...steps[1].keys()])].map((path) => ({
      path,
      sides: [steps[0].get(path), steps[1].get(path)] as const,
    })),
  };
}

export const headOf = ({ run, workflow, status, startedAt }: RunReport): RunHead => ({
  run,
  workflow,
  status,
  ...(startedAt !== undefined && { startedAt }),
});

function sidesOf(report: RunReport): Map<string, Side> {
  return new Map(
    metricsOf(report).map(({ id, value, certainty, missing }) => [
      id,
      { value, certainty, ...(missing !== undefined && { missing }) },
    ]),
  );
}

/** Steps that never began are in neither run. */
function stepSides({ steps }: RunReport): Map<string, StepSide> {
  const began = [...stepsOf(steps)].filter(({ status }) => status !== 'pending');
  return new Map(began.map((step) => [step.path, sideOf(step)]));
}

function sideOf(step: StepReport): StepSide {
  const durationMs = stepDuration(step);
  return {
    status: step.status,
    ...(step.agent !== undefined && { agent: step.agent }),
    attempts: step.attempts.length,
    ...(durationMs !== undefined && { durationMs }),
    cost: step.totals.cost,
    agentRuns: step.totals.agentRuns,
  };
}

function differenceOf(one: Side | undefined, other: Side | undefined): { readonly difference?: number } {
  if (!one || !other || one.missing !== undefined || other.missing !== undefined) return {};
  return { difference: Math.round((other.value - one.value) * 1e9) / 1e9 };
}
