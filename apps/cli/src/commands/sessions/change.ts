import { plainLine } from '@pawl/report';
import type { SessionRecord, SessionStore } from '@pawl/session-store';
import { type AgentStore, tellAgent } from '../../agent-store.ts';
import type { Context } from '../../context.ts';
import { CliError, exitCodes } from '../../exit.ts';
import { holderLives } from '../../lease.ts';
import { sessionNamed, shortId, shownSession, withSession } from '../../sessions.ts';

export interface ChangeOptions {
  readonly json?: boolean;
}

export async function rename(context: Context, id: string, title: string, options: ChangeOptions): Promise<number> {
  if (title.trim() === '')
    throw new CliError('usage', 'empty-title', 'a session needs a title that can be read', `pawl sessions show ${id}`);
  return changed(context, [id], options, async ({ sessions }, session) => {
    await sessions.rename(session.id, title);
    return {
      told: `is now called ${plainLine(title)}`,
      agent: await tellAgent(context, session, ({ renameSession }, host) => renameSession?.(session.ref, title, host)),
    };
  });
}

export const tag = (context: Context, id: string, tags: readonly string[], options: ChangeOptions): Promise<number> =>
  changed(context, [id], options, async ({ sessions }, session) => {
    for (const each of tags)
      if (each.trim() === '') throw new CliError('usage', 'empty-tag', 'a tag needs a letter that can be read');
    await sessions.tag(session.id, ...tags);
    return tagged(context, sessions, session);
  });

export const untag = (context: Context, id: string, tags: readonly string[], options: ChangeOptions): Promise<number> =>
  changed(context, [id], options, async ({ sessions }, session) => {
    await sessions.untag(session.id, ...tags);
    return tagged(context, sessions, session);
  });

export const archive = (
  context: Context,
  ids: readonly string[],
  options: ChangeOptions & { readonly undo?: boolean },
): Promise<number> =>
  changed(context, ids, options, async ({ sessions }, { id }) => {
    await (options.undo ? sessions.unarchive(id) : sessions.archive(id));
    return { told: options.undo ? 'is in the lists again' : 'is in the archive' };
  });

/** Our own knowledge of them, for good. */
export const remove = (context: Context, ids: readonly string[], options: ChangeOptions): Promise<number> =>
  changed(context, ids, options, async ({ sessions }, session) => {
    const holder = await sessions.holder(session.ref);
    if (holder && holderLives(holder))
      throw new CliError(
        'usage',
        'session-busy',
        `session ${session.id} is at work in process ${holder.pid} on ${holder.host}: nothing was removed`,
        `pawl sessions show ${session.id}`,
      );
    await sessions.remove(session.id);
    return { told: `is forgotten with its ${session.messages} messages; the agent's own transcript stays` };
  });

/** What is told of one, and what became of it where its agent keeps it. */
interface Change {
  readonly told: string;
  readonly agent?: AgentStore;
}

/** All are looked up before the first is changed. */
async function changed(
  context: Context,
  ids: readonly string[],
  { json }: ChangeOptions,
  work: (store: SessionStore, session: SessionRecord) => Promise<Change>,
): Promise<number> {
  const [first = ''] = ids;
  return withSession(context, first, async (_, store) => {
    const wanted: SessionRecord[] = [];
    for (const id of ids) wanted.push(await sessionNamed(store, id));
    const rows = [];
    for (const session of wanted) {
      const short = await shortId(store, session);
      const { told, agent } = await work(store, session);
      const after = (await store.sessions.get(session.id)) ?? session;
      rows.push({ ...(await shownSession(store, after)), ...(agent && { agentStore: agent }) });
      if (json) continue;
      context.terminal.say(
        `session ${short} ${told}${agent?.state === 'changed' ? ', also where its agent keeps it' : ''}`,
      );
      if (agent?.state === 'failed')
        context.terminal.say(`note: not where its agent keeps it: ${plainLine(agent.message)}`);
    }
    if (json) context.terminal.print(JSON.stringify({ version: 1, sessions: rows }));
    return exitCodes.passed;
  });
}

async function tagged(context: Context, sessions: SessionStore['sessions'], session: SessionRecord): Promise<Change> {
  const tags = (await sessions.get(session.id))?.tags ?? [];
  return {
    told: tags.length === 0 ? 'has no tags any more' : `has the tags ${tags.map(plainLine).join(', ')}`,
    agent: await tellAgent(context, session, ({ tagSession }, host) => tagSession?.(session.ref, tags, host)),
  };
}
