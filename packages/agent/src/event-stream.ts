import type { AgentEvent } from '@pawl/provider';

const most = 1000;

/**
 * Between a run that pushes and a reader that pulls. Past {@link most} events it holds the run back for a reader. What does
 * not fit is dropped once the run is being stopped, and while the result is wanted and nobody reads.
 */
export class EventStream implements AsyncIterable<AgentEvent> {
  readonly #events: AgentEvent[] = [];
  #reading: 'not-yet' | 'reading' | 'left' = 'not-yet';
  #resultWanted = false;
  #stopped = false;
  #ended = false;
  #over = false;
  #changed = Promise.withResolvers<void>();

  async push(event: AgentEvent): Promise<void> {
    const last = event.type === 'turn-end';
    while (!last && this.#full && this.#holds) await this.#changed.promise;
    if (this.#ended || this.#reading === 'left' || (this.#full && !last)) return;
    this.#ended = last;
    this.#events.push(event);
    this.#wake();
  }

  /** Somebody waits for the result: without a reader nothing may hold the run back any more. */
  wantResult(): void {
    this.#resultWanted = true;
    this.#wake();
  }

  /** The run is being stopped, perhaps by its reader, who then does not read meanwhile. */
  letGo(): void {
    this.#stopped = true;
    this.#wake();
  }

  /** The run is over in every respect; a reader is let out only now, so that the next run may begin. */
  end(): void {
    this.#ended = true;
    this.#over = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<AgentEvent, void, void> {
    if (this.#reading !== 'not-yet') return;
    this.#reading = 'reading';
    this.#wake();
    try {
      for (;;) {
        const event = this.#events.shift();
        if (event) {
          this.#wake();
          yield event;
        } else if (this.#over) return;
        else await this.#changed.promise;
      }
    } finally {
      this.#reading = 'left';
      this.#events.length = 0;
      this.#wake();
    }
  }

  get #full(): boolean {
    return this.#events.length >= most;
  }

  get #holds(): boolean {
    if (this.#ended || this.#stopped) return false;
    return this.#reading === 'reading' || (this.#reading === 'not-yet' && !this.#resultWanted);
  }

  #wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
