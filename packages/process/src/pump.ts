import type { Readable } from 'node:stream';

export interface PumpOptions {
  each(chunk: Uint8Array): void | Promise<void>;
  /** Settles when no process of the tree is left; what is still in the pipe is read after it. */
  readonly gone: Promise<void>;
  /** After that, how long to wait for a pipe that somebody else holds open and says nothing. */
  readonly drainMs: number;
  /** And how much to read from one that somebody else keeps writing to: more than any pipe holds. */
  readonly drainBytes: number;
}

/** Reads a stream to its end or its drain limits, one chunk at a time. Rejects only with what `each` threw. */
export async function pump(stream: Readable, options: PumpOptions): Promise<void> {
  const iterator: AsyncIterator<Uint8Array> = stream[Symbol.asyncIterator]();
  let waitingSince: number | undefined;
  let left: number | undefined;
  let watch: NodeJS.Timeout | undefined;
  let finished = false;
  void options.gone.then(() => {
    left = options.drainBytes;
    waitingSince &&= performance.now();
    if (!finished) watch = setInterval(check, Math.max(10, options.drainMs / 5));
  });
  const check = () => {
    const since = waitingSince;
    if (since === undefined || performance.now() - since < options.drainMs) return;
    // Timers come before reading: a loop that was held up first reads what has been in the pipe all the time.
    setImmediate(() => {
      if (waitingSince === since) stream.destroy();
    });
  };
  try {
    for (;;) {
      waitingSince = performance.now();
      // A destroyed stream rejects: the end, like any other.
      const next = await iterator.next().catch(() => undefined);
      waitingSince = undefined;
      if (!next || next.done) return;
      await options.each(next.value);
      if (left === undefined) continue;
      left -= next.value.length;
      if (left < 0) return;
    }
  } finally {
    finished = true;
    clearInterval(watch);
    stream.destroy();
  }
}
