import type { Json, JsonObject, Usage, UsageUpdate } from '@pawl/provider';
import { asFigure, asObject } from '@pawl/provider-kit';

/** Usage of this turn, the sum over its steps: each is one answer of the model. */
export class Meter {
  #input = 0;
  #cached = 0;
  #written = 0;
  #output = 0;
  #reasoning = 0;
  #cost = 0;
  #turns = 0;
  #filled = 0;
  /** A sub-agent worked: what it cost is told nowhere. */
  #partial = false;

  get usage(): Usage {
    if (this.#turns === 0) return {};
    const counted = this.#input + this.#output > 0;
    return {
      ...(counted
        ? {
            inputTokens: this.#input,
            cachedInputTokens: this.#cached,
            cacheWriteTokens: this.#written,
            outputTokens: this.#output,
          }
        : {}),
      ...(this.#reasoning > 0 ? { reasoningTokens: this.#reasoning } : {}),
      // OpenCode says 0 for a model whose price it does not know.
      ...(this.#cost > 0 && !this.#partial ? { costUsd: this.#cost } : {}),
      turns: this.#turns,
    };
  }

  /** With what the conversation fills of the window, which is its last answer and all that was sent for it. */
  get update(): UsageUpdate {
    return { type: 'usage-update', usage: this.usage, ...(this.#filled > 0 && { context: { tokens: this.#filled } }) };
  }

  /** `input` of OpenCode leaves out what came from a cache or went into one, `output` what was thought. */
  step(part: JsonObject): void {
    const tokens = asObject(part.tokens);
    const cache = asObject(tokens?.cache);
    const [cached, written, reasoning] = [figure(cache?.read), figure(cache?.write), figure(tokens?.reasoning)];
    const [input, output] = [figure(tokens?.input) + cached + written, figure(tokens?.output) + reasoning];
    this.#input += input;
    this.#cached += cached;
    this.#written += written;
    this.#output += output;
    this.#reasoning += reasoning;
    this.#cost += figure(part.cost);
    this.#turns += 1;
    this.#filled = input + output;
  }

  subAgent(): void {
    this.#partial = true;
  }
}

function figure(value: Json | undefined): number {
  return asFigure(value) ?? 0;
}
