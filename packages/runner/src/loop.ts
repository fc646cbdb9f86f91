import { type Effect, type Outcome, outstanding, type RunState } from '@pawl/core';
import type { ControlQueue } from './controls.ts';
import { within } from './deadline.ts';
import type { DriveOptions } from './drive.ts';
import { describe, RunnerError } from './errors.ts';
import type { Log } from './log.ts';
import { perform } from './perform.ts';
import type { Ports } from './ports.ts';
import { steer } from './steer.ts';
import { leftBy, Stopped } from './stopped.ts';

/** For work that was told to stop; past it a run that cannot be written any more ends without it. */
const stopMs = 120_000;

interface Settled {
  readonly effect: Effect;
  /** Undefined: nobody is there to answer, or it was cut short when the process was told to end. It stays to be done. */
  readonly outcome: Outcome | undefined;
}

/**
 * Perform what is outstanding, settle each outcome, until the run has ended or only waits for people who are not there.
 * Told to end it stops what is under way, records what agents leave, and leaves the rest to be done: as when it is killed.
 */
export async function drive(log: Log, ports: Ports, options: DriveOptions): Promise<RunState> {
  const { signal, observe = () => {} } = options;
  const controls = options.controls as ControlQueue | undefined;
  const stop = new AbortController();
  const own = new Map<string, AbortController>();
  const underWay = new Map<string, Promise<void>>();
  const settled: Settled[] = [];
  const unheard = new Set<string>();
  let woken = Promise.withResolvers<void>();
  const wake = () => woken.resolve();
  const begin = async (effect: Effect): Promise<void> => {
    const one = new AbortController();
    own.set(effect.id, one);
    const either = AbortSignal.any([stop.signal, one.signal]);
    const ended = await settle(effect, { state: log.state, ports, signal: either, observe });
    const cutShort = stop.signal.aborted && log.state.status === 'running' && !(either.reason instanceof Stopped);
    settled.push(cutShort && ended.outcome ? { effect, outcome: leftBy(ended.outcome) } : ended);
    own.delete(effect.id);
    wake();
  };
  signal?.addEventListener('abort', wake);
  if (controls) controls.onRequest = wake;
  try {
    while (isLive(log.state)) {
      woken = Promise.withResolvers();
      for (let asked = controls?.next(); asked; asked = controls?.next())
        asked.end(await steer(asked.control, log, ({ id }, why) => own.get(id)?.abort(why)));
      // Answered by another than the one who was asked here.
      for (const [id, one] of own) if (!Object.hasOwn(log.state.open, id)) one.abort();
      const stopping = log.state.status === 'stopping';
      const leaving = signal?.aborted && !stopping;
      // Also of a run that was being stopped when its process died: what is done over again is not to take long.
      if (stopping || leaving) stop.abort();
      const due = outstanding(log.state);
      for (const effect of due)
        if (
          !underWay.has(effect.id) &&
          (stopping || !unheard.has(effect.id)) &&
          (!leaving || effect.type === 'checkpoint')
        )
          underWay.set(effect.id, begin(effect));
      const next = settled.shift();
      if (next) {
        const { effect, outcome } = next;
        underWay.delete(effect.id);
        if (outcome) await log.tell({ type: 'settle', effect: effect.id, outcome });
        else unheard.add(effect.id);
      } else if (underWay.size > 0) {
        await woken.promise;
      } else if (leaving) {
        await log.tell({ type: 'interrupt', reason: whyOf(signal) });
      } else if (due.length > 0) {
        return log.state;
      } else if (isLive(log.state)) {
        throw new RunnerError(
          'nothing-outstanding',
          `the log of run ${log.run} is damaged: nothing is left to be done`,
        );
      }
    }
    return log.state;
  } finally {
    signal?.removeEventListener('abort', wake);
    controls?.close();
    // Only an error of the log leads here with work under way: nothing may outlive the run that ordered it.
    stop.abort();
    await within(stopMs, Promise.all(underWay.values()), () => new Error('late')).catch(() => undefined);
  }
}

const whyOf = ({ reason }: AbortSignal): string =>
  typeof reason === 'string' ? reason : 'its process was told to end';

export const isLive = ({ status }: RunState): boolean => status === 'running' || status === 'stopping';

async function settle(effect: Effect, surroundings: Parameters<typeof perform>[1]): Promise<Settled> {
  try {
    return { effect, outcome: await perform(effect, surroundings) };
  } catch (error) {
    return { effect, outcome: { kind: 'failed', error: describe(error) } };
  }
}
