import { randomUUID } from 'node:crypto';
import { StoreError } from './errors.ts';
import type { LeaseHolder } from './lease.ts';

/** Where one lease is kept. */
export interface LeasePlace {
  read(): Promise<HeldLease | undefined>;
  /** In one statement. False when it is no longer the one that was judged (undefined: none). */
  replace(lease: HeldLease, judged: HeldLease | undefined): Promise<boolean>;
  remove(token: string): Promise<void>;
}

export interface HeldLease {
  /** Different each time the lease is taken. */
  readonly token: string;
  readonly holder: LeaseHolder;
}

/** Resolves to what releases it again. */
export async function acquireLease(
  place: LeasePlace,
  holder: LeaseHolder,
  isAlive: (holder: LeaseHolder) => boolean,
  busy: (holder: LeaseHolder) => StoreError,
): Promise<() => Promise<void>> {
  const token = randomUUID();
  // The judgement is the caller's and may take long, so it is made outside of any transaction; a lease that changed
  // hands meanwhile is judged again.
  for (let round = 0; ; round += 1) {
    const held = await place.read();
    if (held && (round >= 5 || isAlive(held.holder))) throw busy(held.holder);
    if (await place.replace({ token, holder }, held)) return () => release(place, token);
  }
}

export function runBusy(run: string, holder: LeaseHolder): StoreError {
  return busy('run-busy', `Run ${run}`, 'worked on', holder);
}

export function sessionBusy(session: string, holder: LeaseHolder): StoreError {
  return busy('session-busy', `Session ${session}`, 'used', holder);
}

function busy(code: 'run-busy' | 'session-busy', what: string, used: string, holder: LeaseHolder): StoreError {
  return new StoreError({
    code,
    holder,
    message: `${what} is being ${used} by process ${holder.pid} on ${holder.host}. Wait until it is done or stop it, then try again.`,
  });
}

async function release(place: LeasePlace, token: string): Promise<void> {
  try {
    await place.remove(token);
  } catch (error) {
    // Whoever comes next sees that the holder is gone.
    if (!StoreError.is(error) || error.code !== 'store-closed') throw error;
  }
}
