import { relative, resolve } from 'node:path';
import { replayOf } from '@pawl/core';
import { plainLine } from '@pawl/report';
import { startRun } from '@pawl/runner';
import type { StepEdit } from '@pawl/workflow-schema';
import { openRepository } from '@pawl/worktree';
import { hostFor } from '../compose.ts';
import { shelvesOf } from '../config/shelves.ts';
import type { Context } from '../context.ts';
import { detach } from '../detach.ts';
import { type DriveView, driveRun } from '../drive.ts';
import { CliError } from '../exit.ts';
import { checkAgents } from '../providers.ts';
import { replayPlan } from '../replay-plan.ts';
import { newRunId } from '../run-id.ts';
import { readRun, type Standing, type StoredRun } from '../runs.ts';
import { shellWord } from '../shell-word.ts';
import { readTextFile, whyNot } from '../text-file.ts';

export interface ReplayOptions extends DriveView {
  readonly fromStep?: string;
  readonly editPrompt?: string;
  readonly agent?: string;
}

const atWork: ReadonlySet<Standing> = new Set(['running', 'stopping']);

/** Does a part of a run again, in a run and a worktree of its own: from the state before a step. */
export async function replay(context: Context, id: string | undefined, options: ReplayOptions): Promise<number> {
  const { terminal, env, cwd } = context;
  const run = await readRun(context, {
    id,
    fits: (status) => !atWork.has(status),
    what: 'run that can be replayed',
  });
  const found = replayFrom(run, options.fromStep);
  const { record } = run;
  const repository = await openRepository(record.repository, { env });
  const providers = await context.providers(repository.root);
  const edit = await editOf(options, cwd);
  const shelves = shelvesOf(repository.root, context.places);
  const { plan, notes } = await replayPlan(repository.root, shelves, providers, found.plan, found.address, edit);
  await checkAgents(plan, providers, {
    host: (provider) => hostFor(provider, env),
    warn: (text) => terminal.say(terminal.people.color('yellow', text)),
  });
  if (options.detach) return detach(context, undefined, options);
  const next = newRunId();
  if (!options.json) {
    for (const note of notes) terminal.say(terminal.people.color('yellow', `note: ${plainLine(note)}`));
    terminal.say(
      `replaying run ${record.id} (${plainLine(record.workflow)}, ${plainLine(record.spec)}) from ${plainLine(found.from.step)} as run ${next}`,
    );
  }
  const { from } = found;
  return driveRun(context, { repository, id: next, past: [] }, options, (ports, how) =>
    startRun(next, plan, ports, { ...how, from }),
  );
}

/** Refuses a step that is none, with those that there are. */
function replayFrom({ record: { id }, status, events, state }: StoredRun, fromStep: string | undefined) {
  if (atWork.has(status))
    throw new CliError('usage', 'run-busy', `run ${id} is at work: stop it or wait for its end`, `pawl abort ${id}`);
  const fatal = state.failure?.step;
  if (fromStep === undefined)
    throw new CliError(
      'usage',
      'no-step',
      'a replay needs the step that it begins at',
      `pawl replay ${id} --from-step ${fatal ? shellWord(fatal) : '<step>'}`,
    );
  const found = replayOf(events, fromStep);
  if (found.ok) return found;
  const { code, message, candidates } = found;
  const [first] = candidates;
  const hint = first === undefined ? `pawl report ${id}` : `pawl replay ${id} --from-step ${shellWord(first)}`;
  throw new CliError('usage', code, `run ${id} cannot be replayed from there: ${message}`, hint, {
    candidates: [...candidates],
  });
}

const maxPromptBytes = 1024 * 1024;

async function editOf({ editPrompt, agent }: ReplayOptions, cwd: string): Promise<StepEdit | undefined> {
  if (editPrompt === undefined && agent === undefined) return undefined;
  if (editPrompt === undefined) return { ...(agent !== undefined && { agent }) };
  const read = await readTextFile(resolve(cwd, editPrompt), maxPromptBytes);
  if (read.found !== 'text')
    throw new CliError('usage', 'no-prompt', `cannot read the prompt ${editPrompt}: ${whyNot(read, '1 MB')}`);
  if (!read.text.trim()) throw new CliError('usage', 'empty-prompt', `the prompt ${editPrompt} is empty`);
  const file = relative(cwd, resolve(cwd, editPrompt)) || editPrompt;
  return { prompt: { text: read.text, file }, ...(agent !== undefined && { agent }) };
}
