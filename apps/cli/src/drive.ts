import { evolve, initial, type RunEvent, type RunState } from '@pawl/core';
import { createControls, type DriveOptions, type Notice, type Ports, RunnerError } from '@pawl/runner';
import { StoreError, takeControls } from '@pawl/session-store';
import type { Repository } from '@pawl/worktree';
import { openAsker } from './asker.ts';
import { openHouse } from './compose.ts';
import type { Context } from './context.ts';
import { type Loudness, openDisplay } from './display/live.ts';
import { whatNext } from './display/what-next.ts';
import { CliError, exitCodes, exitOfFailure } from './exit.ts';
import type { Keys } from './keys.ts';
import { takeLease } from './lease.ts';
import { waitingOf, waits } from './questions.ts';
import { untilStopped } from './signals.ts';
import { openSteering } from './steering.ts';
import { stepDiff } from './step-diff.ts';

export interface DrivenRun {
  /** The one that the run belongs to. */
  readonly repository: Repository;
  readonly id: string;
  /** What happened before: shown no more, but counted in. */
  readonly past: readonly RunEvent[];
}

export interface DriveView {
  readonly json?: boolean;
  readonly verbose?: boolean;
  readonly quiet?: boolean;
  /** In a process of its own. */
  readonly detach?: boolean;
  /** Nothing is shown, nobody is asked. */
  readonly silent?: boolean;
}

type Work = (ports: Ports, options: DriveOptions) => Promise<RunState>;

/** Does a run's work in this process, its only writer, and shows it. Resolves to the exit code. */
export async function driveRun(context: Context, run: DrivenRun, view: DriveView, work: Work): Promise<number> {
  const state = await driveQuietly(context, run, view, work);
  if (view.json && waits(state)) context.terminal.print(JSON.stringify(waitingOf(state)));
  if (!view.json || waits(state)) context.terminal.say(whatNext(state));
  return exitOf(state);
}

/** The same without the commands that come next. */
export async function driveQuietly(
  context: Context,
  { repository, id, past }: DrivenRun,
  view: DriveView,
  work: Work,
): Promise<RunState> {
  const { terminal } = context;
  const display = view.json || view.silent ? undefined : openDisplay(terminal, loudnessOf(view), past);
  let keys: Keys | undefined;
  const left = Promise.withResolvers<RunState>();
  let state = past.reduce(evolve, initial);
  // Nobody is there any more who could answer: the question stays, this process need not.
  const leave = (): void => {
    if (asker?.gone && waits(state)) left.resolve(state);
  };
  const diffOf = (step: string) => stepDiff(repository, state, step);
  const keysOf = () => keys;
  const asker = display && openAsker(context, { display, keysOf, stateOf: () => state, diffOf, onGone: leave });
  const observe = (notice: Notice): void => {
    if (notice.type === 'event') state = evolve(state, notice.event);
    if (display) display.observe(notice);
    else if (view.json) printEvent(notice, terminal.print);
    leave();
  };
  const house = openHouse(context, repository, asker?.people);
  try {
    const lease = await takeLease(house.store, id);
    try {
      const controls = createControls();
      const { request } = controls;
      const onInterrupt = 'interrupt the run, to go on later; once more ends at once';
      const lookAt = (step: string) => changesNow(house.ports, state, step);
      if (display) keys = openSteering(context, { display, request, diffOf: lookAt, onInterrupt });
      const settle = await takeControls(house.store.runs, id, controls.request);
      try {
        return await untilStopped((signal) => {
          signal.addEventListener('abort', () => display?.interrupted());
          return Promise.race([work(house.ports, { signal, observe, controls }), left.promise]);
        });
      } finally {
        await settle();
      }
    } finally {
      keys?.close();
      display?.close();
      asker?.close();
      // Its holder is gone in a moment in any case; what happened before is what there is to tell.
      await lease.release().catch(() => undefined);
    }
  } catch (error) {
    throw refusalOf(error, id);
  } finally {
    await house.close();
  }
}

export const loudnessOf = ({ verbose, quiet }: Pick<DriveView, 'verbose' | 'quiet'>): Loudness =>
  verbose ? 'verbose' : quiet ? 'quiet' : 'normal';

/** Recorded like any other state of the worktree: what is shown is never lost. */
async function changesNow({ worktrees }: Ports, state: RunState, path: string): Promise<string> {
  const step = Object.hasOwn(state.steps, path) ? state.steps[path] : undefined;
  if (!step) return '';
  const lane = await worktrees.open({ run: state.run, name: step.lane, base: state.plan.base.commit });
  const name = `${path}#${step.attempt}/look`;
  return (await lane.checkpoint({ name, since: step.before, message: `pawl checkpoint ${name}` })).diff;
}

function printEvent(notice: Notice, print: (text: string) => void): void {
  if (notice.type === 'event') print(JSON.stringify({ sequence: notice.sequence, ...notice.event }));
}

function refusalOf(error: unknown, run: string): unknown {
  if (StoreError.is(error)) {
    const message = `run ${run} was stopped, for its record cannot be written: ${error.message}`;
    return new CliError('environment', error.code, message, `pawl status ${run}`, { run });
  }
  if (!RunnerError.is(error)) return error;
  const asked = error.code === 'not-asking' || error.code === 'answer-void';
  const hint = asked ? `pawl status ${run}` : `pawl report ${run}`;
  return new CliError(asked ? 'usage' : 'failed', error.code, error.message, hint, { run });
}

export function exitOf(state: RunState): number {
  const { status, failure, steps } = state;
  if (status === 'passed') return exitCodes.passed;
  if (status === 'aborted' || status === 'interrupted') return exitCodes.aborted;
  if (status === 'running') return exitCodes.waiting;
  const end = steps[failure?.step ?? '']?.report?.end;
  return end?.kind === 'failed' ? exitOfFailure(end.error) : exitCodes.failed;
}
