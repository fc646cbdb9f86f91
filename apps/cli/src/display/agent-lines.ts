import type { AgentEvent, ToolCall, Usage } from '@pawl/provider';

/** What is kept of a line that has not ended. */
const maxPartial = 4000;

/** What an agent does, from the events of its turn: text arrives in pieces that are no lines. */
export class AgentLines {
  usage: Usage | undefined;
  #doing: string | undefined;
  #partial = '';

  /** The newest line of text, or the tool at work. */
  get doing(): string | undefined {
    return this.#partial.trim() === '' ? this.#doing : this.#partial;
  }

  /** Takes an event in; gives the texts that are complete now, each for one line. Cheap: an agent may flood. */
  add(event: AgentEvent): readonly string[] {
    switch (event.type) {
      case 'usage-update':
        this.usage = event.usage;
        return [];
      case 'text-delta':
        return this.#text(event.delta);
      case 'tool-call':
        return [...this.#rest(), this.#tool(event)];
      case 'tool-result':
        return event.status === 'ok' ? [] : [`(${event.status}) ${JSON.stringify(event.output)}`];
      case 'retry-notice':
        return [`the agent tries again by itself: ${event.reason}`];
      case 'text-end':
      case 'turn-end':
        return this.#rest();
      default:
        return [];
    }
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
