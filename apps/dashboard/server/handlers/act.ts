import type { Control } from '@pawl/core';
import { steerRun } from '@pawl/session-store';
import type { Acted, Action } from '../../wire.ts';
import { readAction } from '../acting/asked.ts';
import { typed, wordsOf } from '../acting/words.ts';
import { badRequest, DashboardError } from '../errors.ts';
import type { House } from '../house.ts';
import { type Answer, ok, type Request, type User } from '../http.ts';
import type { OpenRun } from '../runs/cache.ts';
import { holderLives } from '../runs/standing.ts';
import { branchesOf } from './changes.ts';
import { runId } from './run.ts';

/** Does one thing to a run, and notes who asked for it. */
export async function act(house: House, { params, body, user }: Request): Promise<Answer> {
  const id = runId(params.run);
  const run = await house.runs.open(id);
  const note = (outcome: string, command?: string): void =>
    house.audit.note({
      user: user.name,
      role: user.role,
      action: String((body as { readonly action?: unknown } | null)?.action),
      on: id,
      outcome,
      ...(command !== undefined && { command }),
    });
  try {
    const action = readAction(run, body);
    const acted = await perform(house, run, action, user);
    note(acted.how, acted.command);
    return ok(acted);
  } catch (error) {
    note(`refused: ${DashboardError.is(error) ? error.message : 'an error'}`);
    throw error;
  }
}

/** By the command line, or by asking the process that has the run in hand: both do the same. */
async function perform(house: House, run: OpenRun, action: Action, by: User): Promise<Acted> {
  const { id, repository } = run.record;
  const command = typed(wordsOf(id, action));
  const control = controlOf(action, by.name);
  if (control && (run.held || onlyAsked.has(action.action))) {
    await steer(house, id, control);
    return { how: 'requested', command, text: texts[action.action] };
  }
  if (action.action === 'apply' && action.branch !== undefined)
    if (!(await branchesOf(house, repository)).includes(action.branch))
      throw badRequest('there is no such branch here');
  if (goesOn.has(action.action)) {
    const begin = (prompt?: string) => house.pawl.begin(wordsOf(id, action, prompt), repository, { by });
    const begun = await (action.action === 'replay' && action.prompt !== undefined
      ? house.texts.during(action.prompt, 'md', begin)
      : begin());
    const made = action.action === 'replay' ? (begun as { readonly run?: string }).run : undefined;
    return { how: 'started', command, text: texts[action.action], ...(made !== undefined && { run: made }) };
  }
  const told = (await house.pawl.call(wordsOf(id, action), repository, { timeoutMs: 180_000, by })) as Told;
  return { how: 'done', command, text: doneText(action, told) };
}

/** What only the process at work can do. */
const onlyAsked: ReadonlySet<Action['action']> = new Set(['abort-step', 'pause', 'unpause']);
/** What a process of its own goes on with. */
const goesOn: ReadonlySet<Action['action']> = new Set(['approve', 'reject', 'resume', 'replay']);

function controlOf(action: Action, by: string): Control | undefined {
  switch (action.action) {
    case 'approve': {
      const { step, tree, comment } = action;
      const answer = { choice: 'continue', by, ...(tree && { tree }), ...(comment && { comment }) } as const;
      return { type: 'answer', step, answer };
    }
    case 'reject': {
      const { step, comment } = action;
      return { type: 'answer', step, answer: { choice: 'retry', by, ...(comment && { comment }) } };
    }
    case 'abort':
      return { type: 'abort', by, reason: action.reason ?? `asked by ${by}` };
    case 'abort-step':
      return { type: 'abort-step', step: action.step, by, ...(action.reason && { reason: action.reason }) };
    case 'pause':
    case 'unpause':
      return { type: 'pause', wanted: action.action === 'pause', by };
    default:
      return undefined;
  }
}

/** The process that has the run in hand is asked. */
async function steer({ store }: House, run: string, control: Control): Promise<void> {
  const end = await steerRun(store.runs, run, control, { isAlive: holderLives });
  if (!end.done)
    throw new DashboardError(
      409,
      'refused',
      end.message,
      end.code === 'not-at-work' ? `pawl status ${run}` : undefined,
    );
}

const texts: Readonly<Record<Action['action'], string>> = {
  approve: 'approved',
  reject: 'to be done again',
  pause: 'it asks at the end of the next step',
  unpause: 'it goes on without asking',
  resume: 'it goes on',
  abort: 'it is being stopped',
  'abort-step': 'this step is being stopped',
  replay: 'it runs again, as a run of its own',
  apply: 'it is applied',
  undo: 'it is back',
};

interface Told {
  readonly branch?: string;
  readonly commits?: number;
  readonly path?: string;
}

function doneText({ action }: Action, { branch, commits = 0, path }: Told): string {
  if (action === 'abort') return 'it has been stopped';
  if (action === 'apply')
    return `${commits === 1 ? '1 commit is' : `${commits} commits are`} on ${branch ?? 'the branch'}`;
  if (action === 'undo')
    return path === undefined ? `it is back as the branch ${branch ?? ''}` : `it is back in ${path}`;
  return texts[action];
}
