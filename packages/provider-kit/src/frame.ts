import type { AgentEvent, ToolCall, Usage } from '@pawl/provider';
import type { BodyEvent } from './definition.ts';

/**
 * Holds an adapter's events to the grammar: blocks open before they grow and close before the turn ends, a result
 * belongs to a call that waits for one, an id names one call. What does not fit is shown as `native`, not dropped.
 */
export class Frame {
  readonly #blocks = new Map<string, { readonly type: 'text-end' | 'reasoning-end'; readonly id: string }>();
  /** By the agent's id: the one that is told, which is another where the agent uses an id again. */
  readonly #told = new Map<string, string>();
  readonly #waiting = new Set<string>();
  #count = 0;
  #unknown = 0;

  /** Native lines the adapter did not know, or that did not fit. */
  get unknownLines(): number {
    return this.#unknown;
  }

  *accept(event: BodyEvent): Generator<AgentEvent> {
    switch (event.type) {
      case 'text-start':
      case 'reasoning-start':
        if (this.#blocks.has(blockKey(event))) return;
        this.#open(event.type === 'text-start' ? 'text' : 'reasoning', event.id);
        break;
      case 'text-delta':
      case 'reasoning-delta': {
        if (event.delta === '') return;
        if (!this.#blocks.has(blockKey(event))) {
          const kind = event.type === 'text-delta' ? 'text' : 'reasoning';
          this.#open(kind, event.id);
          yield { ...lineOf(event), type: `${kind}-start`, id: event.id };
        }
        break;
      }
      case 'text-end':
      case 'reasoning-end':
        if (!this.#blocks.delete(blockKey(event))) return;
        break;
      case 'tool-call':
        if (this.#waiting.has(event.id)) return yield this.#misfit(event, 'tool-call-twice');
        return yield this.#call(event);
      case 'tool-result':
        if (!this.#waiting.delete(event.id)) return yield this.#misfit(event, 'tool-result-without-call');
        return yield { ...event, id: this.#told.get(event.id) ?? event.id };
      case 'usage-update':
        return yield { ...event, usage: sound(event.usage) };
      case 'native':
        this.#unknown += 1;
    }
    yield event;
  }

  /** Closes what is open. A turn that completed has no call without a result. */
  *close({ completed }: { readonly completed: boolean }): Generator<AgentEvent> {
    for (const end of this.#blocks.values()) yield end;
    this.#blocks.clear();
    for (const waiting of completed ? this.#waiting : []) {
      const id = this.#told.get(waiting) ?? waiting;
      yield { type: 'tool-result', id, status: 'error', output: 'The agent told no result.' };
    }
  }

  #call({ parent, ...event }: ToolCall & { readonly line?: number }): AgentEvent {
    const of = parent === undefined ? undefined : this.#told.get(parent);
    this.#count += 1;
    const id = this.#told.has(event.id) ? `${event.id}#${this.#count}` : event.id;
    this.#told.set(event.id, id);
    this.#waiting.add(event.id);
    return { ...event, id, ...(of === undefined ? {} : { parent: of }) };
  }

  #open(kind: 'text' | 'reasoning', id: string): void {
    this.#blocks.set(`${kind} ${id}`, { type: `${kind}-end`, id });
  }

  #misfit(event: AgentEvent, name: string): AgentEvent {
    this.#unknown += 1;
    return { ...lineOf(event), type: 'native', name };
  }
}

/** A figure that is no figure was not reported. */
export function sound(usage: Usage): Usage {
  return Object.fromEntries(
    Object.entries(usage).filter(([, value]) => typeof value === 'number' && Number.isFinite(value) && value >= 0),
  );
}

function blockKey(event: { readonly type: string; readonly id: string }): string {
  return `${event.type.slice(0, event.type.indexOf('-'))} ${event.id}`;
}

function lineOf(event: AgentEvent): { line?: number } {
  return event.line === undefined ? {} : { line: event.line };
}
