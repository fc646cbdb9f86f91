import { stepsOf } from './agents.ts';
import { headOf, type RunHead } from './compare.ts';
import type { AttemptReport, RunReport, StepReport } from './model.ts';
import { addMoney, type Money, noMoney } from './money.ts';

/** Many runs at once; every rate is defined in `docs/metrics.md`. Rates are from 0 to 1; absent where there is nothing to divide by. */
export interface Analytics {
  readonly runs: number;
  readonly workflows: readonly Rates[];
  readonly agents: readonly Rates[];
  /** As the agents told them. */
  readonly models: readonly Rates[];
  /** In the order in which the runs began. */
  readonly trend: readonly TrendPoint[];
}

export interface Rates {
  /** Of the workflow, the agent or the model. */
  readonly name: string;
  /** Runs it had a part in. */
  readonly runs: number;
  /** Of a workflow. */
  readonly runsPassed?: number;
  readonly passRate?: number;
  /** Steps with an agent that passed or failed; of an agent or a model: those it worked at. */
  readonly steps: number;
  readonly stepsPassed: number;
  /** The first is by attempt 1. Null: there was no such attempt. */
  readonly passedByAttempt: readonly (number | null)[];
  readonly escalated: number;
  readonly escalationRate?: number;
  readonly cost: Money;
  /** Dollars; `unpriced` is not divided: so many runs of agents are missing in it. */
  readonly costPerPassedStep?: Money;
}

export interface TrendPoint extends RunHead {
  readonly durationMs: number;
  readonly cost: Money;
  readonly agentRuns: number;
  readonly attempts: number;
  readonly retries: number;
}

/** Attempts beyond this one are no place of their own. */
const attemptsShown = 10;

export function analyticsOf(reports: readonly RunReport[]): Analytics {
  const ordered = [...reports].sort((one, other) => (one.startedAt ?? 0) - (other.startedAt ?? 0));
  return {
    runs: ordered.length,
    workflows: workflowRates(ordered),
    agents: workerRates(ordered, ({ agent }) => agent),
    models: workerRates(ordered, ({ model }) => model),
    trend: ordered.map((report) => ({
      ...headOf(report),
      durationMs: report.durationMs,
      cost: report.totals.cost,
      agentRuns: report.totals.agentRuns,
      attempts: report.totals.attempts,
      retries: report.totals.retries,
    })),
  };
}

function workflowRates(reports: readonly RunReport[]): Rates[] {
  return Array.from(
    Map.groupBy(reports, ({ workflow }) => workflow),
    ([name, runs]) => {
      const steps = runs.flatMap(({ steps }) => [...stepsOf(steps)].filter(isJudged));
      const passed = steps.filter(({ status }) => status === 'passed');
      const escalated = steps.filter(({ attempts }) => attempts.some((attempt) => attempt.escalatedFrom !== undefined));
      const runsPassed = runs.filter(({ status }) => status === 'passed').length;
      const ended = runsPassed + runs.filter(({ status }) => status === 'failed').length;
      const most = Math.min(attemptsShown, Math.max(0, ...passed.map(({ attempts }) => passedAt(attempts))));
      return {
        name,
        runs: runs.length,
        runsPassed,
        ...(ended > 0 && { passRate: runsPassed / ended }),
        ...stepRates(steps.length, passed.length, escalated.length),
        passedByAttempt: Array.from(
          { length: most },
          (_, index) => passed.filter(({ attempts }) => passedAt(attempts) <= index + 1).length / steps.length,
        ),
        ...moneyOfAll(
          runs.map(({ totals }) => totals.cost),
          passed.length,
        ),
      };
    },
  );
}

/** The same of the agents or the models that worked in these runs. */
function workerRates(reports: readonly RunReport[], nameOf: (attempt: AttemptReport) => string | undefined): Rates[] {
  const work = reports.flatMap((report) =>
    [...stepsOf(report.steps)].flatMap((step) =>
      step.attempts.flatMap((attempt) => {
        const name = nameOf(attempt);
        return name === undefined ? [] : [{ name, report, step, attempt }];
      }),
    ),
  );
  return Array.from(
    Map.groupBy(work, ({ name }) => name),
    ([name, each]) => {
      const judged = each.filter(({ attempt }) => attempt.status === 'passed' || attempt.status === 'failed');
      const steps = new Set(judged.map(({ step }) => step));
      const passed = new Set(judged.filter(({ attempt }) => attempt.status === 'passed').map(({ step }) => step));
      const handed = new Set(
        judged.filter(({ attempt }) => attempt.escalatedFrom !== undefined).map(({ step }) => step),
      );
      const most = Math.min(attemptsShown, Math.max(0, ...judged.map(({ attempt }) => attempt.attempt)));
      const rates = Array.from({ length: most }, (_, index) => {
        const of = judged.filter(({ attempt }) => attempt.attempt === index + 1);
        return of.length === 0 ? null : of.filter(({ attempt }) => attempt.status === 'passed').length / of.length;
      });
      return {
        name,
        runs: new Set(each.map(({ report }) => report)).size,
        ...stepRates(steps.size, passed.size, handed.size),
        passedByAttempt: rates,
        ...moneyOfAll(
          each.map(({ attempt }) => attempt.cost),
          passed.size,
        ),
      };
    },
  );
}

/** An agent worked at it, and it came to an end of its own. */
const isJudged = ({ status, attempts }: StepReport): boolean =>
  (status === 'passed' || status === 'failed') && attempts.some(({ agent }) => agent !== undefined);

/** Which attempt of all it made, those before a resume among them. */
const passedAt = (attempts: readonly AttemptReport[]): number => attempts.length;

function stepRates(steps: number, stepsPassed: number, escalated: number) {
  return { steps, stepsPassed, escalated, ...(steps > 0 && { escalationRate: escalated / steps }) };
}

function moneyOfAll(each: readonly Money[], passed: number): Pick<Rates, 'cost' | 'costPerPassedStep'> {
  const cost = each.reduce(addMoney, noMoney);
  if (passed === 0) return { cost };
  const share = (usd: number): number => Math.round((usd / passed) * 1e9) / 1e9;
  const costPerPassedStep = { ...cost, measuredUsd: share(cost.measuredUsd), estimatedUsd: share(cost.estimatedUsd) };
  return { cost, costPerPassedStep };
}
