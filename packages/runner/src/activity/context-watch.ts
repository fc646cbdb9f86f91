import type { ContextUse } from '@pawl/core';
import type { Usage, UsageUpdate } from '@pawl/provider';

/** How full the model's context window was at its fullest: as the agent tells, else by what one answer added to the totals. */
export class ContextWatch {
  #told: ContextUse | undefined;
  #inferred = 0;
  #before: Usage = {};

  see({ usage, context }: Pick<UsageUpdate, 'usage' | 'context'>): void {
    if (context) {
      const window = context.window ?? this.#told?.window;
      const tokens = Math.max(context.tokens, this.#told?.tokens ?? 0);
      this.#told = { tokens, ...(window !== undefined && { window }), told: true };
    }
    const answers = rise(this.#before, usage, 'turns');
    const tokens = rise(this.#before, usage, 'inputTokens') + rise(this.#before, usage, 'outputTokens');
    // Of more answers at once nobody can tell which one read how much.
    if (answers === 1) this.#inferred = Math.max(this.#inferred, tokens);
    if (answers > 0) this.#before = usage;
  }

  use(): ContextUse | undefined {
    return this.#told ?? (this.#inferred > 0 ? { tokens: this.#inferred, told: false } : undefined);
  }
}

const rise = (before: Usage, now: Usage, figure: 'turns' | 'inputTokens' | 'outputTokens'): number =>
  Math.max(0, (now[figure] ?? 0) - (before[figure] ?? 0));
