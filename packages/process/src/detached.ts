import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

export interface DetachedCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** A folder for what it prints while its beginning is awaited; made when it is absent, files in it 0600. */
  readonly output: string;
  /** How long its first line may take. */
  readonly firstLineMs: number;
}

/** `started`: it has printed a line and goes on by itself. Otherwise it ended before, or was stopped at the deadline. */
export type Detached =
  | { readonly started: true; readonly pid: number; readonly line: string }
  | { readonly started: false; readonly code: number | undefined; readonly stdout: string; readonly stderr: string };

/**
 * Starts a program that is meant to outlive this one, in a session of its own, and waits until it has printed its first
 * line. Never rejects for what the program does.
 */
export async function startDetached(command: DetachedCommand): Promise<Detached> {
  const { file, args, cwd, env, output, firstLineMs } = command;
  mkdirSync(output, { recursive: true, mode: 0o700 });
  const place = join(output, randomUUID());
  const [out, error] = [`${place}.out`, `${place}.err`];
  const files = [openSync(out, 'wx', 0o600), openSync(error, 'wx', 0o600)];
  const told = () => ({ stdout: readFileSync(out, 'utf8'), stderr: readFileSync(error, 'utf8') });
  try {
    const child = spawn(file, [...args], { cwd, env: { ...env }, detached: true, stdio: ['ignore', ...files] });
    let ended: { readonly code: number | undefined; readonly message?: string } | undefined;
    child.on('exit', (code) => {
      ended ??= { code: code ?? undefined };
    });
    child.on('error', ({ message }) => {
      ended ??= { code: undefined, message };
    });
    child.unref();
    const deadline = Date.now() + firstLineMs;
    for (;;) {
      const { stdout, stderr } = told();
      const end = stdout.indexOf('\n');
      // One that has ended already is judged by its code: what it printed may be why.
      if (end >= 0 && ended === undefined) await pause(settleMs);
      if (end >= 0 && (ended === undefined || ended.code === 0))
        return { started: true, pid: child.pid ?? 0, line: stdout.slice(0, end) };
      if (ended)
        return { started: false, code: ended.code, ...told(), ...(ended.message && { stderr: ended.message }) };
      if (Date.now() > deadline) {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
        return {
          started: false,
          code: undefined,
          stdout,
          stderr: `${stderr}\nnothing was printed within ${firstLineMs} ms`,
        };
      }
      await pause(everyMs);
    }
  } finally {
    for (const opened of files) closeSync(opened);
    // The program keeps its files open; their names are of no use any more.
    rmSync(out, { force: true });
    rmSync(error, { force: true });
  }
}

const everyMs = 30;
/** Between a refusal that is printed and the end of the process. */
const settleMs = 60;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
