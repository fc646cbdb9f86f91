import type { Provider, SessionRef } from '@pawl/provider';
import type { SessionStore } from '@pawl/session-store';
import { AgentError } from './errors.ts';

/** A session as a user names it. A string that the store does not know is taken for the agent's own id. */
export async function findSession(
  session: SessionRef | string,
  provider: Provider,
  cwd: string,
  store: SessionStore | undefined,
): Promise<SessionRef> {
  if (typeof session !== 'string') return session;
  const found = (await store?.sessions.find(session)) ?? [];
  const own = found.filter((record) => record.ref.provider === provider.id);
  const [first, second] = own;
  if (first && !second) return first.ref;
  if (second)
    throw new AgentError(
      'ambiguous-session',
      `${own.length} sessions begin with "${session}": ${own.map((record) => record.id).join(', ')}. Give more of the id.`,
    );
  const [foreign] = found;
  if (foreign) throw foreignSession(foreign.ref, provider);
  return { provider: provider.id, id: session, cwd };
}

export function foreignSession(ref: SessionRef, provider: Provider): AgentError {
  return new AgentError(
    'foreign-session',
    `Session ${ref.id} belongs to ${ref.provider}, not to ${provider.id}: agents cannot read each other's sessions. Use an agent of ${ref.provider}, or start a new session.`,
  );
}
