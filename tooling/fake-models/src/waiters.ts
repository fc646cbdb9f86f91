interface Waiter {
  readonly count: number;
  readonly resolve: () => void;
  readonly reject: (reason: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Counts turns and wakes those who wait for a number of them. */
export class TurnWaiters {
  count = 0;
  readonly #waiting = new Set<Waiter>();

  add(): void {
    this.count += 1;
    for (const waiter of this.#waiting) {
      if (this.count >= waiter.count) this.#settle(waiter, waiter.resolve);
    }
  }

  reach(count: number, deadlineMs: number): Promise<void> {
    if (this.count >= count) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const late = () =>
        new Error(`fake model: ${this.count} of ${count} turns were asked for within ${deadlineMs} ms`);
      const timer = setTimeout(() => this.#settle(waiter, () => reject(late())), deadlineMs);
      const waiter: Waiter = { count, resolve, reject, timer };
      this.#waiting.add(waiter);
    });
  }

  cancel(reason: string): void {
    for (const waiter of this.#waiting) this.#settle(waiter, () => waiter.reject(new Error(`fake model: ${reason}`)));
  }

  #settle(waiter: Waiter, end: () => void): void {
    clearTimeout(waiter.timer);
    this.#waiting.delete(waiter);
    end();
  }
}
