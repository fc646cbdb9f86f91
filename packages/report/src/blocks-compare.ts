import type { ComparedMetric, ComparedStep, Comparison, Side, StepSide } from './compare.ts';
import type { Block } from './document.ts';
import { formatDuration } from './format-figures.ts';
import { formatDifference, formatMetric } from './format-metric.ts';
import { formatMoney } from './money.ts';

/** Two runs side by side, metric by metric and step by step. */
export function comparisonBlocks({ runs, metrics, steps }: Comparison): readonly Block[] {
  const [a, b] = runs;
  const other =
    a.workflow === b.workflow ? [] : [{ kind: 'lines', lines: ['these runs are of different workflows'] } as const];
  return [
    { kind: 'title', text: `${a.run} and ${b.run}` },
    ...other,
    {
      kind: 'table',
      table: {
        columns: [
          { title: 'metric', align: 'left' },
          { title: a.run, align: 'right' },
          { title: b.run, align: 'right' },
          { title: 'difference', align: 'right' },
        ],
        rows: [
          ['workflow', a.workflow, b.workflow, ''],
          ['end', a.status, b.status, ''],
          ...metrics.filter(isTelling).map(metricRow),
        ],
      },
    },
    {
      kind: 'table',
      table: {
        columns: [
          { title: 'step', align: 'left' },
          { title: a.run, align: 'left' },
          { title: b.run, align: 'left' },
        ],
        rows: steps.map(stepRow),
      },
    },
  ];
}

/** What is nothing in both runs is left out; the data has it. */
const isTelling = ({ values }: ComparedMetric): boolean =>
  values.some((side) => side !== undefined && side.value !== 0);

function metricRow({ title, unit, values: [one, other], difference }: ComparedMetric): readonly string[] {
  const told = (side: Side | undefined): string => (side ? formatMetric({ ...side, unit }) : '?');
  return [title, told(one), told(other), difference === undefined ? '' : formatDifference(difference, unit)];
}

function stepRow({ path, sides: [one, other] }: ComparedStep): readonly string[] {
  return [path, sideText(one), sideText(other)];
}

function sideText(side: StepSide | undefined): string {
  if (!side) return '-';
  const { status, agent, attempts, durationMs, cost, agentRuns } = side;
  const parts = [
    status,
    ...(agent === undefined ? [] : [agent]),
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
    ...(durationMs === undefined ? [] : [formatDuration(durationMs)]),
    ...(agentRuns > 0 ? [formatMoney(cost, { short: true })] : []),
  ];
  return parts.join(', ');
}
