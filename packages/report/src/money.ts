import type { Cost } from '@pawl/core';

/** Three states that are never added together. `unpriced` counts the turns of agents whose cost nobody knows. */
export interface Money {
  readonly measuredUsd: number;
  readonly estimatedUsd: number;
  readonly unpriced: number;
}

export const noMoney: Money = { measuredUsd: 0, estimatedUsd: 0, unpriced: 0 };
export const unpricedOnce: Money = { measuredUsd: 0, estimatedUsd: 0, unpriced: 1 };

/** What one turn cost. A figure that is no amount of money is an unknown one. */
export function moneyOf(cost: Cost): Money {
  if (cost.state === 'unknown' || !Number.isFinite(cost.usd) || cost.usd < 0) return unpricedOnce;
  return cost.state === 'measured' ? { ...noMoney, measuredUsd: cost.usd } : { ...noMoney, estimatedUsd: cost.usd };
}

/** Sums are kept to the billionth of a dollar, so that no binary fraction shows. */
export function addMoney(one: Money, other: Money): Money {
  return {
    measuredUsd: addUsd(one.measuredUsd, other.measuredUsd),
    estimatedUsd: addUsd(one.estimatedUsd, other.estimatedUsd),
    unpriced: one.unpriced + other.unpriced,
  };
}

/**
 * `$0.42`, `~$0.10 estimated`, `$0.42 + 3 unpriced`, `unpriced`. `$0.00` means that nothing was spent, and stands
 * alone only where nothing is unknown. Short, for tables: `~$0.10` without its word.
 */
export function formatMoney(money: Money, options: { readonly short?: boolean } = {}): string {
  const parts: string[] = [];
  if (money.measuredUsd > 0) parts.push(formatUsd(money.measuredUsd));
  if (money.estimatedUsd > 0) parts.push(`~${formatUsd(money.estimatedUsd)}${options.short ? '' : ' estimated'}`);
  if (money.unpriced === 1 && parts.length === 0) return 'unpriced';
  if (money.unpriced > 0) parts.push(`${money.unpriced} unpriced`);
  return parts.length === 0 ? formatUsd(0) : parts.join(' + ');
}

/** Cents; below one cent as many digits as show that it is not nothing. */
function formatUsd(usd: number): string {
  if (usd > 0 && usd < 0.000_05) return '<$0.0001';
  const digits = usd > 0 && usd < 0.009_95 ? 4 : 2;
  const [whole = '0', fraction = ''] = usd.toFixed(digits).split('.');
  return `$${whole.replace(/\B(?=(?:\d{3})+$)/g, ',')}.${fraction}`;
}

function addUsd(one: number, other: number): number {
  const sum = one + other;
  // Beyond this a billionth is below the precision of the number anyway.
  return sum < 1e6 ? Math.round(sum * 1e9) / 1e9 : sum;
}
