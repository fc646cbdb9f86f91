import type { Json, JsonObject, Usage, UsageUpdate } from '@pawl/provider';
import { asFigure, asObject } from '@pawl/provider-kit';

interface Tokens {
  readonly input: number;
  readonly cached: number;
  readonly written: number;
  readonly output: number;
  readonly reasoning: number;
  readonly cost: number;
}

/** Usage of this turn: Pi counts per answer of the model, and an answer's figures grow while it comes. */
export class Meter {
  #settled: Tokens = none;
  #live: Tokens | undefined;
  #turns = 0;
  #filled = 0;
  /** Some model providers count nothing, which is not zero. */
  #counted = false;

  get usage(): Usage {
    if (!this.#counted) return this.#turns === 0 ? {} : { turns: this.#turns };
    const total = this.#live ? add(this.#settled, this.#live) : this.#settled;
    return {
      inputTokens: total.input,
      cachedInputTokens: total.cached,
      cacheWriteTokens: total.written,
      outputTokens: total.output,
      ...(total.reasoning > 0 ? { reasoningTokens: total.reasoning } : {}),
      // Pi says 0 for a model whose price it does not know.
      ...(total.cost > 0 ? { costUsd: total.cost } : {}),
      turns: this.#turns,
    };
  }

  /** With what the conversation fills of the window, which is its last answer and all that was sent for it. */
  get update(): UsageUpdate {
    return { type: 'usage-update', usage: this.usage, ...(this.#filled > 0 && { context: { tokens: this.#filled } }) };
  }

  /** Of the answer that is coming. True when a figure changed. */
  live(usage: Json | undefined): boolean {
    const now = tokens(asObject(usage));
    if (!now || (this.#live && same(this.#live, now))) return false;
    this.#live = now;
    this.#counted = true;
    return true;
  }

  /** An answer is whole; one that broke has no figures. True when it told something. */
  answer(message: JsonObject): boolean {
    const now = tokens(asObject(message.usage));
    this.#live = undefined;
    const broke = message.stopReason === 'error' || message.stopReason === 'aborted';
    if (!broke) this.#turns += 1;
    if (now) {
      this.#settle(now);
      this.#filled = now.input + now.output;
    }
    return now !== undefined || !broke;
  }

  /** Of a summary that Pi had made: tokens and money, but no answer. */
  aside(usage: Json | undefined): boolean {
    const now = tokens(asObject(usage));
    if (now) this.#settle(now);
    return now !== undefined;
  }

  #settle(now: Tokens): void {
    this.#settled = add(this.#settled, now);
    this.#counted = true;
  }
}

const none: Tokens = { input: 0, cached: 0, written: 0, output: 0, reasoning: 0, cost: 0 };

/** Undefined where nothing was counted. `input` of Pi leaves out what came from a cache or went into one. */
function tokens(usage: JsonObject | undefined): Tokens | undefined {
  const cached = figure(usage?.cacheRead);
  const written = figure(usage?.cacheWrite);
  const input = figure(usage?.input) + cached + written;
  const output = figure(usage?.output);
  if (input + output === 0) return undefined;
  return {
    input,
    cached,
    written,
    output,
    reasoning: figure(usage?.reasoning),
    cost: figure(asObject(usage?.cost)?.total),
  };
}

function add(left: Tokens, right: Tokens): Tokens {
  return {
    input: left.input + right.input,
    cached: left.cached + right.cached,
    written: left.written + right.written,
    output: left.output + right.output,
    reasoning: left.reasoning + right.reasoning,
    cost: left.cost + right.cost,
  };
}

function same(left: Tokens, right: Tokens): boolean {
  return left.input === right.input && left.output === right.output && left.cost === right.cost;
}

function figure(value: Json | undefined): number {
  return asFigure(value) ?? 0;
}
