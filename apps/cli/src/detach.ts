import { startDetached } from '@pawl/process';
import { plainText } from '@pawl/report';
import type { Context } from './context.ts';
import { CliError, type ExitName, exitCodes } from './exit.ts';

const beginMs = 60_000;

/** What may not be handed on: the other process has no terminal, and prints events. */
const ours = new Set(['--detach', '--json', '-v', '--verbose', '-q', '--quiet']);

/**
 * Does this command in a process of its own, which goes on when this one and its terminal are gone. Resolves when it has
 * begun; refuses as it does.
 */
export async function detach(context: Context, known: string | undefined, options: { readonly json?: boolean }) {
  const { argv, cwd, env, terminal } = context;
  const [, script = ''] = process.argv;
  const started = await startDetached({
    file: process.execPath,
    args: [...process.execArgv, script, ...argv.filter((word) => !ours.has(word)), '--json'],
    cwd,
    env: Object.fromEntries(
      Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    firstLineMs: beginMs,
    isRefusal: (line) => errorIn(line) !== undefined,
  });
  if (!started.started) throw refusalOf(started.stdout, started.stderr, started.code);
  const told = JSON.parse(started.line) as { readonly run?: unknown; readonly error?: unknown };
  // One that refuses says so in its first line, which may be read before it has ended.
  if (told.error !== undefined) throw refusalOf(started.line, '', exitCodes.usage);
  const run = known ?? String(told.run);
  if (options.json) terminal.print(JSON.stringify({ version: 1, run, pid: started.pid }));
  else
    terminal.say(
      [
        `run ${run} is at work in process ${started.pid}`,
        '',
        `  pawl attach ${run}   see it, steer it, answer it`,
        `  pawl status ${run}   where it stands`,
        `  pawl abort ${run}    stop it`,
      ].join('\n'),
    );
  return exitCodes.passed;
}

function refusalOf(stdout: string, stderr: string, code: number | undefined): CliError {
  const exit = (Object.keys(exitCodes) as ExitName[]).find((name) => exitCodes[name] === code) ?? 'failed';
  const error = errorIn(stdout.trim().split('\n').at(-1) ?? '');
  if (error) return new CliError(exit, error.code, error.message, error.hint);
  return new CliError(exit, 'not-started', plainText(stderr.trim()) || 'the run could not be started');
}

interface Told {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

function errorIn(line: string): Told | undefined {
  try {
    return (JSON.parse(line) as { readonly error?: Told }).error;
  } catch {
    return undefined;
  }
}
