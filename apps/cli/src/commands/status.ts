import { plainLine, stepLine, stepsOf, toJson, verdictLine } from '@pawl/report';
import { openRepository } from '@pawl/worktree';
import type { Context } from '../context.ts';
import { patchExcerpt } from '../display/diff-lines.ts';
import { asLine } from '../display/lines.ts';
import { evidenceLines } from '../display/question.ts';
import { asItStands } from '../display/standing.ts';
import { whatNext } from '../display/what-next.ts';
import { exitCodes } from '../exit.ts';
import { questionsOf } from '../questions.ts';
import { readRun, type StoredRun } from '../runs.ts';
import { shellWord } from '../shell-word.ts';
import { stepDiff } from '../step-diff.ts';

/** Where a run stands: the newest of this repository, or the named one. */
export async function status(
  context: Context,
  id: string | undefined,
  options: { readonly json?: boolean },
): Promise<number> {
  const { terminal } = context;
  const run = await readRun(context, { id });
  const { report } = run;
  if (options.json) {
    const questions = questionsOf(run.state).map(({ step, attempt, question, tree }) => ({
      ...{ step, attempt, question },
      ...(tree !== undefined && { tree }),
    }));
    terminal.print(JSON.stringify({ ...toJson(report), status: run.status, ...(questions[0] && { questions }) }));
    return exitCodes.passed;
  }
  const left = run.status === 'interrupted' || run.status === 'waiting';
  const { room, color } = terminal.data;
  const now = (left ? report.updatedAt : undefined) ?? Date.now();
  const style = { width: room, color, now };
  const stepsIn = new Map([...stepsOf(report.steps)].map((step) => [step.path, step]));
  const steps = [...stepsIn.values()].filter((step) => step.status !== 'pending');
  const verdict = verdictLine(report, style);
  const asked = await Promise.all(
    questionsOf(run.state).map(async (question) => ({ ...question, diff: await diffOf(context, run, question.step) })),
  );
  terminal.print(
    [
      `run ${run.record.id}`,
      ...steps.map((step) => stepLine(asLine(step), style)),
      asItStands(verdict, run.status),
      ...asked.flatMap(({ step, question, diff }) => [
        `${plainLine(step)} asks ${question === 'before_gate' ? 'before its gates run' : 'after its gates'}`,
        ...evidenceLines(step, stepsIn.get(step), run.state, terminal.data),
        ...patchExcerpt(diff, terminal.data, 16, `pawl diff ${run.record.id} --step ${shellWord(step)}`),
      ]),
    ].join('\n'),
  );
  if (left) terminal.say(whatNext(run.state));
  return exitCodes.passed;
}

/** Status is told also where the repository is gone. */
const diffOf = (context: Context, { record, state }: StoredRun, step: string): Promise<string> =>
  openRepository(record.repository, { env: context.env })
    .then((repository) => stepDiff(repository, state, step))
    .catch(() => '');
