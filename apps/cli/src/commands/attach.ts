import { setTimeout as sleep } from 'node:timers/promises';
import type { RunState } from '@pawl/core';
import type { Question as Asked, Notice } from '@pawl/runner';
import { type SessionStore, steerRun } from '@pawl/session-store';
import { openRepository } from '@pawl/worktree';
import { type Asker, openAsker } from '../asker.ts';
import { openStoreToRead } from '../compose.ts';
import type { Context } from '../context.ts';
import { linesOf } from '../display/lines.ts';
import { type Display, openDisplay } from '../display/live.ts';
import { whatNext } from '../display/what-next.ts';
import { type DriveView, exitOf, loudnessOf } from '../drive.ts';
import { CliError, exitCodes } from '../exit.ts';
import { followRun } from '../follow.ts';
import type { Keys } from '../keys.ts';
import { holderLives } from '../lease.ts';
import { type Question, questionsOf, waits } from '../questions.ts';
import { readRun, type StoredRun } from '../runs.ts';
import { openSteering } from '../steering.ts';
import { stepDiff, stepDiffNow } from '../step-diff.ts';

const everyMs = 100;
/** How often it is asked whether the process is still there. */
const everyLook = 10;
/** So long a process that nobody sits at may take to leave, once it has asked: nobody would hear an answer. */
const leavesWithin = 10;

/** Shows a run that another process has in hand, and steers it. Ctrl+C leaves it at work. The exit code is the run's. */
export async function attach(context: Context, id: string | undefined, view: DriveView): Promise<number> {
  const run = await readRun(context, { id, fits: (status) => status === 'running', what: 'run at work' });
  const store = openStoreToRead(context);
  if (!store) throw new CliError('usage', 'no-run', 'there is no run yet', 'pawl run <workflow> --spec spec.md');
  try {
    return await show(context, run, store, view);
  } finally {
    await store.close();
  }
}

async function show(context: Context, run: StoredRun, store: SessionStore, view: DriveView): Promise<number> {
  const { terminal } = context;
  const { record, events, state } = run;
  const display = view.json ? undefined : openDisplay(terminal, loudnessOf(view), events);
  const observe = (notice: Notice): void => {
    if (display) display.observe(notice);
    else if (notice.type === 'event') terminal.print(JSON.stringify({ sequence: notice.sequence, ...notice.event }));
  };
  const followed = followRun(store, context.places, { run: record.id, past: events, state }, observe);
  const left = new AbortController();
  const leave = (): void => left.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, leave);
  const people = display && openPeople(context, display, run, store, () => followed.state);
  try {
    if (display) display.say(headOf(run, terminal.people, display));
    for (let round = 0, open = 0; !left.signal.aborted; round += 1) {
      const held = (round % everyLook !== 0 && open === 0) || (await isHeld(store, record.id));
      await followed.look();
      const questions = questionsOf(followed.state);
      open = questions.length === 0 ? 0 : open + 1;
      if (open === 0 || (held && open > leavesWithin)) people?.see(questions);
      if (!held || isOver(followed.state)) break;
      await sleep(everyMs, undefined, { signal: left.signal }).catch(() => undefined);
    }
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.off(signal, leave);
    people?.close();
    display?.close();
  }
  if (left.signal.aborted && !isOver(followed.state)) {
    if (display) terminal.say(`run ${record.id} goes on\n\n  pawl attach ${record.id}   look again`);
    return exitCodes.passed;
  }
  if (display) terminal.say(whatNext(followed.state));
  // Its process is gone in the middle of it.
  if (!isOver(followed.state) && !waits(followed.state)) return exitCodes.failed;
  return exitOf(followed.state);
}

const isOver = ({ status }: RunState): boolean => status !== 'running' && status !== 'stopping';

async function isHeld({ runs }: SessionStore, run: string): Promise<boolean> {
  const holder = await runs.holder(run);
  return holder !== undefined && holderLives(holder);
}

/** Which run it is, as at its beginning, and who has it in hand. */
function headOf({ record, events }: StoredRun, screen: Context['terminal']['people'], display: Display) {
  const [first] = events;
  const { holder } = record;
  const where = holder && holderLives(holder) ? `at work in process ${holder.pid}` : 'in no process';
  return [
    ...(first ? linesOf(first, { step: display.step } as never, screen, false) : []),
    screen.line(['dim', `  attached: ${where}; Ctrl+C leaves it there`]),
    '',
  ];
}

interface People {
  /** Asks what is newly open, and calls off what was answered elsewhere. */
  see(questions: readonly Question[]): void;
  close(): void;
}

/** Keys and questions of whoever sits here, told to the process that has the run in hand. */
function openPeople(
  context: Context,
  display: Display,
  { record }: StoredRun,
  { runs }: SessionStore,
  stateOf: () => RunState,
): People {
  const request = (control: Parameters<typeof steerRun>[2]) =>
    steerRun(runs, record.id, control, { isAlive: holderLives });
  const repository = () => openRepository(record.repository, { env: context.env });
  const diffOf = async (step: string): Promise<string> => stepDiff(await repository(), stateOf(), step);
  const lookAt = async (step: string): Promise<string> => stepDiffNow(await repository(), stateOf(), step);
  const onInterrupt = 'leave the run at work';
  const keys: Keys | undefined = openSteering(context, { display, request, diffOf: lookAt, onInterrupt });
  const options = { display, keysOf: () => keys, stateOf, diffOf, onGone: () => {} };
  const asker: Asker | undefined = openAsker(context, options);
  const asked = new Map<string, AbortController>();
  const ask = async (question: Question, signal: AbortSignal): Promise<void> => {
    const { step, attempt, question: when, tree } = question;
    const lane = stateOf().lanes[question.lane]?.path ?? '';
    const put: Asked = { run: record.id, step, attempt, question: when, lane, ...(tree !== undefined && { tree }) };
    const answer = await asker?.people.ask(put, signal);
    if (!answer || signal.aborted) return;
    const end = await request({ type: 'answer', step, answer });
    if (!end.done) display.say([`  ! ${end.message}`]);
  };
  return {
    see(questions) {
      if (!asker) return;
      for (const [id, off] of asked) if (!questions.some((question) => question.id === id)) off.abort();
      for (const question of questions) {
        if (asked.has(question.id)) continue;
        const off = new AbortController();
        asked.set(question.id, off);
        // Called off: it was answered elsewhere.
        ask(question, off.signal).catch(() => undefined);
      }
    },
    close() {
      for (const off of asked.values()) off.abort();
      keys?.close();
      asker?.close();
    },
  };
}
