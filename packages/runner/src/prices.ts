import type { Usage } from '@pawl/provider';
import table from './prices.json' with { type: 'json' };

/** US dollars per million tokens. Without a price of its own, cached input and writing to the cache cost what input does. */
export interface Price {
  readonly model: string;
  readonly input: number;
  readonly cachedInput?: number;
  readonly cacheWrite?: number;
  readonly output: number;
}

/** Where the prices come from and from when they are. */
export const priceTable: { readonly source: string; readonly asOf: string; readonly prices: readonly Price[] } = table;

/**
 * The list price of a model by its name: as in the table, behind a provider's name, with a date or `latest` after it.
 * Undefined for any other: what a name goes on with (`-pro`, `[1m]`) may cost many times as much.
 */
export function priceOf(model: string): Price | undefined {
  const name = model.trim().toLowerCase().slice(0, 200);
  const own = name.slice(name.lastIndexOf('/') + 1).replace(/(?:[-@](?:\d{8}|\d{4}-\d{2}-\d{2}|latest))?$/, '');
  return priceTable.prices.find((price) => price.model === own);
}

/** What a turn would cost by the list; undefined where the model or one of its two figures is not known. */
export function estimate(model: string | undefined, usage: Usage): number | undefined {
  const price = model === undefined ? undefined : priceOf(model);
  const { inputTokens, outputTokens } = usage;
  if (!price || inputTokens === undefined || outputTokens === undefined) return undefined;
  const cached = Math.min(usage.cachedInputTokens ?? 0, inputTokens);
  const written = Math.min(usage.cacheWriteTokens ?? 0, inputTokens - cached);
  const dollars =
    (inputTokens - cached - written) * price.input +
    cached * (price.cachedInput ?? price.input) +
    written * (price.cacheWrite ?? price.input) +
    outputTokens * price.output;
  return dollars / 1_000_000;
}
