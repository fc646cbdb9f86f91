import type { JsonObject, Usage } from '@pawl/provider';
import { asFigure } from '@pawl/provider-kit';

/**
 * Of the turn. Builds differ in whether the cached tokens are within the input; where they are more than it they
 * cannot be, elsewhere they are taken to be.
 */
export function usageOf(figures: JsonObject | undefined, turns: number): Usage {
  const input = asFigure(figures?.inputTokens);
  const read = asFigure(figures?.cacheReadTokens);
  const written = asFigure(figures?.cacheWriteTokens);
  const output = asFigure(figures?.outputTokens);
  const cached = (read ?? 0) + (written ?? 0);
  return {
    ...(input === undefined ? {} : { inputTokens: cached > input ? input + cached : input }),
    ...(input === undefined || read === undefined ? {} : { cachedInputTokens: read }),
    ...(input === undefined || written === undefined ? {} : { cacheWriteTokens: written }),
    ...(output === undefined ? {} : { outputTokens: output }),
    ...(turns === 0 ? {} : { turns }),
  };
}
