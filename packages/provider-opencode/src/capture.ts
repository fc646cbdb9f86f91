import type { Command, Exit, Host } from '@pawl/provider';
import { refuse } from '@pawl/provider-kit';
import { quiet } from './environment.ts';

/** The OpenCode to ask. */
export interface Cli {
  readonly binary: string;
  /** What it is to see: within a turn more than the host has. */
  readonly env: Readonly<Record<string, string>>;
}

export interface Captured {
  readonly text: string;
  readonly exit: Exit;
}

/** OpenCode ends before a pipe has taken all it wrote, which cuts its longer answers off. A file takes everything. */
const byFile = [
  `f=$(mktemp) || exit 1`,
  `trap 'rm -f "$f"' EXIT`,
  `trap 'exit 143' TERM INT HUP`,
  `"$@" >"$f"`,
  `code=$?`,
  `cat "$f"`,
  `exit $code`,
].join('\n');

/** What one of OpenCode's own commands (`export`, `session list`) prints, whole. */
export async function capture(host: Host, cli: Cli, args: readonly string[], more: Placed): Promise<Captured> {
  const all = printed(host, cli, args, more);
  const lines: string[] = [];
  for (;;) {
    const next = await all.next();
    if (next.done) return { text: lines.join('\n'), exit: next.value };
    lines.push(next.value);
  }
}

type Placed = Pick<Command, 'cwd' | 'files'>;

/** The same line by line. */
export async function* printed(
  host: Host,
  { binary, env: seen }: Cli,
  args: readonly string[],
  more: Placed,
): AsyncGenerator<string, Exit> {
  const words = [binary, ...args];
  const env = { ...seen, ...quiet(seen) };
  const shell = yield* run(host, { file: 'sh', args: ['-c', byFile, 'sh', ...words], env, ...more });
  // Without a shell: a long answer may be cut, which whoever reads it finds out.
  const exit = shell.error ? yield* run(host, { file: binary, args, env, ...more }) : shell;
  if (exit.error || exit.code === 127) throw refuse('not-installed', `There is no program ${binary} on PATH.`);
  return exit;
}

async function* run(host: Host, command: Command): AsyncGenerator<string, Exit> {
  const child = host.spawn(command);
  try {
    for await (const { text } of child.lines) yield text;
    return await child.exit;
  } finally {
    await child.stop();
  }
}
