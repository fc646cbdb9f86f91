import { setTimeout as sleep } from 'node:timers/promises';
import type { Control, ControlEnd } from '@pawl/core';
import type { RunStore } from './contract.ts';
import type { LeaseHolder } from './lease.ts';

export interface SteerOptions {
  readonly isAlive: (holder: LeaseHolder) => boolean;
  /** How long to wait for the answer, default 30 000. */
  readonly deadlineMs?: number;
  /** How often to look, default 50. */
  readonly everyMs?: number;
}

/**
 * Asks something of a run that another process has in hand, and waits until it was taken up or refused. A refusal has the
 * code of the run, or `not-at-work`: no process has it in hand, `pawl resume` or `pawl approve` would; or `no-answer`: the
 * process died or did not look in time, and the request was taken back. Rejects with a `StoreError` only.
 */
export async function steerRun(
  runs: RunStore,
  run: string,
  control: Control,
  { isAlive, deadlineMs = 30_000, everyMs = 50 }: SteerOptions,
): Promise<ControlEnd> {
  const held = async (): Promise<boolean> => {
    const holder = await runs.holder(run);
    return holder !== undefined && isAlive(holder);
  };
  if (!(await held())) return { done: false, code: 'not-at-work', message: `no process has run ${run} in hand` };
  const number = await runs.controls.ask(run, control, Date.now());
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const end = (await runs.controls.find(number))?.end;
    if (end) return end;
    if (Date.now() > deadline || !(await held())) break;
    await sleep(everyMs);
  }
  const message = `the process that has run ${run} in hand did not answer`;
  await runs.controls.end(number, { done: false, code: 'no-answer', message });
  return (await runs.controls.find(number))?.end ?? { done: false, code: 'no-answer', message };
}

/**
 * Takes up what is asked of a run, one after the other: for the holder of its lease. What was asked of an earlier holder
 * is refused. A store that cannot be read just now is asked again. Resolves to what ends it.
 */
export async function takeControls(
  runs: RunStore,
  run: string,
  meet: (control: Control) => Promise<ControlEnd>,
  everyMs = 200,
): Promise<() => Promise<void>> {
  const lost = { done: false, code: 'no-answer', message: `the process that had run ${run} in hand is gone` } as const;
  for (const { number } of await runs.controls.open(run)) await runs.controls.end(number, lost);
  const stop = new AbortController();
  const { signal } = stop;
  const follow = async (): Promise<void> => {
    while (!signal.aborted) {
      await look(runs, run, meet).catch(() => undefined);
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  const followed = follow();
  return async () => {
    stop.abort();
    await followed;
    const open = await runs.controls.open(run).catch(() => []);
    for (const { number } of open) await runs.controls.end(number, lost).catch(() => undefined);
  };
}

async function look(runs: RunStore, run: string, meet: (control: Control) => Promise<ControlEnd>): Promise<void> {
  for (const { number, control } of await runs.controls.open(run)) {
    const unknown = { done: false, code: 'unknown-request', message: 'this version of pawl does not know it' } as const;
    await runs.controls.end(number, control ? await meet(control) : unknown);
  }
}
