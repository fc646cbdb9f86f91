import type { Cost } from '@pawl/core';
import type { AgentEvent, ToolCall, Usage } from '@pawl/provider';
import { countOf, formatTokens } from '@pawl/report';
import { costOf, createActivityMeter } from '@pawl/runner';

/** What is kept of a line that has not ended. */
const maxPartial = 4000;
/** Of what an agent said and did, for who asks for its log. */
const maxTold = 200;

/** How a turn is priced: as its run will price it when it has ended. */
export interface Pricing {
  readonly model: string | undefined;
  readonly estimates: boolean;
}

/** What an agent does, from the events of its turn: text arrives in pieces that are no lines. */
export class AgentLines {
  usage: Usage | undefined;
  readonly #told: string[] = [];
  readonly #activity = createActivityMeter();
  #pricing: Pricing;
  #doing: string | undefined;
  #partial = '';
  #newestInput: number | undefined;
  #context: { readonly tokens: number; readonly window?: number } | undefined;

  constructor(pricing: Pricing = { model: undefined, estimates: false }) {
    this.#pricing = pricing;
  }

  /** What it has cost so far, with how that is known; undefined before it has used anything. */
  get cost(): Cost | undefined {
    return this.usage && costOf(this.usage, this.#pricing.model, this.#pricing);
  }

  /** Calls of tools so far. */
  get actions(): number {
    return countOf(this.#activity.current().calls);
  }

  /** The newest line of text, or the tool at work. */
  get doing(): string | undefined {
    return this.#partial.trim() === '' ? this.#doing : this.#partial;
  }

  /** The newest lines, oldest first. */
  get told(): readonly string[] {
    return this.#told;
  }

  /** What its newest answer is, in the classes of the report; undefined where that says nothing. */
  get label(): string | undefined {
    const { answer } = this.#activity;
    return answer === 'other' ? undefined : answer;
  }

  /** What its context window holds, as it tells; else about that: what the newest answer added to the input. */
  get context(): string | undefined {
    const { tokens, window } = this.#context ?? {};
    if (tokens !== undefined && window) return `${Math.round((100 * tokens) / window)}% context`;
    if (tokens !== undefined) return `context ${formatTokens(tokens)}`;
    return this.#newestInput === undefined ? undefined : `context ~${formatTokens(this.#newestInput)}`;
  }

  /** Takes an event in; gives the texts that are complete now, each for one line. Cheap: an agent may flood. */
  add(event: AgentEvent, at: number = Date.now()): readonly string[] {
    this.#activity.see(event, at);
    if (event.type === 'session-ready') this.#pricing = { ...this.#pricing, model: event.model ?? this.#pricing.model };
    const lines = this.#lines(event);
    for (const line of lines) this.#told.push(line);
    if (this.#told.length > maxTold) this.#told.splice(0, this.#told.length - maxTold);
    return lines;
  }

  #lines(event: AgentEvent): readonly string[] {
    switch (event.type) {
      case 'usage-update':
        this.#used(event.usage);
        this.#context = event.context ?? this.#context;
        return [];
      case 'text-delta':
        return this.#text(event.delta);
      case 'tool-call':
        return [...this.#rest(), this.#tool(event)];
      case 'tool-result':
        return event.status === 'ok' ? [] : [`(${event.status}) ${JSON.stringify(event.output)}`];
      case 'retry-notice':
        return [`the agent tries again by itself: ${event.reason}`];
      case 'compaction':
        return ['its context was full, and is made shorter'];
      case 'text-end':
      case 'turn-end':
        return this.#rest();
      default:
        return [];
    }
  }

  #used(usage: Usage): void {
    const added = (usage.inputTokens ?? 0) - (this.usage?.inputTokens ?? 0);
    if (added > 0) this.#newestInput = added;
    this.usage = usage;
  }

  #tool({ name, title, input }: ToolCall): string {
    this.#doing = `${name} ${title ?? ''}`.trim();
    return `${name} ${title ?? JSON.stringify(input)}`;
  }

  #text(delta: string): readonly string[] {
    const lines = (this.#partial + delta).split('\n');
    this.#partial = (lines.pop() ?? '').slice(0, maxPartial);
    const told = lines.filter((text) => text.trim() !== '');
    this.#doing = told.at(-1) ?? this.#doing;
    return told;
  }

  #rest(): readonly string[] {
    const rest = this.#partial;
    this.#partial = '';
    if (rest.trim() === '') return [];
    this.#doing = rest;
    return [rest];
  }
}
