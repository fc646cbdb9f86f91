import type { Json, JsonObject, Usage } from '@pawl/provider';
import { asFigure, asObject } from '@pawl/provider-kit';

/** As Codex counts: `input` has the cached ones in it. */
export interface Tokens {
  readonly input: number;
  readonly cached: number;
  readonly written: number;
  readonly output: number;
  readonly reasoning: number;
}

export const noTokens: Tokens = { input: 0, cached: 0, written: 0, output: 0, reasoning: 0 };

export function readTokens(value: Json | undefined): Tokens | undefined {
  const usage = asObject(value);
  const input = asFigure(usage?.input_tokens);
  if (!usage || input === undefined) return undefined;
  return {
    input,
    cached: asFigure(usage.cached_input_tokens) ?? 0,
    written: asFigure(usage.cache_write_input_tokens) ?? 0,
    output: asFigure(usage.output_tokens) ?? 0,
    reasoning: asFigure(usage.reasoning_output_tokens) ?? 0,
  };
}

/** As they are kept between turns. */
export function storeTokens({ input, cached, written, output, reasoning }: Tokens): JsonObject {
  return { input, cached, written, output, reasoning };
}

export function storedTokens(value: Json | undefined): Tokens | undefined {
  const stored = asObject(value);
  const input = asFigure(stored?.input);
  if (!stored || input === undefined) return undefined;
  const figure = (name: string) => asFigure(stored[name]) ?? 0;
  return {
    input,
    cached: figure('cached'),
    written: figure('written'),
    output: figure('output'),
    reasoning: figure('reasoning'),
  };
}

export function add(left: Tokens, right: Tokens): Tokens {
  return combined(left, right, 1);
}

/** Undefined where the whole is less than the part: then the part was of something else. */
export function subtract(whole: Tokens, part: Tokens): Tokens | undefined {
  const rest = combined(whole, part, -1);
  return Object.values(rest).every((figure) => figure >= 0) ? rest : undefined;
}

export function usageOf({ input, cached, written, output, reasoning }: Tokens): Usage {
  return {
    inputTokens: input,
    cachedInputTokens: cached,
    cacheWriteTokens: written,
    outputTokens: output,
    reasoningTokens: reasoning,
  };
}

function combined(left: Tokens, right: Tokens, sign: 1 | -1): Tokens {
  return {
    input: left.input + sign * right.input,
    cached: left.cached + sign * right.cached,
    written: left.written + sign * right.written,
    output: left.output + sign * right.output,
    reasoning: left.reasoning + sign * right.reasoning,
  };
}
