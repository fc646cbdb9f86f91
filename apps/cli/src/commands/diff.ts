import { displayWidth, pad, plainLine } from '@pawl/report';
import { diffBetween, openRepository } from '@pawl/worktree';
import type { Context } from '../context.ts';
import { coloredPatch } from '../display/diff-lines.ts';
import { exitCodes } from '../exit.ts';
import { readRun, type StoredRun } from '../runs.ts';
import { stepOf } from '../step-of.ts';
import type { Screen } from '../terminal.ts';

export interface DiffOptions {
  readonly stat?: boolean;
  /** Instead: the newest attempt of this step. */
  readonly step?: string;
  readonly json?: boolean;
}

/** What the passed steps of a run changed, as a patch. */
export async function diff(context: Context, id: string | undefined, options: DiffOptions): Promise<number> {
  const { terminal, env } = context;
  const run = await readRun(context, { id });
  const repository = await openRepository(run.record.repository, { env });
  const [from, to] = options.step === undefined ? [run.record.baseCommit, run.head] : ofStep(run, options.step);
  const changes = await diffBetween(repository, from, to);
  if (options.json) terminal.print(JSON.stringify({ version: 1, run: run.record.id, ...changes }));
  else if (changes.files.length === 0)
    terminal.say(`${options.step ?? `run ${run.record.id}`} has changed nothing so far`);
  else if (options.stat) for (const line of statLines(changes, terminal.data)) terminal.print(line);
  // In a pipe it stays a patch that git can apply, whatever it holds.
  else terminal.print(terminal.data.terminal ? coloredPatch(changes.diff, terminal.data) : changes.diff);
  return exitCodes.passed;
}

function ofStep(run: StoredRun, wanted: string): readonly [string, string] {
  const { before, checkpoint } = run.state.steps[stepOf(run, wanted)] ?? {};
  const base = before ?? run.record.baseCommit;
  return [base, checkpoint?.commit ?? base];
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
