import type { JsonObject, Usage, UsageUpdate } from '@pawl/provider';
import { asFigure } from '@pawl/provider-kit';

const fields = ['inputTokens', 'outputTokens', 'cachedInputTokens', 'costUsd', 'turns'] as const;

/** `usage` lines add up over the turn; a figure that no line told stays unknown. */
export class UsageSum {
  readonly #sums = new Map<(typeof fields)[number], number>();

  get total(): Usage {
    return Object.fromEntries(this.#sums);
  }

  /** False when the line holds no figure. */
  add(line: JsonObject): boolean {
    let found = false;
    for (const field of fields) {
      const figure = asFigure(line[field]);
      if (figure === undefined) continue;
      found = true;
      this.#sums.set(field, (this.#sums.get(field) ?? 0) + figure);
    }
    return found;
  }
}

/** What the line says of the context window; it does not add up. */
export function contextOf(line: JsonObject): UsageUpdate['context'] {
  const tokens = asFigure(line.contextTokens);
  const window = asFigure(line.contextWindow);
  return tokens === undefined ? undefined : { tokens, ...(window !== undefined && { window }) };
}
