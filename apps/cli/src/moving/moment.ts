import { existsSync } from 'node:fs';
import type { SessionCheckpoint, SessionRecord, SessionStore } from '@pawl/session-store';
import { checkoutAt, openRepository, type Repository, snapshotCheckout } from '@pawl/worktree';
import type { Context } from '../context.ts';
import { spotOf } from './spot.ts';

/** Where a conversation stood, and the files as they were then. */
export interface Moment {
  /** Behind which message; undefined: as it is now. */
  readonly at?: string;
  readonly files?: {
    readonly repository: Repository;
    readonly commit: string;
    readonly tree: string;
    readonly base: string;
  };
}

/**
 * Behind the message that is named, by its id, the beginning of it, or its number; without a name the present: what the
 * folder holds, or in a run its step left there.
 */
export async function momentOf(
  context: Context,
  store: SessionStore,
  session: SessionRecord,
  at: string | undefined,
  name: string,
): Promise<Moment> {
  const { env } = context;
  const all = (await store.sessions.checkpoints({ session: session.id, limit: 1000 })).filter(
    ({ setAside }) => !setAside,
  );
  if (at === undefined) return now(session, all[0], env, name);
  const ends = all.filter(({ messageId }) => messageId !== undefined);
  const end = ends.find(({ messageId, seq }) => messageId === at || String(seq) === at);
  if (end?.messageId !== undefined) return { at: end.messageId, files: await filesOf(end, env) };
  const spot = await spotOf(context, store, session, ends, at);
  return { at: spot.at, files: await filesOf(spot.checkpoint, env) };
}

async function now(
  session: SessionRecord,
  newest: SessionCheckpoint | undefined,
  env: NodeJS.ProcessEnv,
  name: string,
): Promise<Moment> {
  // In the worktree of a run later steps have worked since; any other folder is as the session's user wants it.
  const ofNow = newest?.run !== undefined && newest.at >= session.lastUsedAt && newest.messageId === session.messageId;
  if (ofNow) return { files: await filesOf(newest, env) };
  const checkout = existsSync(session.ref.cwd) ? await checkoutAt(session.ref.cwd, { env }) : undefined;
  if (checkout) {
    const message = `session ${session.id}, as it was`;
    return { files: { repository: checkout, ...(await snapshotCheckout(checkout, name, message)) } };
  }
  return newest ? { files: await filesOf(newest, env) } : {};
}

async function filesOf({ repository: root, commit, tree, base }: SessionCheckpoint, env: NodeJS.ProcessEnv) {
  const repository = await openRepository(root, { env });
  return { repository, commit, tree, base: base ?? commit };
}
