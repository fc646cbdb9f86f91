import type { Control, ControlEnd } from '@pawl/core';

/** The way to a run at work, for keys, other terminals and the dashboard. Made by `createControls`, given to the run. */
export interface Controls {
  /** Resolves when the run has taken it up or refused it; never rejects. Before the run begins it waits. */
  request(control: Control): Promise<ControlEnd>;
}

export interface Requested {
  readonly control: Control;
  readonly end: (end: ControlEnd) => void;
}

/** What the run's loop sees of it. */
export interface ControlQueue extends Controls {
  next(): Requested | undefined;
  onRequest: () => void;
  /** The run is over, or out of this process's hands: all that is asked from now on is refused. */
  close(): void;
}

export function createControls(): Controls {
  const waiting: Requested[] = [];
  const over = { done: false, code: 'not-at-work', message: 'the run is not at work any more' } as const;
  let closed = false;
  const queue: ControlQueue = {
    onRequest: () => {},
    request(control) {
      if (closed) return Promise.resolve(over);
      const { promise, resolve } = Promise.withResolvers<ControlEnd>();
      waiting.push({ control, end: resolve });
      queue.onRequest();
      return promise;
    },
    next: () => waiting.shift(),
    close() {
      closed = true;
      for (const { end } of waiting.splice(0)) end(over);
    },
  };
  return queue;
}
