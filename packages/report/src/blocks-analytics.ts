import type { Analytics, Rates, TrendPoint } from './analytics.ts';
import type { Block, Table } from './document.ts';
import { formatCount, formatDuration } from './format-figures.ts';
import { formatCostPerStep, formatShare } from './format-metric.ts';
import { formatMoney } from './money.ts';

/** Many runs: rates by workflow, agent and model, then the runs one by one. */
export function analyticsBlocks(analytics: Analytics): readonly Block[] {
  const { runs, workflows, agents, models, trend } = analytics;
  if (runs === 0) return [{ kind: 'title', text: 'no runs' }];
  return [
    { kind: 'title', text: formatCount(runs, 'run') },
    { kind: 'heading', text: 'by workflow' },
    { kind: 'table', table: ratesTable('workflow', workflows) },
    ...(agents.length === 0
      ? []
      : ([
          { kind: 'heading', text: 'by agent' },
          { kind: 'table', table: ratesTable('agent', agents) },
        ] as const)),
    ...(models.length === 0
      ? []
      : ([
          { kind: 'heading', text: 'by model' },
          { kind: 'table', table: ratesTable('model', models) },
        ] as const)),
    { kind: 'heading', text: 'trend' },
    { kind: 'table', table: trendTable(trend) },
  ];
}

const attemptColumns = 4;

function ratesTable(name: 'workflow' | 'agent' | 'model', rates: readonly Rates[]): Table {
  const ofRuns = name === 'workflow';
  const most = Math.min(attemptColumns, Math.max(1, ...rates.map(({ passedByAttempt }) => passedByAttempt.length)));
  const attempts = Array.from({ length: most }, (_, index) => index);
  return {
    columns: [
      { title: name, align: 'left' },
      { title: 'runs', align: 'right' },
      ...(ofRuns ? [{ title: 'passed', align: 'right' } as const] : []),
      { title: 'steps', align: 'right' },
      ...attempts.map(
        (index) => ({ title: ofRuns ? `by #${index + 1}` : `at #${index + 1}`, align: 'right' }) as const,
      ),
      { title: 'escalated', align: 'right' },
      { title: 'cost', align: 'right' },
      { title: 'a passed step', align: 'right' },
    ],
    rows: rates.map((each) => [
      each.name,
      `${each.runs}`,
      ...(ofRuns ? [formatShare(each.passRate)] : []),
      `${each.steps}`,
      ...attempts.map((index) => formatShare(each.passedByAttempt[index])),
      formatShare(each.escalationRate),
      formatMoney(each.cost, { short: true }),
      formatCostPerStep(each.costPerPassedStep),
    ]),
  };
}

function trendTable(trend: readonly TrendPoint[]): Table {
  return {
    columns: [
      { title: 'run', align: 'left' },
      { title: 'workflow', align: 'left' },
      { title: 'end', align: 'left' },
      { title: 'time', align: 'right' },
      { title: 'attempts', align: 'right' },
      { title: 'cost', align: 'right' },
    ],
    rows: trend.map(({ run, workflow, status, durationMs, attempts, cost, agentRuns }) => [
      run,
      workflow,
      status,
      formatDuration(durationMs),
      `${attempts}`,
      agentRuns > 0 ? formatMoney(cost, { short: true }) : '',
    ]),
  };
}
