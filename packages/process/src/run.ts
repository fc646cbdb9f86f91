import { HeadTail, leftOut } from './capture.ts';
import type { ProcessCommand, StartFailure } from './command.ts';
import { startProcess } from './spawn.ts';

export interface RunCommand extends Omit<ProcessCommand, 'stdinOpen'> {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** How much of each of `output`, `stdout` and `stderr` is kept: half from the beginning, half from the end. Default 1 MiB. */
  readonly maxOutputBytes?: number;
  /** Every chunk of both, in order of arrival. If it throws the command is stopped and `runCommand` rejects with that. */
  onOutput?(chunk: Uint8Array): void;
}

export interface CommandResult {
  /** Undefined when it was ended by a signal or could not be started. */
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly error?: StartFailure;
  readonly timedOut: boolean;
  readonly cancelled: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** Both in order of arrival. Where something is left out, a line says how much. */
  readonly output: string;
  /** Left out of `output`. 0 means that `stdout` and `stderr` are complete too. */
  readonly truncatedBytes: number;
  readonly durationMs: number;
}

/** Runs a program to its end, the deadline or the abort, whichever comes first; nothing of its tree is left behind. */
export async function runCommand(command: RunCommand): Promise<CommandResult> {
  const begin = performance.now();
  const half = Math.ceil((command.maxOutputBytes ?? 1024 * 1024) / 2);
  const [stdout, stderr, output] = [new HeadTail(half, half), new HeadTail(half, half), new HeadTail(half, half)];
  let cancelled = command.signal?.aborted ?? false;
  let timedOut = false;
  const result = (how: { code: number | undefined; signal: string | undefined; error?: StartFailure }) => ({
    code: how.code,
    signal: how.signal,
    ...(how.error && { error: how.error }),
    timedOut,
    cancelled,
    stdout: stdout.text(leftOut),
    stderr: stderr.text(leftOut),
    output: output.text(leftOut),
    truncatedBytes: output.droppedBytes,
    durationMs: performance.now() - begin,
  });
  if (cancelled) return result({ code: undefined, signal: undefined });

  let failure: { readonly error: unknown } | undefined;
  const { running, drained } = startProcess({
    ...command,
    onStdout: async (chunk) => {
      if (failure) return;
      stdout.add(chunk);
      output.add(chunk);
      try {
        command.onOutput?.(chunk);
        await command.onStdout?.(chunk);
      } catch (error) {
        fail(error);
      }
    },
    onStderr: (chunk) => {
      if (failure) return;
      stderr.add(chunk);
      output.add(chunk);
      try {
        command.onOutput?.(chunk);
        command.onStderr?.(chunk);
      } catch (error) {
        fail(error);
      }
    },
  });
  const fail = (error: unknown) => {
    failure ??= { error };
    void running.stop();
  };
  const abort = () => {
    cancelled = true;
    void running.stop();
  };
  // Nobody is going to read them.
  void running.lines[Symbol.asyncIterator]().return?.();
  const timer = setTimeout(() => {
    timedOut = true;
    void running.stop();
  }, command.timeoutMs);
  command.signal?.addEventListener('abort', abort, { once: true });
  try {
    await drained;
    const exit = await running.exit;
    if (failure) throw failure.error;
    return result(exit);
  } finally {
    clearTimeout(timer);
    command.signal?.removeEventListener('abort', abort);
  }
}
