import type { SessionRecord, SessionStore } from '@pawl/session-store';
import type { ForkTree } from './display/fork-tree.ts';

/** So many sessions of one family are shown. */
const most = 200;

/** The whole family of a session: from the oldest ancestor that is known, every fork. */
export async function familyOf(store: SessionStore, session: SessionRecord): Promise<ForkTree<SessionRecord>> {
  const seen = new Set<string>();
  return below(store, await ancestor(store, session), seen);
}

async function ancestor({ sessions }: SessionStore, session: SessionRecord): Promise<SessionRecord> {
  let oldest = session;
  // A record can be written by anyone: its parents may go round in a circle.
  for (const seen = new Set<string>(); oldest.parent?.id !== undefined && !seen.has(oldest.id); ) {
    seen.add(oldest.id);
    const parent = await sessions.get(oldest.parent.id);
    if (!parent || seen.has(parent.id)) break;
    oldest = parent;
  }
  return oldest;
}

async function below(store: SessionStore, session: SessionRecord, seen: Set<string>): Promise<ForkTree<SessionRecord>> {
  seen.add(session.id);
  const children = await store.sessions.list({ parent: session.id, archived: 'also', limit: most });
  const forks = [];
  let more = false;
  // Oldest first, as they came about.
  for (const child of [...children].sort((left, right) => left.createdAt - right.createdAt)) {
    if (seen.has(child.id)) continue;
    if (seen.size >= most) more = true;
    else forks.push(await below(store, child, seen));
  }
  return { session, forks, ...(more && { more }) };
}
