import { isatty } from 'node:tty';
import type { Surroundings } from './context.ts';

/**
 * Runs one command to its end and resolves to the exit code; never rejects. What it needs is loaded when it is called, so
 * that `--version` stays quick.
 */
export async function main(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    const { execute } = await import('./program.ts');
    return await execute(argv, surroundings);
  } catch (error) {
    const { tell } = await import('./refusal.ts');
    return tell(error, surroundings, argv);
  }
}

/** The program: this process's streams, its exit code. */
export async function start(argv: readonly string[]): Promise<void> {
  const { stdout, stderr, env } = process;
  // Looking at it opens it: not where nobody sits at it.
  const stdin = isatty(0) ? process.stdin : undefined;
  // Nobody reads any more (`pawl report | head -1`): the rest is dropped. A run goes on, it is recorded.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.exitCode = 5;
    stderr.write(`pawl: standard output cannot be written to: ${error.message}\n`);
  });
  stderr.on('error', () => {});
  // Without this Node prints a line of the bundle, which is very long.
  process.on('uncaughtException', (error) => {
    stderr.write(`pawl: an error of pawl itself\n${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  });
  const cwd = currentFolder();
  if (cwd === undefined) stderr.write('pawl: the current folder is not there any more\n  try: cd to one that is\n');
  const exit = cwd === undefined ? 5 : await main(argv, { cwd, env, stdin, stdout, stderr });
  process.exitCode ??= exit;
}

function currentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

if (import.meta.main) await start(process.argv.slice(2));
