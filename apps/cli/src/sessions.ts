import type { SessionSummary } from '@pawl/provider';
import type { SessionRecord, SessionStore } from '@pawl/session-store';
import { openStoreToRead, openStoreToWrite } from './compose.ts';
import type { Context } from './context.ts';
import { CliError } from './exit.ts';
import { adopted, outsideSessions } from './outside.ts';
import { copyTranscript } from './own-transcript.ts';
import { didYouMean } from './refusal.ts';

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

/**
 * Finds a session and works with it. One that only its agent knows is taken into the catalogue first. Says which are meant
 * when it is not clear.
 */
export async function withSession<T>(
  context: Context,
  id: string,
  work: (session: SessionRecord, store: SessionStore) => Promise<T>,
): Promise<T> {
  const known = await withSessions(context, async (store) =>
    store && (await store.sessions.find(id)).length > 0
      ? { done: await work(await sessionNamed(store, id), store) }
      : undefined,
  );
  if (known) return known.done;
  const summary = await outsideNamed(context, id);
  const store = openStoreToWrite(context);
  try {
    const session = await adopted(store, summary, await context.root());
    await copyTranscript(context, store, session);
    return await work((await store.sessions.get(session.id)) ?? session, store);
  } finally {
    await store.close();
  }
}

/** Among those that the agents have of this folder and its repository. */
async function outsideNamed(context: Context, id: string): Promise<SessionSummary> {
  const folders = [...new Set([context.cwd, (await context.root()) ?? context.cwd])];
  // So short a word names nothing for certain.
  const { sessions } =
    id.length < shortest ? { sessions: [] } : await outsideSessions(context, undefined, { folders, limit: 1000 });
  const exact = sessions.filter(({ ref }) => ref.id === id);
  const found = exact.length > 0 ? exact : sessions.filter(({ ref }) => ref.id.startsWith(id));
  const [only] = found;
  if (!only) throw await withSessions(context, (store) => unknown(store, id));
  if (found.length > 1)
    throw ambiguous(
      id,
      found.map(({ ref }) => [`${ref.provider} ${ref.id}`, ref.id]),
    );
  return only;
}

/** By its id, the agent's own, or the beginning of either. */
export async function sessionNamed(store: SessionStore, id: string): Promise<SessionRecord> {
  const found = await store.sessions.find(id);
  const [only] = found;
  if (!only) throw await unknown(store, id);
  if (found.length === 1) return only;
  const candidates = found.map(
    async (session): Promise<[string, string]> => [
      `${await shortId(store, session)} (${session.ref.provider} ${session.ref.id})`,
      session.id,
    ],
  );
  throw ambiguous(id, await Promise.all(candidates));
}

function ambiguous(id: string, candidates: readonly (readonly [text: string, id: string])[]): CliError {
  return new CliError(
    'usage',
    'ambiguous-session',
    `several sessions begin with ${id}: ${candidates.map(([text]) => text).join(', ')}`,
    'give more of the id',
    { candidates: candidates.map(([, each]) => each) },
  );
}

async function unknown(store: SessionStore | undefined, id: string): Promise<CliError> {
  const name = id.length > 80 ? `${id.slice(0, 80)}…` : id === '' ? '(an empty word)' : id;
  const hint = 'pawl sessions list --everywhere --all';
  const known = id.length < shortest ? [] : ((await store?.sessions.list({ archived: 'also', limit: 200 })) ?? []);
  const begun = known.flatMap((session) => [session.id, session.ref.id]).map((each) => each.slice(0, id.length));
  return new CliError('usage', 'unknown-session', `no session is named ${name}${didYouMean(id, begun)}`, hint);
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
