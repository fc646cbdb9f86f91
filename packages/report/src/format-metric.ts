import { formatDuration, formatTokens } from './format-figures.ts';
import type { MetricValue, Unit } from './metrics/metric.ts';
import { formatMoney, type Money, noMoney } from './money.ts';

/** `1m 04s`, `12.3k`, `42 %`, `$0.42`. */
export function formatUnit(value: number, unit: Unit): string {
  switch (unit) {
    case 'usd':
      return formatMoney({ ...noMoney, measuredUsd: value });
    case 'tokens':
      return formatTokens(value);
    case 'milliseconds':
      return formatDuration(value);
    case 'share':
      return `${Math.round(value * 100)} %`;
    case 'count':
      return `${value}`;
  }
}

/** With `+` where some told nothing, `~` for what is estimated. */
export function formatMetric({
  value,
  unit,
  certainty,
  missing,
}: Pick<MetricValue, 'value' | 'unit' | 'certainty' | 'missing'>): string {
  const about = certainty === 'estimated' && value > 0 ? '~' : '';
  return `${about}${formatUnit(value, unit)}${missing === undefined ? '' : '+'}`;
}

/** `+3`, `-1m 04s`, `=`. */
export function formatDifference(difference: number, unit: Unit): string {
  if (difference === 0) return '=';
  const sign = difference > 0 ? '+' : '-';
  return sign + formatUnit(Math.abs(difference), unit);
}

/** Of a number of steps: `$0.04 a step`, and what is missing in it. */
export function formatCostPerStep(cost: Money | undefined): string {
  if (cost === undefined) return '';
  const { unpriced, ...known } = cost;
  if (known.measuredUsd === 0 && known.estimatedUsd === 0 && unpriced > 0) return 'unpriced';
  return formatMoney({ ...known, unpriced: 0 }, { short: true }) + (unpriced > 0 ? ` (${unpriced} unpriced)` : '');
}

export const formatShare = (share: number | null | undefined): string =>
  typeof share === 'number' ? formatUnit(share, 'share') : '';
