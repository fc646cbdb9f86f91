import { runCommand, startDetached } from '@pawl/process';
import { DashboardError } from '../errors.ts';
import type { User } from '../http.ts';
import { owner } from '../safety/tokens.ts';

/**
 * The command line, by which everything is done: the page shows the command, and exactly that runs. Arguments are
 * ids that were looked up, words of ours, and values behind a `=` of their own.
 */
export interface Pawl {
  /** Runs a command with `--json` to its end and answers what it printed; a refusal of pawl's is one of ours. */
  call(args: readonly string[], cwd: string, options?: CallOptions): Promise<unknown>;
  /** Starts a command that goes on without us. Resolves with its first line when it has begun. */
  begin(args: readonly string[], cwd: string, options?: Pick<CallOptions, 'by'>): Promise<unknown>;
}

export interface CallOptions {
  readonly timeoutMs?: number;
  /** Who asked for it: runs and answers are theirs. The owner of the dashboard is who started it. */
  readonly by?: Pick<User, 'name'>;
}

export interface PawlOptions {
  /** The program and what comes before our arguments. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

const mostOutputBytes = 64 * 1024 * 1024;
const beginMs = 60_000;

export function createPawl({ command, env }: PawlOptions): Pawl {
  const [file = 'pawl', ...before] = command;
  const environment = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
  const envOf = (by: CallOptions['by']) =>
    by === undefined || by.name === owner ? environment : { ...environment, PAWL_OWNER: by.name };
  const run = async (args: readonly string[], cwd: string, { timeoutMs = 60_000, by }: CallOptions) => {
    const result = await runCommand({
      file,
      args: [...before, ...args],
      cwd,
      env: envOf(by),
      timeoutMs,
      maxOutputBytes: mostOutputBytes,
    });
    if (result.error)
      throw new DashboardError(
        503,
        'pawl-missing',
        `pawl cannot be started: ${result.error.message}`,
        'npm install -g pawl',
      );
    if (result.timedOut)
      throw new DashboardError(504, 'pawl-failed', `pawl ${args[0]} did not end within ${timeoutMs / 1000} s`);
    return result;
  };
  return {
    async call(args, cwd, options = {}) {
      const { code, signal, stdout, stderr } = await run([...args, '--json'], cwd, options);
      const told = lastJson(stdout);
      if (code === 0 && told !== undefined) return told;
      // `workflows check` ends with 2 and tells what is wrong as data.
      if (told !== undefined && errorIn(told) === undefined) return told;
      throw refusalIn(told, stderr, `ended with ${signal ?? code}`);
    },
    async begin(args, cwd, { by } = {}) {
      const begun = await startDetached({
        file,
        args: [...before, ...args, '--json'],
        cwd,
        env: envOf(by),
        firstLineMs: beginMs,
        isRefusal: (line) => errorIn(lastJson(line)) !== undefined,
      });
      // One that refuses says so in its first line, which may be read before it has ended.
      const told = lastJson(begun.started ? begun.line : begun.stdout);
      if (begun.started && errorIn(told) === undefined) return told;
      const [stderr, what] = begun.started ? ['', 'refused'] : [begun.stderr, `ended with ${begun.code}`];
      throw refusalIn(told, stderr, what);
    },
  };
}

function lastJson(text: string): unknown {
  try {
    return JSON.parse(text.trimEnd().split('\n').at(-1) ?? '');
  } catch {
    return undefined;
  }
}

interface Told {
  readonly code?: string;
  readonly message?: string;
  readonly hint?: string;
}
const errorIn = (told: unknown): Told | undefined => (told as { readonly error?: Told } | undefined)?.error;

function refusalIn(told: unknown, stderr: string, what: string): DashboardError {
  const error = errorIn(told);
  const message = error?.message ?? (stderr.trim().slice(-2000) || `pawl ${what} and told nothing`);
  return new DashboardError(409, 'refused', message, error?.hint);
}
