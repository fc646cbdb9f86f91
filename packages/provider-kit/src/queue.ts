import type { AgentEvent } from '@pawl/provider';

/** Events that wait, and the characters of native text behind them. At least one event always fits. */
export interface Capacity {
  readonly events: number;
  readonly characters: number;
}

interface Entry {
  readonly event: AgentEvent;
  readonly weight: number;
}
type Reader = (result: IteratorResult<AgentEvent, undefined>) => void;

/**
 * Between one producer and one consumer, bounded: the producer waits for room. Where nobody will ever make room it does
 * not wait: from then on `discarding` is true, for good, so that the consumer sees an unbroken beginning and no gap.
 */
export class EventQueue implements AsyncIterableIterator<AgentEvent> {
  readonly #capacity: Capacity;
  #entries: Entry[] = [];
  #weight = 0;
  #closed = false;
  #discarding = false;
  #left = false;
  #watched = false;
  #unattended = false;
  #hurried = false;
  #space: (() => void) | undefined;
  readonly #readers: Reader[] = [];

  constructor(capacity: Capacity) {
    this.#capacity = capacity;
  }

  get discarding(): boolean {
    return this.#discarding;
  }

  push(event: AgentEvent, weight = 0): void {
    if (this.#left) return;
    const reader = this.#readers.shift();
    if (reader) {
      reader({ value: event, done: false });
      return;
    }
    this.#entries.push({ event, weight });
    this.#weight += weight;
  }

  async room(): Promise<void> {
    while (this.#full && !this.#discarding) {
      if (this.#hurried || (this.#unattended && !this.#watched)) this.#discarding = true;
      else await new Promise<void>((resolve) => (this.#space = resolve));
    }
  }

  /** The end is awaited; if nobody reads by the time the queue is full, nobody will. */
  unattended(): void {
    this.#unattended = true;
    this.#wake();
  }

  /** The turn is being stopped: a slow reader no longer holds it up. */
  hurry(): void {
    this.#hurried = true;
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    for (const reader of this.#readers.splice(0)) reader({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    this.#watched = true;
    return this;
  }

  next(): Promise<IteratorResult<AgentEvent, undefined>> {
    this.#watched = true;
    const entry = this.#entries.shift();
    if (entry) {
      this.#weight -= entry.weight;
      if (!this.#full) this.#wake();
      return Promise.resolve({ value: entry.event, done: false });
    }
    if (this.#closed) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => this.#readers.push(resolve));
  }

  /** The consumer left its loop. The turn goes on without it. */
  return(): Promise<IteratorResult<AgentEvent, undefined>> {
    this.#left = true;
    this.#discarding = true;
    this.#entries = [];
    this.#weight = 0;
    this.#wake();
    this.close();
    return Promise.resolve({ value: undefined, done: true });
  }

  get #full(): boolean {
    return this.#entries.length >= this.#capacity.events || this.#weight >= this.#capacity.characters;
  }

  #wake(): void {
    this.#space?.();
    this.#space = undefined;
  }
}
