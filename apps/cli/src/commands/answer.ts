import type { Answer } from '@pawl/core';
import { plainLine } from '@pawl/report';
import { answerRun } from '@pawl/runner';
import { openRepository } from '@pawl/worktree';
import { probeHost } from '../compose.ts';
import type { Context } from '../context.ts';
import { shellWord } from '../display/what-next.ts';
import { type DriveView, driveRun } from '../drive.ts';
import { CliError } from '../exit.ts';
import { checkAgents } from '../providers.ts';
import { questionsOf } from '../questions.ts';
import { didYouMean } from '../refusal.ts';
import { readRun, type StoredRun } from '../runs.ts';
import { userName } from '../user-name.ts';

export interface AnswerOptions extends DriveView {
  readonly step?: string;
  readonly comment?: string;
  readonly abort?: boolean;
}

/** What the step has is taken, and the run goes on. */
export const approve = (context: Context, id: string | undefined, options: AnswerOptions): Promise<number> =>
  answer(context, id, options, 'continue');

/** The step is done again with the comment; with `abort` the run is stopped. */
export const reject = (context: Context, id: string | undefined, options: AnswerOptions): Promise<number> =>
  answer(context, id, options, options.abort ? 'abort' : 'retry');

async function answer(
  context: Context,
  id: string | undefined,
  options: AnswerOptions,
  choice: Answer['choice'],
): Promise<number> {
  const { terminal, env } = context;
  const run = await readRun(context, {
    id,
    fits: (status) => status === 'waiting',
    what: 'run that waits for an answer',
  });
  const step = askedStep(run, options.step);
  const { record, state, events } = run;
  const repository = await openRepository(record.repository, { env });
  if (choice !== 'abort')
    await checkAgents(state.plan, await context.providers(repository.root), (provider) => probeHost(provider, env));
  const comment = options.comment?.trim();
  const told = { choice, ...(comment && { comment }), by: userName() };
  if (!options.json) terminal.say(`run ${record.id}, ${plainLine(step)}: ${words[choice]}`);
  return driveRun(context, { repository, id: record.id, past: events }, options, (ports, how) =>
    answerRun(record.id, step, told, ports, how),
  );
}

const words = { continue: 'approved', retry: 'to be done again', abort: 'stopped' } as const;

function askedStep({ record: { id }, state, status }: StoredRun, wanted: string | undefined): string {
  const steps = questionsOf(state).map(({ step }) => step);
  const [first] = steps;
  if (status === 'running')
    throw new CliError(
      'usage',
      'run-busy',
      `run ${id} is at work in another process, which asks by itself`,
      `pawl status ${id}`,
    );
  if (first === undefined)
    throw new CliError('usage', 'not-asking', `run ${id} asks nothing (${status})`, `pawl status ${id}`);
  const fitting = wanted === undefined ? steps : steps.filter((step) => step === wanted || step.endsWith(`/${wanted}`));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const asked = `it asks at ${steps.map(plainLine).join(', ')}`;
  const message =
    only === undefined
      ? `run ${id} asks nothing at ${wanted}${didYouMean(wanted ?? '', steps)} (${asked})`
      : `run ${id} has more than one question: ${asked}`;
  throw new CliError(
    'usage',
    only === undefined ? 'not-asking' : 'ambiguous-step',
    message,
    `give --step ${shellWord(only ?? first)}`,
    {
      candidates: steps,
    },
  );
}
