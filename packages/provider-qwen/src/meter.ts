import type { JsonObject, Usage, UsageUpdate } from '@pawl/provider';
import { asFigure } from '@pawl/provider-kit';

/**
 * Usage of this turn, from the answers of the model. `usage` of a result is that of the whole session, and a fork starts at its
 * parent's: it is read for a session that began with this turn alone.
 */
export class Meter {
  #input = 0;
  #cached = 0;
  #output = 0;
  #turns = 0;
  #told = false;
  #filled = 0;

  get usage(): Usage {
    if (!this.#told) return {};
    return {
      inputTokens: this.#input,
      cachedInputTokens: this.#cached,
      outputTokens: this.#output,
      turns: this.#turns,
    };
  }

  /** With what the conversation fills of the window, which is its last answer and all that was sent for it. */
  get update(): UsageUpdate {
    return { type: 'usage-update', usage: this.usage, ...(this.#filled > 0 && { context: { tokens: this.#filled } }) };
  }

  /** Work of a sub-agent, told as one figure: most of it is input. */
  task(tokens: number | undefined): boolean {
    if (!tokens) return false;
    this.#told = true;
    this.#input += tokens;
    return true;
  }

  /** The figures of a session with one turn: exact, sub-agents and all. True when they differ. */
  whole(usage: JsonObject | undefined): boolean {
    const input = asFigure(usage?.input_tokens) ?? 0;
    const output = asFigure(usage?.output_tokens) ?? 0;
    if (input + output < this.#input + this.#output || output < this.#output) return false;
    const before = [this.#input, this.#output].join();
    this.#told ||= input + output > 0;
    this.#input = input;
    this.#cached = Math.min(asFigure(usage?.cache_read_input_tokens) ?? this.#cached, input);
    this.#output = output;
    return before !== [input, output].join();
  }

  /** One answer comes as several messages, of which the last one has the figures. True when it told something. */
  message(usage: JsonObject | undefined, main: boolean): boolean {
    const input = asFigure(usage?.input_tokens) ?? 0;
    const output = asFigure(usage?.output_tokens) ?? 0;
    if (input + output === 0) return false;
    this.#told = true;
    this.#input += input;
    this.#cached += Math.min(asFigure(usage?.cache_read_input_tokens) ?? 0, input);
    this.#output += output;
    if (main) {
      this.#turns += 1;
      this.#filled = input + output;
    }
    return true;
  }
}
