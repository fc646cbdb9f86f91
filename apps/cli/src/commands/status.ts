import { sweepMarked } from '@pawl/process';
import { askedWhen, baseFact, plainLine, stepLine, stepsOf, toJson, verdictLine } from '@pawl/report';
import { endOrphans } from '@pawl/runner';
import { openRepository } from '@pawl/worktree';
import { openStoreToRead } from '../compose.ts';
import type { Context } from '../context.ts';
import { patchExcerpt } from '../display/diff-lines.ts';
import { asLine } from '../display/lines.ts';
import { evidenceLines } from '../display/question.ts';
import { asItStands } from '../display/standing.ts';
import { whatNext } from '../display/what-next.ts';
import { exitCodes } from '../exit.ts';
import { takeLease } from '../lease.ts';
import { questionsOf } from '../questions.ts';
import { readRun, type StoredRun } from '../runs.ts';
import { shellWord } from '../shell-word.ts';
import { withStaleness } from '../staleness.ts';
import { stepDiff } from '../step-diff.ts';

/** Where a run stands: the newest of this repository, or the named one. */
export async function status(
  context: Context,
  id: string | undefined,
  options: { readonly json?: boolean },
): Promise<number> {
  const { terminal } = context;
  const run = await readRun(context, { id });
  const report = await withStaleness(context, run);
  const ended = run.status === 'interrupted' ? await sweep(context, run) : 0;
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
      ...(report.base.behind ? [`base ${baseFact(report.base)}`] : []),
      ...asked.flatMap(({ step, question, diff }) => [
        `${plainLine(step)} waits for you ${askedWhen[question]}`,
        ...evidenceLines(step, stepsIn.get(step), run.state, terminal.data),
        ...patchExcerpt(diff, terminal.data, 16, `pawl diff ${run.record.id} --step ${shellWord(step)}`),
      ]),
    ].join('\n'),
  );
  if (ended > 0)
    terminal.say(
      `\n${ended === 1 ? '1 process' : `${ended} processes`} that it had left running ${ended === 1 ? 'was' : 'were'} ended`,
    );
  if (left) terminal.say(whatNext(run.state));
  return exitCodes.passed;
}

/** What a run whose process died has left running works for nobody. Not while somebody is taking the run up. */
async function sweep(context: Context, { record, state }: StoredRun): Promise<number> {
  const store = openStoreToRead(context);
  const lease = await (store && takeLease(store, record.id).catch(() => undefined));
  try {
    return lease ? await endOrphans(state, sweepMarked) : 0;
  } finally {
    await lease?.release();
    store?.close();
  }
}

/** Status is told also where the repository is gone. */
const diffOf = (context: Context, { record, state }: StoredRun, step: string): Promise<string> =>
  openRepository(record.repository, { env: context.env })
    .then((repository) => stepDiff(repository, state, step))
    .catch(() => '');
