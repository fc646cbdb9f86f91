import { addFigures, type Figures, noFigures } from './figures.ts';
import type { AttemptReport, RunReport, Span, StepReport } from './model.ts';

/** The cost table: what each agent did and spent. */
export interface AgentRow {
  readonly agent: string;
  /** As told by the agent. */
  readonly models: readonly string[];
  /** Attempts that ended as passed. */
  readonly passed: number;
  readonly totals: Figures;
}

/** In the order in which they first came to work. Walks the whole report. */
export function agentRows(report: RunReport): AgentRow[] {
  const rows = new Map<string, AgentRow>();
  for (const { attempt } of attemptsOf(report)) {
    const { agent, model } = attempt;
    if (agent === undefined) continue;
    const row = rows.get(agent) ?? { agent, models: [], passed: 0, totals: noFigures };
    rows.set(agent, {
      agent,
      models: model === undefined || row.models.includes(model) ? row.models : [...row.models, model],
      passed: row.passed + (attempt.status === 'passed' ? 1 : 0),
      totals: addFigures(row.totals, {
        ...attempt,
        attempts: 1,
        retries: attempt.attempt > 1 ? 1 : 0,
        guards: attempt.failure?.reason === 'guard' ? 1 : 0,
      }),
    });
  }
  return [...rows.values()];
}

export interface TimelineEntry extends Span {
  readonly step: string;
  readonly attempt: number;
  readonly agent?: string;
}

/** Settled effects by the time they began. Walks the whole report. */
export function timelineOf(report: RunReport): TimelineEntry[] {
  const entries: TimelineEntry[] = [];
  for (const { step, attempt } of attemptsOf(report)) {
    const agent = attempt.agent === undefined ? {} : { agent: attempt.agent };
    for (const span of attempt.spans) entries.push({ ...span, step: step.path, attempt: attempt.attempt, ...agent });
  }
  return entries.sort((one, other) => one.startedAt - other.startedAt || one.endedAt - other.endedAt);
}

/** Every step of the tree, each before those inside it. */
export function* stepsOf(steps: readonly StepReport[]): Generator<StepReport> {
  for (const step of steps) {
    yield step;
    yield* stepsOf(step.steps);
    for (const task of step.tasks) yield* stepsOf(task.steps);
  }
}

function* attemptsOf(report: RunReport): Generator<{ step: StepReport; attempt: AttemptReport }> {
  for (const step of stepsOf(report.steps)) for (const attempt of step.attempts) yield { step, attempt };
}
