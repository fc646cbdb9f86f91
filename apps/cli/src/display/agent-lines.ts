import type { AgentEvent, ToolCall, ToolKind, Usage } from '@pawl/provider';
import { formatTokens } from '@pawl/report';

/** What is kept of a line that has not ended. */
const maxPartial = 4000;
/** Of what an agent said and did, for who asks for its log. */
const maxTold = 200;
/** The newest actions say what a turn is about. */
const maxRecent = 12;

/** What an agent does, from the events of its turn: text arrives in pieces that are no lines. */
export class AgentLines {
  usage: Usage | undefined;
  /** Calls of tools so far. */
  actions = 0;
  readonly #told: string[] = [];
  readonly #recent: ToolKind[] = [];
  #doing: string | undefined;
  #partial = '';
  #newestInput: number | undefined;
  #context: { readonly tokens: number; readonly window?: number } | undefined;

  /** The newest line of text, or the tool at work. */
  get doing(): string | undefined {
    return this.#partial.trim() === '' ? this.#doing : this.#partial;
  }

  /** The newest lines, oldest first. */
  get told(): readonly string[] {
    return this.#told;
  }

  /** What most of its newest actions are: what the turn is about just now. */
  get label(): string {
    const count = (...kinds: readonly ToolKind[]) => this.#recent.filter((kind) => kinds.includes(kind)).length;
    const counted = [
      ['coding', 2 * count('edit')],
      ['running', count('execute')],
      ['exploring', count('read', 'search', 'fetch')],
      ['delegating', count('delegate')],
    ] as const;
    const [label, most] = counted.reduce((best, one) => (one[1] > best[1] ? one : best));
    if (most > 0) return label;
    return this.#recent.length > 0 ? 'working' : 'thinking';
  }

  /** What its context window holds, as it tells; else about that: what the newest answer added to the input. */
  get context(): string | undefined {
    const { tokens, window } = this.#context ?? {};
    if (tokens !== undefined && window) return `${Math.round((100 * tokens) / window)}% context`;
    if (tokens !== undefined) return `context ${formatTokens(tokens)}`;
    return this.#newestInput === undefined ? undefined : `context ~${formatTokens(this.#newestInput)}`;
  }

  /** Takes an event in; gives the texts that are complete now, each for one line. Cheap: an agent may flood. */
  add(event: AgentEvent): readonly string[] {
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

  #tool({ name, title, kind, input }: ToolCall): string {
    this.actions += 1;
    this.#recent.push(kind);
    if (this.#recent.length > maxRecent) this.#recent.shift();
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
