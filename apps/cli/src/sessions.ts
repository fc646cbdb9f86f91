import type { SessionRecord, SessionStore } from '@pawl/session-store';
import { openStoreToRead } from './compose.ts';
import type { Context } from './context.ts';
import { CliError } from './exit.ts';

/** Opens the catalogue for one piece of work. Undefined where nothing has been stored yet. */
export async function withSessions<T>(
  context: Pick<Context, 'places' | 'env'>,
  work: (store: SessionStore | undefined) => Promise<T>,
): Promise<T> {
  const store = openStoreToRead(context);
  try {
    return await work(store);
  } finally {
    await store?.close();
  }
}

/** Finds a session and works with it. Says which are meant when it is not clear. */
export function withSession<T>(
  context: Context,
  id: string,
  work: (session: SessionRecord, store: SessionStore) => Promise<T>,
): Promise<T> {
  return withSessions(context, async (store) => {
    if (!store) throw unknown(id);
    return work(await sessionNamed(store, id), store);
  });
}

/** By its id, the agent's own, or the beginning of either. */
export async function sessionNamed(store: SessionStore, id: string): Promise<SessionRecord> {
  const found = await store.sessions.find(id);
  const [only] = found;
  if (!only) throw unknown(id);
  if (found.length === 1) return only;
  const candidates = await Promise.all(
    found.map(async (session) => `${await shortId(store, session)} (${session.ref.provider} ${session.ref.id})`),
  );
  throw new CliError(
    'usage',
    'ambiguous-session',
    `several sessions begin with ${id}: ${candidates.join(', ')}`,
    'give more of the id',
    { candidates: found.map((session) => session.id) },
  );
}

function unknown(id: string): CliError {
  return new CliError('usage', 'unknown-session', `no session is named ${id}`, 'pawl sessions list --everywhere --all');
}

const shortest = 6;

/** So much of its id as names it and no other. */
export async function shortId({ sessions }: SessionStore, { id }: SessionRecord): Promise<string> {
  for (let length = shortest; length < id.length; length += 2) {
    const short = id.slice(0, length);
    if ((await sessions.find(short)).length === 1) return short;
  }
  return id;
}

/** A record as data: with the id to call it by, without what is its adapter's own. */
export type ShownSession = Omit<SessionRecord, 'ref'> & {
  readonly short: string;
  readonly ref: Omit<SessionRecord['ref'], 'token'>;
};

export async function shownSession(store: SessionStore, session: SessionRecord): Promise<ShownSession> {
  const { provider, id, cwd } = session.ref;
  return { short: await shortId(store, session), ...session, ref: { provider, id, cwd } };
}
