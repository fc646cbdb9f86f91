import type { Answer, Fork, Plan, RunState } from '@pawl/core';
import type { Controls } from './controls.ts';
import { RunnerError } from './errors.ts';
import { Log } from './log.ts';
import { drive, isLive } from './loop.ts';
import type { Observe } from './notice.ts';
import type { Ports } from './ports.ts';
import { questionAt } from './questions.ts';
import { type Recovered, recoverAll } from './recover.ts';
import { missingEvents } from './unfinished.ts';

export interface DriveOptions {
  /**
   * Aborting it interrupts the run: agents and gates are stopped, what agents left is recorded, and it can be resumed where
   * it was. A text as its reason is recorded.
   */
  readonly signal?: AbortSignal;
  readonly observe?: Observe;
  /** What others ask of the run while it is at work. */
  readonly controls?: Controls;
}

export interface StartOptions extends DriveOptions {
  /** Of a replay, as `replayOf` gives it: what the run begins with. */
  readonly from?: Fork;
}

/**
 * Begins a run: its plan is stored whole before anything is done. Resolves with its last state, failed and stopped runs
 * too; with status `running` when all that is left is a question and nobody is there to answer it. Rejects with
 * `already-started` for a known id, and with the log's own error when an append fails: all work under way is stopped
 * then.
 */
export async function startRun(run: string, plan: Plan, ports: Ports, options: StartOptions = {}): Promise<RunState> {
  if ((await ports.log.read(run)).length > 0) throw new RunnerError('already-started', `run ${run} exists`);
  const log = new Log(run, ports, options.observe);
  await log.tell({ type: 'start', run, plan, ...(options.from && { from: options.from }) });
  return drive(log, ports, options);
}

/**
 * Goes on with a run from its log, after a crash or in another process. What was under way is recovered: an agent's
 * turn is never silently run again. Rejects with `unknown-run`, with `not-running` when it has ended, with what `sweep`
 * rejects with (something may still work in the worktree), else as `startRun`.
 */
export async function continueRun(run: string, ports: Ports, options: DriveOptions = {}): Promise<RunState> {
  const { log, ended, since } = await known(run, ports, options);
  if (ended) throw new RunnerError('not-running', `run ${run} has ended: ${log.state.status}`);
  return isLive(log.state) ? goOn(log, ports, options, await takeOver(log, since, ports)) : log.state;
}

/**
 * Goes on with a run that failed or was stopped: steps that passed are skipped, the one that failed begins again. One that
 * was interrupted, or whose process died, is taken up where it was. Rejects with `unknown-run`, `not-running` when it has
 * passed, else as `continueRun`.
 */
export async function resumeRun(run: string, ports: Ports, options: DriveOptions = {}): Promise<RunState> {
  const { log, ended, since } = await known(run, ports, options);
  if (!ended && (log.state.status === 'passed' || log.state.status === 'failed')) return log.state;
  if (log.state.status === 'passed')
    throw new RunnerError('not-running', `run ${run} has passed: there is nothing to resume`);
  if (log.state.status === 'stopping') {
    // Its process died before all had ended: that comes first.
    const { controls: _, ...alone } = options;
    await goOn(log, ports, alone, await takeOver(log, since, ports));
  }
  return goOn(log, ports, options, await takeOver(log, since, ports));
}

/**
 * Answers a question that a run waits for, or was interrupted at, and goes on with it. `step` may be left out where it asks one only. Rejects
 * with `unknown-run`, with `not-asking` when that question is not open, with `answer-void` when the answer names another
 * tree than the question, else as `continueRun`.
 */
export async function answerRun(
  run: string,
  step: string | undefined,
  answer: Answer,
  ports: Ports,
  options: DriveOptions = {},
): Promise<RunState> {
  const { log, since } = await known(run, ports, options);
  const asked = questionAt(log.state, step);
  if ('why' in asked) throw new RunnerError('not-asking', `run ${run} cannot be answered: ${asked.why}`);
  // What the answer leads to has not begun, and is not to be taken for something that was interrupted.
  const recovered = await takeOver(log, since, ports);
  const refused = await log.ask({ type: 'settle', effect: asked.id, outcome: { kind: 'answered', answer } });
  if (refused?.code === 'answer-void') throw new RunnerError('answer-void', `run ${run}: ${refused.message}`);
  if (refused) throw new RunnerError('decision-refused', `${refused.message} (${refused.code})`);
  return goOn(log, ports, options, recovered);
}

/**
 * Stops a run that no process has in hand: what its process has left running is ended and recorded, and it ends as
 * `aborted`, also one that had ended as `interrupted`. Rejects with `unknown-run`, `not-running`, else as `continueRun`.
 */
export async function abortRun(
  run: string,
  reason: string,
  ports: Ports,
  options: DriveOptions = {},
): Promise<RunState> {
  const { log } = await known(run, ports, options);
  const refused = await log.ask({ type: 'abort', reason });
  if (refused) throw new RunnerError('not-running', `run ${run} cannot be stopped: ${refused.message}`);
  return isLive(log.state) ? goOn(log, ports, options, await recoverAll(log.state, ports)) : log.state;
}

/** The log of a run, with its last decision whole. `ended`: it had ended before that. `since`: when it was written last. */
async function known(run: string, ports: Ports, options: DriveOptions) {
  const log = new Log(run, ports, options.observe);
  const events = await log.load();
  if (log.state.status === 'new') throw new RunnerError('unknown-run', `no run ${run} is known`);
  const ended = !isLive(log.state);
  if (!ended) await log.add(missingEvents(events));
  return { log, ended, since: events.at(-1)?.at ?? 0 };
}

/** Of a run whose process died nothing is said before all that was left running has ended. One that has ended left nothing. */
async function takeOver(log: Log, since: number, ports: Ports): Promise<readonly Recovered[]> {
  if (!isLive(log.state)) {
    await log.tell({ type: 'resume' });
    return [];
  }
  const recovered = await recoverAll(log.state, ports);
  await log.tell({ type: 'continue', since });
  return recovered;
}

async function goOn(log: Log, ports: Ports, options: DriveOptions, recovered: readonly Recovered[]): Promise<RunState> {
  for (const { effect, outcome } of recovered) await log.tell({ type: 'settle', effect, outcome });
  return drive(log, ports, options);
}
