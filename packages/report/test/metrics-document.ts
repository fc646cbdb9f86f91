import { type ManyMetric, type Metric, manyMetrics, metrics } from '../src/index.ts';

const groups: readonly (readonly [Metric['group'], string])[] = [
  ['money', 'Money'],
  ['tokens', 'Tokens'],
  ['work', 'Work'],
  ['time', 'Time'],
  ['changes', 'Changes'],
  ['behaviour', 'What agents did'],
];
const cell = (text: string): string => text.replaceAll('|', '\\|');

const row = ({ id, title, certainty, formula }: Metric | ManyMetric, unit?: string): string =>
  `| \`${id}\` | ${cell(title)} | ${unit === undefined ? '' : `${unit} | `}${certainty} | ${cell(formula)} |`;

/** The whole of docs/metrics.md: made of the table in the code, so that neither can say something else. */
export function metricsDocument(): string {
  const sections = groups.flatMap(([group, title]) => [
    `## ${title}`,
    [
      '| metric | in words | unit | how sure | formula |',
      '|---|---|---|---|---|',
      ...metrics.filter((metric) => metric.group === group).map((metric) => row(metric, metric.unit)),
    ].join('\n'),
  ]);
  return `${[
    '# Metrics',
    'What the figures of `pawl report` mean. The tables are made of the table that the code reads them by (`packages/report`), and a test compares them.',
    [
      'How sure a figure is:',
      '',
      '- **exact**: pawl measured or counted it.',
      '- **reported**: the agent said so.',
      '- **estimated**: worked out from a list of prices.',
      '- **inferred**: concluded from what the agent told while it worked, which may not be all it did.',
    ].join('\n'),
    'What nobody knows is absent or `?`, never zero. A figure with `+` is more than that: some run of an agent told nothing of it. Money that was measured, that was estimated and runs without a price are never one figure: `$0.42 + ~$0.10 estimated + 3 unpriced`. Of a step everything below it counts, its validators too.',
    ...sections,
    '## Over many runs',
    '`pawl report --last N`. Of a workflow, an agent, a model as the agent tells it.',
    [
      '| metric | in words | how sure | formula |',
      '|---|---|---|---|',
      ...manyMetrics.map((metric) => row(metric)),
    ].join('\n'),
    '## Where the facts come from',
    'From the events of the run alone, so that a report can be made of any log, also of an unfinished one. What an agent did is counted while its turn runs, and is stored with the end of the turn as `activity`; the log holds no text of it. Logs from before that was counted have none, and their runs of agents count as not told. Turns that were cut off by a crash tell nothing: they are unpriced, and counted so.',
  ].join('\n\n')}\n`;
}
