import type { SessionStore } from '@pawl/session-store';
import { snapshotCheckout } from '@pawl/worktree';
import type { Context } from '../context.ts';
import { checkoutAt } from './moment.ts';

/** Ties the files, as a turn outside of a run has left them, to where the conversation now stands. */
export async function checkpointTurn(
  { env }: Pick<Context, 'env'>,
  { sessions }: SessionStore,
  id: string,
): Promise<void> {
  const session = await sessions.get(id);
  const checkout = session && (await checkoutAt(session.ref.cwd, env));
  if (!checkout) return;
  const made = await snapshotCheckout(checkout, `session-${id}`, `session ${id} after turn ${session.turns}`);
  const { messageId } = session;
  await sessions.checkpoint(id, {
    ...{ ...made, at: Date.now(), worktree: session.ref.cwd, key: `turn ${session.turns}` },
    // A worktree may be gone one day, the repository is not.
    repository: session.repository ?? checkout.root,
    ...(messageId !== undefined && { messageId }),
  });
}
