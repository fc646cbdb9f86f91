import type { Child } from '@pawl/provider';
import type { Clock, Translator } from './definition.ts';
import { within } from './watch.ts';

/** So much may wait for a process that does not read. A prompt of any length fits: it is written first. */
const mostWaiting = 4_096;
/** So long an agent may take to stop by itself. */
const leaveMs = 2_000;

/** What is said to a process while it runs: in the order of the answers, one after the other. */
export class Dialogue {
  readonly #child: Child;
  readonly #translator: Translator;
  readonly #clock: Clock;
  readonly #overflowed: () => void;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #wakeOver: () => void = () => {};
  readonly #over = new Promise<void>((resolve) => (this.#wakeOver = resolve));

  constructor(child: Child, translator: Translator, clock: Clock, overflowed: () => void) {
    this.#child = child;
    this.#translator = translator;
    this.#clock = clock;
    this.#overflowed = overflowed;
  }

  /** Sends what there is to say. True: there was something. */
  speak(): boolean {
    const texts = this.#translator.outgoing?.() ?? [];
    for (const text of texts) this.#send(text);
    return texts.length > 0;
  }

  /** Everything has been said; behind what still waits standard input is closed. */
  close(): void {
    this.#wakeOver();
    this.#last = this.#last.then(() => this.#child.endInput?.());
  }

  /** Has it stop by itself, if it can, and gives it a moment. */
  async leave(): Promise<void> {
    if (this.#translator.over || !this.#translator.cancel) return;
    this.#translator.cancel();
    if (this.speak()) await within(this.#clock, leaveMs, this.#over, undefined);
  }

  #send(text: string | Promise<string>): void {
    this.#waiting += 1;
    if (this.#waiting > mostWaiting) {
      this.#overflowed();
      return;
    }
    this.#last = Promise.all([text, this.#last]).then(
      async ([ready]) => {
        await this.#child.write?.(ready);
        this.#waiting -= 1;
      },
      () => undefined,
    );
  }
}
