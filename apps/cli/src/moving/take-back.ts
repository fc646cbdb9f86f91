import type { SessionStore } from '@pawl/session-store';
import { whileHeld } from './at-work.ts';

/** The conversation that a rewind set aside, where this commit holds the files of before one. Resolves to its session. */
export async function takeRewindBack(store: SessionStore, commit: string): Promise<string | undefined> {
  const { sessions } = store;
  for (const { session, setAside } of await sessions.checkpoints({ commit })) {
    // Taken back once already.
    if (setAside === undefined || setAside === session) continue;
    const [record, aside] = [await sessions.get(session), await sessions.get(setAside)];
    if (!record || !aside) continue;
    await whileHeld(store, record.ref, () => sessions.exchange(session, setAside));
    await sessions.archive(setAside);
    return session;
  }
  return undefined;
}
