import type { JsonObject, Usage } from '@pawl/provider';
import { asFigure, asObject } from '@pawl/provider-kit';

/**
 * Usage of this turn. The CLI counts tokens over the life of a process, which is one turn, and tells them at its end only;
 * answers are counted here: one begins with the first text or call after a prompt or after results of tools.
 */
export class Meter {
  #turns = 0;
  #answering = false;
  #stats: JsonObject | undefined;

  get usage(): Usage {
    const turns = this.#turns > 0 ? { turns: this.#turns } : {};
    const stats = this.#stats;
    if (!stats) return turns;
    const input = asFigure(stats.input_tokens) ?? 0;
    const output = asFigure(stats.output_tokens) ?? 0;
    // Thoughts have no figure of their own, and are charged as output.
    const thoughts = Math.max(0, (asFigure(stats.total_tokens) ?? 0) - input - output);
    return {
      inputTokens: input,
      cachedInputTokens: Math.min(asFigure(stats.cached) ?? 0, input),
      outputTokens: output + thoughts,
      ...(thoughts > 0 ? { reasoningTokens: thoughts } : {}),
      ...turns,
    };
  }

  /** Something of an answer came; true when it is a new one. */
  answer(): boolean {
    if (this.#answering) return false;
    this.#answering = true;
    this.#turns += 1;
    return true;
  }

  /** Results of tools came: the next words are another answer. */
  results(): void {
    this.#answering = false;
  }

  get answered(): boolean {
    return this.#turns > 0;
  }

  /** True when it told something: a run that failed early reports zeros, whatever it has used. */
  result(stats: JsonObject | undefined): boolean {
    if (!asFigure(stats?.total_tokens)) return false;
    this.#stats = stats;
    return true;
  }

  /** The model that gave most of the output: others only route, name or sum up. */
  get model(): string | undefined {
    const found = Object.entries(asObject(this.#stats?.models) ?? {}).map(([name, value]) => {
      const tokens = asObject(value);
      return { name, output: asFigure(tokens?.output_tokens) ?? 0, input: asFigure(tokens?.input_tokens) ?? 0 };
    });
    found.sort((left, right) => right.output - left.output || right.input - left.input);
    const [first] = found;
    // One that was only asked has no figures.
    return first && first.input + first.output > 0 ? first.name : undefined;
  }
}
