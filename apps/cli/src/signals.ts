const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** 128 and the signal's number, as a shell has it. */
const exitOf = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Runs work that a signal interrupts in order: its agents end and what they left is recorded. A second signal ends this
 * process at once, and its children by force; correctness does not rest on the first.
 */
export async function untilStopped<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const onSignal = (name: (typeof signals)[number]): void => {
    if (stop.signal.aborted) process.exit(exitOf[name]);
    stop.abort(`interrupted by ${name}`);
  };
  for (const name of signals) process.on(name, onSignal);
  try {
    return await work(stop.signal);
  } finally {
    for (const name of signals) process.off(name, onSignal);
  }
}
