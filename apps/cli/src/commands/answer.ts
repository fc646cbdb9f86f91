import type { Answer } from '@pawl/core';
import { plainLine } from '@pawl/report';
import { answerRun } from '@pawl/runner';
import { openRepository } from '@pawl/worktree';
import { hostFor, openStoreToRead } from '../compose.ts';
import type { Context } from '../context.ts';
import { detach } from '../detach.ts';
import { type DriveView, driveRun } from '../drive.ts';
import { CliError, exitCodes } from '../exit.ts';
import { checkAgents } from '../providers.ts';
import { type Question, questionsOf } from '../questions.ts';
import { didYouMean } from '../refusal.ts';
import { readRun, type StoredRun } from '../runs.ts';
import { shellWord } from '../shell-word.ts';
import { steer } from '../steer.ts';
import { userName } from '../user-name.ts';

export interface AnswerOptions extends DriveView {
  readonly run?: string;
  readonly step?: string;
  readonly comment?: string;
  readonly abort?: boolean;
  readonly edited?: boolean;
  readonly tree?: string;
  readonly choice?: string;
}

/** `edited`: the files as they are now. The others take what was asked about, and nothing else. */
type Choice = Answer['choice'] | 'edited';
type Answering = (context: Context, id: string | undefined, options: AnswerOptions) => Promise<number>;

/** What the step has is taken, and the run goes on; an interrupted turn goes on in its conversation. */
export const approve: Answering = (context, id, options) =>
  give(context, id, options, options.edited ? 'edited' : 'continue');

/** The step is done again with the comment, an interrupted turn in a new conversation; with `abort` the run is stopped. */
export const reject: Answering = (context, id, options) =>
  give(context, id, options, options.abort ? 'abort' : 'retry');

export const answer: Answering = (context, id, options) => {
  const choice = options.choice ?? '';
  if (isChoice(choice)) return give(context, id, options, choice);
  const message = `--choice takes ${choices.join(', ')}, not ${choice || 'nothing'}${didYouMean(choice, choices)}`;
  throw new CliError('usage', 'bad-choice', message, 'pawl help answer');
};

const choices = ['continue', 'retry', 'edited', 'abort'] as const;
const isChoice = (word: string): word is Choice => choices.some((choice) => choice === word);

async function give(
  context: Context,
  named: string | undefined,
  options: AnswerOptions,
  choice: Choice,
): Promise<number> {
  const { terminal, env } = context;
  const id = named ?? options.run;
  const run = await readRun(context, {
    id,
    fits: async (status, stateOf) =>
      status === 'waiting' ||
      ((status === 'running' || status === 'interrupted') && questionsOf(await stateOf()).length > 0),
    what: 'run that waits for an answer',
  });
  const question = askedAt(run, options.step);
  const { step } = question;
  const { record, state, events } = run;
  const comment = options.comment?.trim();
  if (choice === 'edited' && options.tree !== undefined)
    throw new CliError('usage', 'bad-option', '--edited and --tree exclude each other', 'pawl help approve');
  if (choice === 'continue' && options.tree !== undefined && options.tree !== question.tree)
    throw new CliError(
      'waiting',
      'answer-void',
      `the files of ${step} in run ${record.id} are not those that the answer names: look again`,
      `pawl status ${record.id}`,
    );
  const told: Answer = {
    choice: choice === 'edited' ? 'continue' : choice,
    ...(choice === 'continue' && question.tree !== undefined && { tree: question.tree }),
    ...(comment && { comment }),
    by: userName(env),
  };
  if (run.status === 'running') return tellHolder(context, record.id, question, told, options);
  const repository = await openRepository(record.repository, { env });
  if (choice !== 'abort')
    await checkAgents(state.plan, await context.providers(repository.root), {
      host: (provider) => hostFor(provider, env),
      warn: (text) => terminal.say(terminal.people.color('yellow', text)),
    });
  if (options.detach) return detach(context, record.id, options);
  if (!options.json) terminal.say(`run ${record.id}, ${plainLine(step)}: ${wordsOf(question)[told.choice]}`);
  return driveRun(context, { repository, id: record.id, past: events }, options, (ports, how) =>
    answerRun(record.id, step, told, ports, how),
  );
}

/** The process that asks at its own terminal goes on with the answer. */
async function tellHolder(
  context: Context,
  run: string,
  question: Question,
  told: Answer,
  options: AnswerOptions,
): Promise<number> {
  const { terminal } = context;
  const { step } = question;
  const store = openStoreToRead(context);
  try {
    if (store) await steer(store, run, { type: 'answer', step, answer: told });
  } finally {
    await store?.close();
  }
  if (options.json) terminal.print(JSON.stringify({ version: 1, run, step, answer: told }));
  else
    terminal.say(
      `run ${run}, ${plainLine(step)}: ${wordsOf(question)[told.choice]}\n\n  pawl attach ${run}   see it go on`,
    );
  return exitCodes.passed;
}

const wordsOf = ({ question }: Question) =>
  question === 'interrupted'
    ? ({ continue: 'its turn goes on', retry: 'its turn begins anew', abort: 'stopped' } as const)
    : ({ continue: 'approved', retry: 'to be done again', abort: 'stopped' } as const);

function askedAt({ record: { id }, state, status }: StoredRun, wanted: string | undefined): Question {
  const questions = questionsOf(state);
  const steps = questions.map(({ step }) => step);
  const [first] = steps;
  if (first === undefined)
    throw new CliError('usage', 'not-asking', `run ${id} asks nothing (${status})`, `pawl status ${id}`);
  const fitting = wanted === undefined ? steps : steps.filter((step) => step === wanted || step.endsWith(`/${wanted}`));
  const [only] = fitting;
  const question = questions.find(({ step }) => step === only);
  if (question && fitting.length === 1) return question;
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
