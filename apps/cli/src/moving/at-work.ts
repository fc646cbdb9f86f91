import { holderLives, thisHolder } from '@pawl/agent';
import { type SessionKey, type SessionStore, StoreError } from '@pawl/session-store';
import { CliError } from '../exit.ts';

/** Nobody works in the session meanwhile; refuses by name while somebody does. */
export async function whileHeld<T>(
  { sessions }: SessionStore,
  session: SessionKey,
  work: () => Promise<T>,
): Promise<T> {
  const lease = await sessions.acquire(session, thisHolder(), holderLives).catch((error: unknown) => {
    if (StoreError.is(error) && error.code === 'session-busy')
      throw new CliError('usage', 'session-busy', error.message, `pawl sessions show ${session.id}`);
    throw error;
  });
  try {
    return await work();
  } finally {
    await lease.release();
  }
}
