import type { JsonObject, SessionStart, Usage, UsageUpdate } from '@pawl/provider';
import { asArray, asFigure, asObject, asString } from '../json.ts';
import { AcpAnswers } from './answers.ts';
import type { AcpProfile } from './profile.ts';

/** Figures of one turn out of what an agent tells: of answers, of the prompt, or of the whole session. */
export class AcpMeter {
  readonly #start: SessionStart;
  readonly #kind: AcpProfile['usage'];
  #answers: Usage = {};
  readonly #order = new AcpAnswers();
  #prompt: Usage = {};
  #total: number | undefined;
  #before: number | undefined;
  #model: string | undefined;
  #full: UsageUpdate['context'];

  constructor(start: SessionStart, kind: AcpProfile['usage']) {
    this.#start = start;
    this.#kind = kind;
    if (start.kind === 'new') this.#before = 0;
    if (start.kind === 'resume') this.#before = asFigure(start.ref.token?.costUsd);
  }

  /** What the session has cost from its beginning. */
  get total(): number | undefined {
    return this.#total;
  }

  /** How full the context window is. */
  get full(): UsageUpdate['context'] {
    return this.#full;
  }

  /** The model that answered, where the agent tells it with its figures. */
  get model(): string | undefined {
    return this.#model;
  }

  get usage(): Usage {
    const turns = this.#answers.turns ?? this.#order.count;
    const told = this.#kind === 'answer' ? {} : { ...this.#answers, ...this.#prompt };
    const tokens = turns > 0 ? { ...told, turns } : told;
    const cost = this.#total === undefined || this.#before === undefined ? undefined : this.#total - this.#before;
    return cost === undefined || cost < 0 ? tokens : { ...tokens, costUsd: cost };
  }

  /** `usage_update`: of the context, and the session's cost so far. True: a figure changed. */
  context({ used, size, cost }: JsonObject, prompted: boolean): boolean {
    const { amount, currency } = asObject(cost) ?? {};
    const figure = asFigure(amount);
    const filled = prompted && this.#fill(asFigure(used), asFigure(size));
    if (figure === undefined || (currency !== undefined && currency !== 'USD')) return filled;
    this.#total = figure;
    if (prompted) return filled || this.#before !== undefined;
    if (this.#start.kind !== 'new') this.#before = figure;
    return false;
  }

  #fill(tokens: number | undefined, window: number | undefined): boolean {
    if (tokens === undefined || tokens === 0) return false;
    this.#full = { tokens, ...(window !== undefined && { window }) };
    return true;
  }

  /** What the agent does, in its order. True: an answer of the model more. */
  heard(update: JsonObject): boolean {
    return this.#order.heard(update);
  }

  /** A call that the agent asks for. */
  asked(id: string): boolean {
    return this.#order.call(id, false);
  }

  /** Figures of one answer, in the `_meta` of a chunk. */
  answer(update: JsonObject): boolean {
    const figures = asObject(asObject(update._meta)?.usage);
    if (!figures) return false;
    const { turns = 0, ...sum } = this.#answers;
    this.#answers = { ...added(sum, tokensOf(figures)), turns: turns + 1 };
    return true;
  }

  /** The answer to the prompt. */
  result(result: JsonObject, asked: string | undefined): void {
    const figures = asObject(result.usage);
    if (figures) this.#prompt = tokensOf(figures);
    const quota = asObject(asObject(result._meta)?.quota);
    const count = asObject(quota?.token_count);
    if (count && !figures) {
      const [inputTokens, outputTokens] = [asFigure(count.input_tokens), asFigure(count.output_tokens)];
      this.#prompt = told({ inputTokens, outputTokens });
    }
    const models = asArray(quota?.model_usage).flatMap((entry) => asString(asObject(entry)?.model) ?? []);
    this.#model = models.find((name) => name === asked) ?? models[0];
  }
}

/** Some count the cached part within the input and some beside it; the total tells which. */
function tokensOf(figures: JsonObject): Usage {
  const input = asFigure(figures.inputTokens);
  const output = asFigure(figures.outputTokens);
  const read = asFigure(figures.cachedReadTokens);
  const written = asFigure(figures.cachedWriteTokens);
  const beside = (read ?? 0) + (written ?? 0);
  const total = asFigure(figures.totalTokens) ?? 0;
  const apart = input !== undefined && (total >= input + (output ?? 0) + beside || beside > input);
  return told({
    inputTokens: input === undefined ? undefined : input + (apart ? beside : 0),
    cachedInputTokens: read,
    cacheWriteTokens: written,
    outputTokens: output,
    reasoningTokens: asFigure(figures.thoughtTokens),
  });
}

type Figures = { readonly [Name in keyof Usage]?: number | undefined };

function told(figures: Figures): Usage {
  return Object.fromEntries(Object.entries(figures).filter(([, value]) => value !== undefined));
}

function added(left: Usage, right: Usage): Usage {
  const names = Object.keys({ ...left, ...right }) as (keyof Usage)[];
  return Object.fromEntries(names.map((name) => [name, (left[name] ?? 0) + (right[name] ?? 0)]));
}
