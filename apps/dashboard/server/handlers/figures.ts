import { addFigures, emptyReport, type Figures, type RunReport, stepsOf } from '@pawl/report';
import type { Analytics, AnalyticsRow, Comparison } from '../../wire.ts';
import { badRequest } from '../errors.ts';
import type { House } from '../house.ts';
import { type Answer, ok, type Request } from '../http.ts';
import { figuresOf } from '../runs/figures.ts';
import { isStep } from '../runs/flatten.ts';
import { isOver } from '../runs/standing.ts';
import { stepRowOf } from '../runs/step-row.ts';
import { runId, whole } from './run.ts';
import { repositoryById } from './start.ts';

const mostCompared = 6;

/** The same steps of several runs side by side. */
export async function compare(house: House, { query }: Request): Promise<Answer> {
  const ids = (query.get('runs') ?? '').split(',').filter(Boolean).map(runId);
  if (ids.length < 2 || ids.length > mostCompared) throw badRequest(`two to ${mostCompared} runs are compared`);
  const runs = await Promise.all(ids.map((id) => house.runs.open(id)));
  const steps = runs.map(
    ({ folded }) =>
      new Map(
        folded
          .placed()
          .filter(({ node }) => isStep(node))
          .map((one) => [one.node.path, one] as const),
      ),
  );
  const paths = [...new Set(steps.flatMap((own) => [...own.keys()]))];
  return ok({
    runs: runs.map(({ row }) => row),
    steps: paths.map((path) => ({
      path,
      cells: runs.map(({ folded }, index) => {
        const placed = steps[index]?.get(path);
        return placed ? stepRowOf(placed, folded.report().waiting, folded.plan) : null;
      }),
    })),
  } satisfies Comparison);
}

const dayMs = 24 * 60 * 60 * 1000;
const mostRuns = 1000;
const none: Figures = emptyReport.totals;

/** What agents, models and workflows cost, and how often they passed. */
export async function analytics(house: House, { query }: Request): Promise<Answer> {
  const days = Math.min(365, Math.max(1, whole(query, 'days', 30)));
  const [repository, workflow] = [query.get('repository'), query.get('workflow')];
  const since = house.now() - days * dayMs;
  const records = await house.store.runs.list({
    since,
    limit: mostRuns,
    ...(repository && { repository: (await repositoryById(house, repository)).path }),
    ...(workflow && { workflow }),
  });
  const [agents, models, workflows, attempts] = [new Table(), new Table(), new Table(), new Table()];
  const perDay = new Map<string, { at: number; runs: number; passed: number; usd: number; unpriced: number }>();
  let [total, passed, ended] = [none, 0, 0];
  for (const record of records.filter(isOver)) {
    const report = (await house.runs.open(record.id)).folded.report();
    const good = record.status === 'passed';
    ended += 1;
    if (good) passed += 1;
    total = addFigures(total, report.totals);
    workflows.add(record.workflow, good, report.totals);
    addAttempts(report, { agents, models, attempts });
    const day = new Date(record.startedAt).toISOString().slice(0, 10);
    const before = perDay.get(day) ?? { at: Date.parse(day), runs: 0, passed: 0, usd: 0, unpriced: 0 };
    const { measuredUsd, estimatedUsd, unpriced } = report.totals.cost;
    perDay.set(day, {
      at: before.at,
      runs: before.runs + 1,
      passed: before.passed + (good ? 1 : 0),
      usd: before.usd + measuredUsd + estimatedUsd,
      unpriced: before.unpriced + unpriced,
    });
  }
  return ok({
    runs: ended,
    passed,
    figures: figuresOf(total),
    agents: agents.rows(),
    models: models.rows(),
    workflows: workflows.rows(),
    attempts: attempts.rows(),
    days: [...perDay].map(([day, told]) => ({ day, ...told })).sort((one, other) => one.at - other.at),
  } satisfies Analytics);
}

function addAttempts(
  report: RunReport,
  { agents, models, attempts }: Readonly<Record<'agents' | 'models' | 'attempts', Table>>,
): void {
  for (const step of stepsOf(report.steps))
    for (const attempt of step.attempts) {
      if (attempt.agent === undefined || (attempt.status !== 'passed' && attempt.status !== 'failed')) continue;
      const good = attempt.status === 'passed';
      const figures = { ...attempt, attempts: 1, retries: attempt.attempt > 1 ? 1 : 0, escalations: 0, guards: 0 };
      agents.add(attempt.agent, good, figures);
      if (attempt.model !== undefined) models.add(attempt.model, good, figures);
      attempts.add(`attempt ${attempt.attempt}`, good, figures);
    }
}

class Table {
  readonly #rows = new Map<string, { readonly count: number; readonly passed: number; readonly figures: Figures }>();

  add(name: string, good: boolean, figures: Partial<Figures>): void {
    const { count, passed, figures: before } = this.#rows.get(name) ?? { count: 0, passed: 0, figures: none };
    this.#rows.set(name, { count: count + 1, passed: passed + (good ? 1 : 0), figures: addFigures(before, figures) });
  }

  rows(): readonly AnalyticsRow[] {
    return [...this.#rows]
      .map(([name, { count, passed, figures }]) => ({ name, count, passed, figures: figuresOf(figures) }))
      .sort((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }));
  }
}
