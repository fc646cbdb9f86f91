import type { OutputLine } from './command.ts';
import { ProcessError } from './errors.ts';

/** Charged per line, so that a flood of empty lines counts. */
const lineOverhead = 64;

/** Lines between the pump and the one reader; bounded, see `RunningProcess.lines`. */
export class LineQueue implements AsyncIterable<OutputLine> {
  readonly #capacity: number;
  #items: OutputLine[] = [];
  #head = 0;
  #size = 0;
  #reader: 'none' | 'reading' | 'left' = 'none';
  #overflowed = false;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #wakeReader: (() => void) | undefined;
  #wakeWriter: (() => void) | undefined;

  constructor(capacity = 1024 * 1024) {
    this.#capacity = capacity;
  }

  /** Whether a line that is pushed now could ever be read. */
  get wanted(): boolean {
    return this.#reader === 'reading' || (this.#reader === 'none' && !this.#overflowed);
  }

  push(line: OutputLine): void {
    if (!this.wanted) return;
    this.#items.push(line);
    this.#size += line.text.length + lineOverhead;
    if (this.#reader === 'none' && this.#size > this.#capacity) {
      this.#overflowed = true;
      this.#clear();
    }
    this.#wakeReader?.();
  }

  /** Settles when there is room, or when nobody is going to make any. */
  async room(): Promise<void> {
    while (this.#reader === 'reading' && this.#size > this.#capacity) {
      await new Promise<void>((resolve) => {
        this.#wakeWriter = resolve;
      });
    }
  }

  end(): void {
    this.#ended = true;
    this.#wakeReader?.();
  }

  fail(error: unknown): void {
    this.#failure ??= { error };
    this.end();
  }

  [Symbol.asyncIterator](): AsyncIterator<OutputLine> {
    if (this.#reader !== 'none') {
      throw new ProcessError('already-iterated', 'The lines of a process can be iterated once: keep what you need.');
    }
    this.#reader = 'reading';
    return { next: () => this.#next(), return: () => this.#leave() };
  }

  async #next(): Promise<IteratorResult<OutputLine>> {
    for (;;) {
      const item = this.#take();
      if (item) return { done: false, value: item };
      if (this.#failure) throw this.#failure.error;
      if (this.#ended || this.#reader === 'left') return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
    }
  }

  #take(): OutputLine | undefined {
    const item = this.#items[this.#head];
    if (!item) return undefined;
    this.#head += 1;
    this.#size -= item.text.length + lineOverhead;
    if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    if (this.#size <= this.#capacity) this.#wakeWriter?.();
    return item;
  }

  async #leave(): Promise<IteratorResult<OutputLine>> {
    this.#reader = 'left';
    this.#clear();
    this.#wakeWriter?.();
    this.#wakeReader?.();
    return { done: true, value: undefined };
  }

  #clear(): void {
    this.#items = [];
    this.#head = 0;
    this.#size = 0;
  }
}
