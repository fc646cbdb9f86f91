import { spawn } from 'node:child_process';

export interface DetachedCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** How long its first line may take. */
  readonly firstLineMs: number;
  /** Of a first line with which it says why it does not begin: its end is awaited then. */
  readonly isRefusal?: (line: string) => boolean;
}

/** `started`: it has printed a line and goes on by itself. Otherwise it ended before, or was stopped at the deadline. */
export type Detached =
  | { readonly started: true; readonly pid: number; readonly line: string }
  | { readonly started: false; readonly code: number | undefined; readonly stdout: string; readonly stderr: string };

/** Of what it prints before it begins, so much is kept. */
const mostKept = 1024 * 1024;

/**
 * Starts a program that is meant to outlive this one, in a session of its own, and waits until it has printed its first
 * line. From then on nobody reads what it prints, and nothing of it is kept: it must go on where its output is closed
 * (`EPIPE`). Never rejects for what the program does.
 */
export async function startDetached(command: DetachedCommand): Promise<Detached> {
  const { file, args, cwd, env, firstLineMs, isRefusal = () => false } = command;
  const child = spawn(file, [...args], { cwd, env: { ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const { stdout, stderr } = child;
  let [out, error] = ['', ''];
  try {
    return await new Promise<Detached>((resolve) => {
      const fail = (code: number | undefined, why: string): void =>
        resolve({ started: false, code, stdout: out, stderr: why });
      const timer = setTimeout(() => {
        if (child.pid !== undefined) stopGroup(child.pid);
        fail(undefined, `${error}\nnothing was printed within ${firstLineMs} ms`);
      }, firstLineMs);
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        act();
      };
      stdout.setEncoding('utf8').on('data', (text: string) => {
        out = (out + text).slice(0, mostKept);
        const end = out.indexOf('\n');
        const line = out.slice(0, end);
        if (end >= 0 && !isRefusal(line)) settle(() => resolve({ started: true, pid: child.pid ?? 0, line }));
      });
      stderr.setEncoding('utf8').on('data', (text: string) => {
        error = (error + text).slice(-mostKept);
      });
      child.on('error', ({ message }) => settle(() => fail(undefined, message)));
      child.on('close', (code) => settle(() => fail(code ?? undefined, error)));
    });
  } finally {
    stdout.destroy();
    stderr.destroy();
    child.unref();
  }
}

/** It may be gone already. */
function stopGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {}
}
