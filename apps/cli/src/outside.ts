import type { Provider, SessionSummary } from '@pawl/provider';
import type { SessionRecord, SessionStore } from '@pawl/session-store';
import { hostFor } from './compose.ts';
import type { Context } from './context.ts';

/** A session that an agent has and that was not made by pawl. */
export interface OutsideSession {
  readonly outside: true;
  /** The agent's own id of it: it is called by it, or by its beginning. */
  readonly short: string;
  readonly ref: { readonly provider: string; readonly id: string; readonly cwd: string };
  readonly title?: string;
  readonly lastUsedAt?: number;
}

export interface Outside {
  readonly sessions: readonly SessionSummary[];
  /** Agents that could not be asked, and why. */
  readonly silent: readonly { readonly provider: string; readonly message: string }[];
}

const askMs = 20_000;

/** What the agents themselves know of the folders, newest first, without what the catalogue has. */
export async function outsideSessions(
  context: Context,
  store: SessionStore | undefined,
  {
    folders,
    provider,
    limit,
  }: { readonly folders: readonly string[]; readonly provider?: string; readonly limit: number },
): Promise<Outside> {
  const { installed } = await context.providers(await context.root());
  const asked = [...installed.values()].filter(({ id, listSessions }) => listSessions && (provider ?? id) === id);
  const silent: { provider: string; message: string }[] = [];
  const answers = await Promise.all(
    asked.map((each) =>
      listed(context, each, folders, limit).catch((error: unknown): readonly SessionSummary[] => {
        // An agent that is not here has no sessions here.
        const { code, message } = error as { code?: unknown; message?: unknown };
        if (code !== 'not-installed') silent.push({ provider: each.id, message: String(message ?? error) });
        return [];
      }),
    ),
  );
  const sessions = [];
  for (const summary of answers.flat()) if (!(await isKnown(store, summary))) sessions.push(summary);
  return { silent, sessions: sessions.sort((left, right) => (right.updatedAt ?? 0) - (left.updatedAt ?? 0)) };
}

async function listed(
  { env }: Context,
  provider: Provider,
  folders: readonly string[],
  limit: number,
): Promise<readonly SessionSummary[]> {
  const host = hostFor(provider, env);
  const late = new Promise<never>((_, reject) => {
    const message = `no answer within ${askMs / 1000} s`;
    setTimeout(() => reject(new Error(message)), askMs).unref();
  });
  const found = [];
  for (const cwd of folders)
    found.push(...((await Promise.race([provider.listSessions?.({ cwd, limit }, host), late])) ?? []));
  return found;
}

async function isKnown(store: SessionStore | undefined, { ref }: SessionSummary): Promise<boolean> {
  const found = (await store?.sessions.find(ref.id)) ?? [];
  return found.some((session) => session.ref.provider === ref.provider && session.ref.id === ref.id);
}

export function shownOutside({ ref: { provider, id, cwd }, title, updatedAt }: SessionSummary): OutsideSession {
  return {
    ...{ outside: true, short: id, ref: { provider, id, cwd } },
    ...(title !== undefined && { title }),
    ...(updatedAt !== undefined && { lastUsedAt: updatedAt }),
  };
}

/** Takes a session of an agent's own into the catalogue. */
export function adopted(
  store: SessionStore,
  { ref, title, updatedAt }: SessionSummary,
  repository: string | undefined,
): Promise<SessionRecord> {
  return store.sessions.begin({
    ref,
    at: updatedAt ?? Date.now(),
    ...(title !== undefined && { title }),
    ...(repository !== undefined && { repository }),
  });
}
