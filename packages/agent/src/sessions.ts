import { openStore, type SessionStore } from '@pawl/session-store';
import { AgentError } from './errors.ts';
import { beginHeld, heldProvider, loadHeld, type Session, type Shelf } from './held-session.ts';

export interface SessionsOptions {
  /** Default: in memory, gone with the process. Not closed here. */
  readonly store?: SessionStore;
  readonly owner?: string;
  /** Of a session that is not told its own. Default 1000. */
  readonly maxMessages?: number;
}

/** Conversations that the program holds itself. All methods also reject with a `StoreError`. */
export interface Sessions {
  readonly new: (options?: { readonly title?: string; readonly maxMessages?: number }) => Promise<Session>;
  /** By its id or the beginning of it. Rejects with `no-session`, `ambiguous-session`, `foreign-session`. */
  resume(id: string): Promise<Session>;
}

export function createSessions(options: SessionsOptions = {}): Sessions {
  const { maxMessages = 1000, owner } = options;
  // What stays in this process is not redacted.
  const shelf: Shelf = { owner, store: options.store ?? openStore({ file: ':memory:', redact: (text) => text }) };
  return {
    new: (over = {}) => beginHeld(shelf, { maxMessages, ...over }),
    resume: async (id) => loadHeld(shelf, await find(shelf.store, id)),
  };
}

async function find(store: SessionStore, id: string) {
  const found = await store.sessions.find(id);
  const [first, second] = found.filter(({ ref }) => ref.provider === heldProvider);
  if (first && !second) return first;
  if (second) throw new AgentError('ambiguous-session', `Several sessions begin with "${id}". Give more of the id.`);
  const [foreign] = found;
  if (foreign)
    throw new AgentError(
      'foreign-session',
      `Session ${id} is kept by ${foreign.ref.provider}, not by the program. Go on with it by an agent: createAgent(…).resume("${id}").`,
    );
  throw new AgentError('no-session', `There is no session "${id}" here. Make one with new().`);
}
