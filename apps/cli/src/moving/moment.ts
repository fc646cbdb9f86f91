import { existsSync } from 'node:fs';
import type { SessionCheckpoint, SessionRecord, SessionStore } from '@pawl/session-store';
import { openRepository, type Repository, snapshotCheckout, WorktreeError } from '@pawl/worktree';
import { CliError } from '../exit.ts';

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
 * The end of the turn whose last message is named, by its id, the beginning of it, or its number; without a name the
 * present: what the folder holds, or in a run its step left there.
 */
export async function momentOf(
  store: SessionStore,
  session: SessionRecord,
  at: string | undefined,
  { env, name }: { readonly env: NodeJS.ProcessEnv; readonly name: string },
): Promise<Moment> {
  const all = (await store.sessions.checkpoints({ session: session.id, limit: 1000 })).filter(
    ({ setAside }) => !setAside,
  );
  if (at === undefined) return now(session, all[0], env, name);
  const checkpoint = named(session, all, at);
  return { at: checkpoint.messageId ?? at, files: await filesOf(checkpoint, env) };
}

function named(session: SessionRecord, all: readonly SessionCheckpoint[], at: string): SessionCheckpoint {
  const withId = all.filter(({ messageId }) => messageId !== undefined);
  const exact = withId.filter(({ messageId, seq }) => messageId === at || String(seq) === at);
  const found = exact.length > 0 ? exact : withId.filter(({ messageId }) => messageId?.startsWith(at));
  const [newest] = found;
  if (newest && new Set(found.map(({ messageId }) => messageId)).size === 1) return newest;
  const ends = withId.map(({ messageId, seq }) => `${seq} (${messageId})`);
  const known = ends.length === 0 ? 'none is known of this session' : `turns ended at ${ends.toReversed().join(', ')}`;
  throw new CliError(
    'usage',
    newest ? 'ambiguous-message' : 'unknown-message',
    newest ? `several messages begin with ${at}` : `no turn of session ${session.id} ended at message ${at}: ${known}`,
    `pawl sessions messages ${session.id}`,
    { messages: withId.flatMap(({ messageId }) => messageId ?? []) },
  );
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
  const checkout = existsSync(session.ref.cwd) ? await checkoutAt(session.ref.cwd, env) : undefined;
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

const noCheckout = new Set(['not-a-repository', 'bare-repository', 'no-commit']);

export async function checkoutAt(folder: string, env: NodeJS.ProcessEnv): Promise<Repository | undefined> {
  try {
    return await openRepository(folder, { env });
  } catch (error) {
    if (WorktreeError.is(error) && noCheckout.has(error.code)) return undefined;
    throw error;
  }
}
