import { displayWidth, pad, plainLine, plainText } from '@pawl/report';
import { diffBetween, openRepository } from '@pawl/worktree';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit.ts';
import { readRun } from '../runs.ts';
import type { Screen } from '../terminal.ts';

export interface DiffOptions {
  readonly stat?: boolean;
  readonly json?: boolean;
}

/** What the passed steps of a run changed, as a patch. */
export async function diff(context: Context, id: string | undefined, options: DiffOptions): Promise<number> {
  const { terminal, env } = context;
  const run = await readRun(context, { id });
  const repository = await openRepository(run.record.repository, { env });
  const changes = await diffBetween(repository, run.record.baseCommit, run.head);
  if (options.json) terminal.print(JSON.stringify({ version: 1, run: run.record.id, ...changes }));
  else if (changes.files.length === 0) terminal.say(`run ${run.record.id} has changed nothing so far`);
  else if (options.stat) for (const line of statLines(changes, terminal.data)) terminal.print(line);
  // In a pipe it stays a patch that git can apply, whatever it holds.
  else terminal.print(terminal.data.terminal ? colored(changes.diff, terminal.data) : changes.diff);
  return exitCodes.passed;
}

function statLines({ files, insertions, deletions }: Awaited<ReturnType<typeof diffBetween>>, screen: Screen) {
  const paths = files.map((file) => plainLine(file.path));
  const wide = Math.min(Math.max(...paths.map(displayWidth)), Math.max(10, screen.width - 26));
  const lines = files.map((file, index) => {
    const counts = file.insertions === undefined ? 'binary' : `+${file.insertions} -${file.deletions ?? 0}`;
    return screen.line(`${file.change.padEnd(8)}  ${pad(paths[index] ?? '', wide)}  ${counts}`);
  });
  return [...lines, `${files.length === 1 ? '1 file' : `${files.length} files`}, +${insertions} -${deletions}`];
}

function colored(patch: string, { color }: Screen): string {
  return plainText(patch)
    .split('\n')
    .map((line) => {
      if (/^(diff|index|---|\+\+\+|new file|deleted file|old mode|new mode|similarity) ?/.test(line))
        return color('bold', line);
      if (line.startsWith('@@')) return color('cyan', line);
      if (line.startsWith('+')) return color('green', line);
      return line.startsWith('-') ? color('red', line) : line;
    })
    .join('\n');
}
