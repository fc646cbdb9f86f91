import { outstanding, type RunState } from '@pawl/core';
import { plainLine } from '@pawl/report';
import { resumeRun } from '@pawl/runner';
import { openRepository } from '@pawl/worktree';
import { hostFor } from '../compose.ts';
import type { Context } from '../context.ts';
import { detach } from '../detach.ts';
import { type DriveView, driveRun } from '../drive.ts';
import { CliError } from '../exit.ts';
import { checkAgents } from '../providers.ts';
import { questionsOf } from '../questions.ts';
import { readRun, type Standing, type StoredRun } from '../runs.ts';
import { shellWord } from '../shell-word.ts';

const canGoOn: ReadonlySet<Standing> = new Set(['failed', 'aborted', 'interrupted', 'waiting']);

/** Goes on with a run where it stopped: what passed stays, the step that failed begins again. */
export async function resume(context: Context, id: string | undefined, view: DriveView): Promise<number> {
  const { terminal, env } = context;
  const run = await readRun(context, {
    id,
    fits: (status) => canGoOn.has(status),
    what: 'run that can be resumed',
  });
  refuse(run, !view.json && !view.detach && context.stdin?.isTTY === true && terminal.people.terminal);
  const { record, state, events } = run;
  const repository = await openRepository(record.repository, { env });
  await checkAgents(state.plan, await context.providers(repository.root), {
    host: (provider) => hostFor(provider, env),
    warn: (text) => terminal.say(terminal.people.color('yellow', text)),
  });
  if (view.detach) return detach(context, record.id, view);
  if (!view.json) terminal.say(headOf(run));
  return driveRun(context, { repository, id: record.id, past: events }, view, (ports, how) =>
    resumeRun(record.id, ports, how),
  );
}

/** Which run it is, for it may not have been named, and from where it goes on. */
function headOf({ record, status, state }: StoredRun): string {
  const where = placesOf(state);
  const at = where.length === 0 ? '' : ` at ${where.map(plainLine).join(', ')}`;
  const what =
    status === 'failed' ? `which failed${at}` : `which was ${status === 'aborted' ? 'stopped' : status}${at}`;
  return `resuming run ${record.id} (${plainLine(record.workflow)}, ${plainLine(record.spec)}), ${what}`;
}

function placesOf(state: RunState): readonly string[] {
  if (state.failure?.step) return [state.failure.step];
  return [...new Set(outstanding(state).map(({ step }) => step))].filter((step) => step !== '').slice(0, 3);
}

function refuse({ record: { id }, status, state }: StoredRun, answers: boolean): void {
  if (status === 'passed')
    throw new CliError(
      'usage',
      'not-resumable',
      `run ${id} has passed: there is nothing to resume`,
      `pawl apply ${id}`,
    );
  if (status === 'running' || status === 'stopping')
    throw new CliError(
      'usage',
      'run-busy',
      `run ${id} is at work in another process: one writer per run`,
      `pawl status ${id}`,
    );
  if (status !== 'waiting' || answers) return;
  const steps = questionsOf(state).map(({ step }) => step);
  const step = steps.length > 1 ? ` --step ${shellWord(steps[0] ?? '')}` : '';
  throw new CliError(
    'waiting',
    'waiting',
    `run ${id} waits for an answer at ${steps.map(plainLine).join(', ')}, and there is no terminal to ask at`,
    `pawl approve ${id}${step}`,
    { run: id, steps },
  );
}
