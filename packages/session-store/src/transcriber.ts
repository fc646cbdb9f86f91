import type { AgentEvent, SessionRef, TurnOutcome } from '@pawl/provider';
import type { MessageBody, NewMessage } from './message.ts';
import type { SessionCatalogue, SessionFacts } from './session-contract.ts';

/** Of one text; what a store keeps of it is less. */
const longestText = 2 * 1024 * 1024;
/** Before the agent has told its session. */
const mostHeld = 1000;

export interface TranscriberOptions {
  readonly sessions: Pick<SessionCatalogue, 'begin' | 'append'>;
  readonly prompt: string;
  /** Told with the session's beginning. */
  readonly facts?: Partial<Omit<SessionFacts, 'ref' | 'at'>>;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** Takes the events of one turn and keeps them as messages, each as soon as it is whole. */
export interface Transcriber {
  /** One at a time, in order. Rejects with the store's error; what was not kept then is lost. */
  see(event: AgentEvent): Promise<void>;
  /** Our id, once the agent has told its session. */
  readonly id: string | undefined;
}

export function createTranscriber(options: TranscriberOptions): Transcriber {
  return new TurnTranscriber(options);
}

class TurnTranscriber implements Transcriber {
  readonly #options: TranscriberOptions;
  readonly #open = new Map<string, { readonly type: 'text' | 'reasoning'; text: string }>();
  #held: NewMessage[] = [];
  #id: string | undefined;

  constructor(options: TranscriberOptions) {
    this.#options = options;
    this.#say({ role: 'user', type: 'text', text: options.prompt });
  }

  get id(): string | undefined {
    return this.#id;
  }

  async see(event: AgentEvent): Promise<void> {
    for (const body of this.#said(event)) this.#say(body);
    if (event.type === 'session-ready') await this.#begin(event.session, event.model, event.transcript);
    // Some agents tell their session only at the end.
    if (event.type === 'turn-end' && event.session && this.#id === undefined)
      await this.#begin(event.session, event.model, undefined);
    if (this.#id === undefined || this.#held.length === 0) return;
    const messages = this.#held;
    this.#held = [];
    await this.#options.sessions.append(this.#id, messages);
  }

  async #begin(ref: SessionRef, model: string | undefined, transcript: string | undefined): Promise<void> {
    const { sessions, facts } = this.#options;
    const told = { ...(model === undefined ? {} : { model }), ...(transcript === undefined ? {} : { transcript }) };
    const { id } = await sessions.begin({ ...facts, ...told, ref, at: this.#now() });
    this.#id = id;
  }

  /** What this event makes whole. */
  #said(event: AgentEvent): readonly MessageBody[] {
    switch (event.type) {
      case 'text-start':
      case 'reasoning-start':
        this.#open.set(event.id, { type: event.type === 'text-start' ? 'text' : 'reasoning', text: '' });
        return [];
      case 'text-delta':
      case 'reasoning-delta': {
        const open = this.#open.get(event.id);
        if (open && open.text.length < longestText) open.text += event.delta.slice(0, longestText);
        return [];
      }
      case 'text-end':
      case 'reasoning-end':
        return this.#closed(event.id);
      case 'tool-call': {
        const { type, id: call, kind, name, title, input, parent } = event;
        const optional = { ...(title === undefined ? {} : { title }), ...(parent === undefined ? {} : { parent }) };
        return [{ role: 'assistant', type, call, kind, name, input, ...optional }];
      }
      case 'tool-result': {
        const { type, id: call, status, output } = event;
        return [{ role: 'tool', type, call, status, output }];
      }
      case 'compaction': {
        const { type, trigger, tokensBefore } = event;
        return [{ role: 'system', type, trigger, ...(tokensBefore === undefined ? {} : { tokensBefore }) }];
      }
      case 'turn-end':
        return [...[...this.#open.keys()].flatMap((id) => this.#closed(id)), ...ended(event.outcome)];
      default:
        return [];
    }
  }

  #closed(id: string): readonly MessageBody[] {
    const open = this.#open.get(id);
    this.#open.delete(id);
    return open && open.text.trim() !== '' ? [{ role: 'assistant', ...open }] : [];
  }

  #say(body: MessageBody): void {
    if (this.#held.length < mostHeld) this.#held.push({ ...body, at: this.#now() });
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }
}

/** A turn that was completed has said all there is. */
function ended(outcome: TurnOutcome): readonly MessageBody[] {
  const message = (text: string): readonly MessageBody[] =>
    outcome.kind === 'completed' ? [] : [{ role: 'system', type: 'outcome', outcome: outcome.kind, text }];
  switch (outcome.kind) {
    case 'limited':
      return message(outcome.limit);
    case 'refused':
      return message(outcome.reason);
    case 'failed':
      return message(outcome.error.message);
    default:
      return message('');
  }
}
