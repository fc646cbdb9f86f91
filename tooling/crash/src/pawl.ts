import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Shop } from './shop.ts';

const cli = join(import.meta.dirname, '../../../apps/cli');
/** As it is shipped; with `--conditions=@pawl/source` from its sources. */
const conditions = process.execArgv.filter((word) => word.startsWith('--conditions='));
const program = conditions.length === 0 ? [join(cli, 'bin/pawl.js')] : [...conditions, join(cli, 'src/main.ts')];
const die = join(import.meta.dirname, 'die.ts');
const deadlineMs = 120_000;

/** When a process of pawl is to die: at an append to its record, or after so many milliseconds. */
export type Kill =
  | { readonly at: 'before' | 'after'; readonly append: number }
  | { readonly at: 'time'; readonly ms: number };

export interface Ended {
  readonly code: number | null;
  readonly killed: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built program, which may be killed on the way: its process alone, as `kill -9` does. */
export function pawl({ repository, env }: Shop, args: readonly string[], kill?: Kill, count?: string): Promise<Ended> {
  const crash =
    count === undefined ? (kill && kill.at !== 'time' ? `${kill.at}:${kill.append}` : '') : `count:${count}`;
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', die, ...program, ...args],
    {
      cwd: repository,
      env: { ...env, PAWL_CRASH: crash },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const out: string[] = [];
  const error: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => error.push(text));
  const timer = kill?.at === 'time' ? setTimeout(() => child.kill('SIGKILL'), kill.ms) : undefined;
  let late = false;
  const deadline = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, deadlineMs);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    // Its orphans may hold the pipes: they end with its process, not with the last who has them.
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      clearTimeout(deadline);
      setImmediate(() => {
        child.stdout.destroy();
        child.stderr.destroy();
        const told = { code, killed: signal === 'SIGKILL', stdout: out.join(''), stderr: error.join('') };
        if (late) reject(new Error(`pawl ${args.join(' ')} was not done after ${deadlineMs} ms\n${told.stderr}`));
        else resolve(told);
      });
    });
  });
}
