import { setTimeout as sleep } from 'node:timers/promises';
import type { Effect, Outcome } from '@pawl/core';
import type { Surroundings } from './perform.ts';
import { whyStopped } from './stopped.ts';

/** How often the clock is looked at: a machine that slept goes on soon after it wakes. */
const stepMs = 30_000;

/**
 * Waits until the provider may answer again. The time that was to pass ends it as well, whatever the clock says: one that
 * is set back must not make it longer.
 */
export async function awaitProvider(
  { until, waitMs }: Effect & { readonly type: 'await-provider' },
  { ports, signal }: Surroundings,
): Promise<Outcome> {
  const end = performance.now() + waitMs;
  const left = (): number => Math.min(until - ports.now(), end - performance.now());
  while (left() > 0 && !signal.aborted) await sleep(Math.min(left(), stepMs), undefined, { signal }).catch(() => {});
  return signal.aborted ? { kind: 'cancelled', ...whyStopped(signal) } : { kind: 'provider-awaited' };
}
