import type { Analytics } from '../analytics.ts';
import { analyticsBlocks } from '../blocks-analytics.ts';
import { comparisonBlocks } from '../blocks-compare.ts';
import type { Comparison } from '../compare.ts';
import { formatDuration } from '../format-figures.ts';
import { formatMoney } from '../money.ts';
import { barsSvg } from './bars.ts';
import { blocksAsHtml } from './blocks.ts';
import { htmlPage } from './page.ts';

const barsShown = 60;

export function comparisonHtml(comparison: Comparison): string {
  const [a, b] = comparison.runs;
  return htmlPage(`${a.run} and ${b.run}`, blocksAsHtml(comparisonBlocks(comparison)));
}

export function analyticsHtml(analytics: Analytics): string {
  const newest = analytics.trend.slice(-barsShown);
  const kind = (status: string): string => (status === 'failed' ? 'f-failed' : 'f-agent');
  const money = newest.map(({ run, status, cost }) => ({
    label: run,
    value: cost.measuredUsd + cost.estimatedUsd,
    text: formatMoney(cost),
    kind: kind(status),
  }));
  const time = newest.map(({ run, status, durationMs }) => ({
    label: run,
    value: durationMs,
    text: formatDuration(durationMs),
    kind: kind(status),
  }));
  const charts =
    newest.length === 0
      ? ''
      : `\n<h2>Money by run</h2>\n${barsSvg(money, 'Money by run; failed runs in red')}\n<h2>Time by run</h2>\n${barsSvg(time, 'Time by run; failed runs in red')}`;
  return htmlPage('pawl: runs', blocksAsHtml(analyticsBlocks(analytics)) + charts);
}
