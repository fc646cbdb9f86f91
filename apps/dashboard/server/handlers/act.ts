import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Control } from '@pawl/core';
import { steerRun } from '@pawl/session-store';
import type { Acted } from '../../wire.ts';
import { badRequest, DashboardError } from '../errors.ts';
import type { House } from '../house.ts';
import { type Answer, ok, type Request } from '../http.ts';
import { stepOf } from '../runs/attempts.ts';
import type { OpenRun } from '../runs/cache.ts';
import { shellWord } from '../runs/offers.ts';
import { holderLives } from '../runs/standing.ts';
import { applyWords } from './changes.ts';
import { runId } from './run.ts';

type Body = Readonly<Record<string, unknown>>;

/** Does one thing to a run, and notes who asked for it. */
export async function act(house: House, { params, body, user }: Request): Promise<Answer> {
  const id = runId(params.run);
  const run = await house.runs.open(id);
  const asked = (body ?? {}) as Body;
  const note = (outcome: string, command?: string): void =>
    house.audit.note({
      user: user.name,
      role: user.role,
      action: String(asked.action),
      on: id,
      outcome,
      ...(command !== undefined && { command }),
    });
  try {
    const acted = await perform(house, run, asked, user.name);
    note(acted.how, acted.command);
    return ok(acted);
  } catch (error) {
    note(`refused: ${DashboardError.is(error) ? error.message : 'an error'}`);
    throw error;
  }
}

async function perform(house: House, run: OpenRun, body: Body, by: string): Promise<Acted> {
  const { record, held } = run;
  const { id, repository } = record;
  const steer = (control: Control, command: string, text: string) => steered(house, id, control, { command, text });
  switch (body.action) {
    case 'approve':
    case 'reject': {
      const step = stepPath(run, body.step);
      const comment = optionalText(body.comment, 'comment');
      const choice = body.action === 'approve' ? 'continue' : 'retry';
      const said = comment === undefined ? [] : [`--comment=${comment}`];
      const command = `pawl ${body.action} ${id} --step ${shellWord(step)}${comment === undefined ? '' : ` --comment ${shellWord(comment)}`}`;
      const answer = { choice, by, ...(comment !== undefined && { comment }) } as const;
      const text = choice === 'continue' ? 'approved' : 'to be done again';
      if (held) return steer({ type: 'answer', step, answer }, command, text);
      await house.pawl.begin([body.action, id, `--step=${step}`, ...said], repository);
      return { how: 'started', command, text };
    }
    case 'abort':
      if (held)
        return steer({ type: 'abort', by, reason: `asked by ${by}` }, `pawl abort ${id}`, 'it is being stopped');
      await house.pawl.call(['abort', id], repository, { timeoutMs: 180_000 });
      return { how: 'done', command: `pawl abort ${id}`, text: 'it has been stopped' };
    case 'abort-step': {
      const step = stepPath(run, body.step);
      return steer(
        { type: 'abort-step', step, by },
        `pawl abort ${id} --step ${shellWord(step)}`,
        `${step} is being stopped`,
      );
    }
    case 'pause':
      return steer({ type: 'pause', wanted: true, by }, `pawl pause ${id}`, 'it asks at the end of the next step');
    case 'resume':
      if (held)
        return steer({ type: 'pause', wanted: false, by }, `pawl pause ${id} --off`, 'it goes on without asking');
      await house.pawl.begin(['resume', id], repository);
      return { how: 'started', command: `pawl resume ${id}`, text: 'it goes on' };
    case 'replay':
      return replay(house, run, body);
    case 'apply': {
      const words = applyWords(id, body.how);
      const told = (await house.pawl.call(words, repository)) as {
        readonly branch?: string;
        readonly commits?: number;
      };
      return {
        how: 'done',
        command: `pawl ${words.join(' ')}`,
        text: `${told.commits ?? 0} commits are on ${told.branch ?? 'the branch'}`,
      };
    }
    case 'undo': {
      const { checkpoint } = body;
      if (typeof checkpoint !== 'string' || !/^[0-9a-f]{40,64}$/.test(checkpoint))
        throw badRequest('a checkpoint is named by its commit');
      const told = (await house.pawl.call(['undo', checkpoint, '--run', id], repository)) as {
        readonly branch?: string;
      };
      return {
        how: 'done',
        command: `pawl undo ${checkpoint.slice(0, 12)} --run ${id}`,
        text: `it is back as the branch ${told.branch ?? ''}`,
      };
    }
    default:
      throw badRequest('this is no action');
  }
}

/** The process that has the run in hand is asked. */
async function steered(house: House, run: string, control: Control, told: Omit<Acted, 'how'>): Promise<Acted> {
  const end = await steerRun(house.store.runs, run, control, { isAlive: holderLives });
  if (end.done) return { how: 'requested', ...told };
  throw new DashboardError(409, 'refused', end.message, end.code === 'not-at-work' ? `pawl status ${run}` : undefined);
}

async function replay(house: House, run: OpenRun, body: Body): Promise<Acted> {
  const { id, repository } = run.record;
  const step = stepPath(run, body.step);
  const agent = optionalText(body.agent, 'agent');
  if (agent !== undefined && !/^[A-Za-z0-9][\w.-]*$/.test(agent))
    throw badRequest('this cannot be the name of an agent');
  const prompt = optionalText(body.prompt, 'prompt');
  const file = prompt === undefined ? undefined : writeText(house, prompt);
  const words = ['replay', id, `--from-step=${step}`, ...(agent === undefined ? [] : [`--agent=${agent}`])];
  const begun = await house.pawl.begin(
    [...words, ...(file === undefined ? [] : [`--edit-prompt=${file}`])],
    repository,
  );
  const made = (begun as { readonly run?: string }).run;
  const edited = file === undefined ? '' : ' --edit-prompt prompt.md';
  const command = `pawl replay ${id} --from-step ${shellWord(step)}${agent === undefined ? '' : ` --agent ${agent}`}${edited}`;
  return { how: 'started', command, text: `it runs again from ${step}`, ...(made !== undefined && { run: made }) };
}

/** A text of the page, as a file of the dashboard's own. */
export function writeText(house: Pick<House, 'folder'>, text: string): string {
  const folder = join(house.folder, 'texts');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${randomUUID()}.md`);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

function stepPath({ folded }: OpenRun, path: unknown): string {
  if (typeof path !== 'string') throw badRequest('which step?');
  return stepOf(folded, path).path;
}

const mostText = 100_000;

export function optionalText(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.length > mostText)
    throw badRequest(`${name} is a text of at most ${mostText} characters`);
  return value.trim() === '' ? undefined : value.trim();
}
