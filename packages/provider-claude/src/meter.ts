import type { Json, JsonObject, Usage, UsageUpdate } from '@pawl/provider';
import { asFigure, asObject, asString } from '@pawl/provider-kit';

interface Tokens {
  readonly input: number;
  readonly cached: number;
  readonly written: number;
  readonly output: number;
  readonly reasoning: number;
}

/**
 * Usage of this turn. Live, from each answer of the model; exact, with the cost, from each `result`. `total_cost_usd` and
 * `modelUsage` of a result count over the life of the session, and a fork starts at its parent's: of them nothing is read
 * but the size of the model's window.
 */
export class Meter {
  #settled: Tokens | undefined;
  #costUsd: number | undefined;
  /** Answers since the last result, by message id. */
  readonly #live = new Map<string, Tokens>();
  readonly #turns = new Set<string>();
  /** What an answer says of its output before its end is a placeholder. */
  #outputKnown = false;
  /** Of the newest answer of the conversation itself: what it read and said stays in the window. */
  #filled: number | undefined;
  #window: number | undefined;

  get context(): UsageUpdate['context'] {
    if (this.#filled === undefined) return undefined;
    return { tokens: this.#filled, ...(this.#window !== undefined && { window: this.#window }) };
  }

  get usage(): Usage {
    if (!this.#settled && this.#live.size === 0) return this.#costUsd === undefined ? {} : { costUsd: this.#costUsd };
    const total = [...this.#live.values()].reduce(add, this.#settled ?? none);
    return {
      inputTokens: total.input,
      cachedInputTokens: total.cached,
      cacheWriteTokens: total.written,
      ...(this.#outputKnown ? { outputTokens: total.output } : {}),
      ...(total.reasoning > 0 ? { reasoningTokens: total.reasoning } : {}),
      ...(this.#costUsd === undefined ? {} : { costUsd: this.#costUsd }),
      turns: this.#turns.size,
    };
  }

  /** Pieces of an answer: its beginning tells the input, its end the output. True when a figure changed. */
  stream(line: JsonObject, event: JsonObject): boolean {
    const message = asObject(event.message);
    const id = asString(line.api_message_id) ?? asString(message?.id);
    const usage = asObject(event.usage) ?? asObject(message?.usage);
    if (id === undefined || !usage) return false;
    const main = line.parent_tool_use_id == null;
    if (event.type !== 'message_delta') return this.#note(id, begun(usage), main);
    this.#outputKnown = true;
    return this.#note(id, ofAnswer(usage), main);
  }

  /** A block of an answer, with the figures of its beginning. */
  message(line: JsonObject, message: JsonObject | undefined): boolean {
    const id = asString(message?.id);
    if (id === undefined || message?.model === '<synthetic>') return false;
    const known = this.#turns.size;
    const main = line.parent_tool_use_id == null;
    if (main) this.#turns.add(id);
    const usage = asObject(message?.usage);
    const noted = usage !== undefined && !this.#live.has(id) && this.#note(id, begun(usage), main);
    return noted || this.#turns.size > known;
  }

  /** True when it told something. `model`: the one that answered. */
  result(line: JsonObject, model: string | undefined): boolean {
    this.#window = windowOf(line, model) ?? this.#window;
    const models = asObject(line.model_usage_since_last_result);
    const usage = asObject(line.usage);
    if (!models && !usage) return false;
    const tokens = models ? Object.values(models).map(ofModel) : usage ? [ofAnswer(usage)] : [];
    if (!models && this.#live.size === 0 && tokens.every((one) => one.input + one.output === 0)) return false;
    this.#settled = tokens.reduce(add, this.#settled ?? none);
    this.#live.clear();
    this.#outputKnown = true;
    if (models) {
      const costs = Object.values(models).map((model) => asFigure(asObject(model)?.costUSD));
      this.#costUsd = costs.reduce<number>((sum, cost) => sum + (cost ?? 0), this.#costUsd ?? 0);
    }
    return true;
  }

  #note(id: string, now: Tokens, main: boolean): boolean {
    const before = this.#live.get(id);
    // The end of an answer may leave out what its beginning told.
    const merged = before
      ? {
          input: Math.max(before.input, now.input),
          cached: Math.max(before.cached, now.cached),
          written: Math.max(before.written, now.written),
          output: Math.max(before.output, now.output),
          reasoning: Math.max(before.reasoning, now.reasoning),
        }
      : now;
    this.#live.set(id, merged);
    if (main) this.#filled = merged.input + merged.output;
    return !before || merged.output !== before.output || merged.input !== before.input;
  }
}

function windowOf(line: JsonObject, model: string | undefined): number | undefined {
  const windows = new Map(
    Object.entries(asObject(line.modelUsage) ?? {}).map(([name, told]) => [
      name,
      asFigure(asObject(told)?.contextWindow),
    ]),
  );
  return model !== undefined && windows.has(model) ? windows.get(model) : undefined;
}

const none: Tokens = { input: 0, cached: 0, written: 0, output: 0, reasoning: 0 };

function add(left: Tokens, right: Tokens): Tokens {
  return {
    input: left.input + right.input,
    cached: left.cached + right.cached,
    written: left.written + right.written,
    output: left.output + right.output,
    reasoning: left.reasoning + right.reasoning,
  };
}

function ofAnswer(usage: JsonObject): Tokens {
  const cached = figure(usage.cache_read_input_tokens);
  const written = figure(usage.cache_creation_input_tokens);
  return {
    input: figure(usage.input_tokens) + cached + written,
    cached,
    written,
    output: figure(usage.output_tokens),
    reasoning: figure(asObject(usage.output_tokens_details)?.thinking_tokens),
  };
}

function begun(usage: JsonObject): Tokens {
  return { ...ofAnswer(usage), output: 0, reasoning: 0 };
}

function ofModel(value: Json): Tokens {
  const model = asObject(value);
  const cached = figure(model?.cacheReadInputTokens);
  const written = figure(model?.cacheCreationInputTokens);
  return {
    input: figure(model?.inputTokens) + cached + written,
    cached,
    written,
    output: figure(model?.outputTokens),
    reasoning: figure(model?.thinkingTokens),
  };
}

function figure(value: Json | undefined): number {
  return asFigure(value) ?? 0;
}
