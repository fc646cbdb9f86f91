import type { Clock } from './definition.ts';

/** One alarm at a time: set, put off, called off. */
export class Watch {
  readonly #clock: Clock;
  #off: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  set(ms: number | undefined, ring: () => void): void {
    this.off();
    if (ms !== undefined) this.#off = this.#clock.after(ms, ring);
  }

  off(): void {
    this.#off?.();
    this.#off = undefined;
  }
}

/** The promise's value, or `late` when it takes longer than that. A rejection is late too. */
export function within<T, L>(clock: Clock, ms: number, promise: Promise<T>, late: L): Promise<T | L> {
  return new Promise((resolve) => {
    const off = clock.after(ms, () => resolve(late));
    const settle = (value: T | L) => {
      off();
      resolve(value);
    };
    promise.then(settle, () => settle(late));
  });
}
