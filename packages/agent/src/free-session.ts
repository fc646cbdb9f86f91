import { type SessionCatalogue, type SessionKey, type SessionLease, StoreError } from '@pawl/session-store';
import { holderLives, thisHolder } from './holder.ts';

const betweenMs = 500;

/**
 * The lease of a session, as soon as it is free. Rejects with `session-busy` once another process has kept it for
 * `patienceMs` (default 0: at once). A turn of this process has limits of its own: with patience it is waited for
 * as long as it takes.
 */
export async function freeSession(
  sessions: Pick<SessionCatalogue, 'acquire'>,
  session: SessionKey,
  { patienceMs = 0, signal }: { readonly patienceMs?: number; readonly signal?: AbortSignal } = {},
): Promise<SessionLease> {
  const me = thisHolder();
  for (let waited = 0; ; ) {
    try {
      return await sessions.acquire(session, me, holderLives);
    } catch (error) {
      if (!StoreError.is(error) || error.code !== 'session-busy') throw error;
      const { holder } = error.details;
      const own = holder?.pid === me.pid && holder.host === me.host;
      if (patienceMs === 0 || (!own && waited >= patienceMs)) throw error;
      await pause(signal);
      if (!own) waited += betweenMs;
    }
  }
}

/** Rejects with the signal's reason. */
function pause(signal: AbortSignal | undefined): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = () => reject(signal?.reason);
  const timer = setTimeout(resolve, betweenMs);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  });
}
