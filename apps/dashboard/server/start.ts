import { main } from './main.ts';

/** The program by itself: this process's streams and signals, and the pawl on PATH, unless `PAWL_PROGRAM` names one. */
export async function start(argv: readonly string[], pawl?: readonly string[]): Promise<void> {
  const { stdout, stderr, env } = process;
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => (stop.signal.aborted ? process.exit(1) : stop.abort()));
  process.exitCode = await main(argv, {
    env,
    cwd: process.cwd(),
    pawl: pawl ?? [env.PAWL_PROGRAM || 'pawl'],
    out: (text) => void stdout.write(text),
    error: (text) => void stderr.write(text),
    signal: stop.signal,
  });
}

export { main };
