import { plainLine } from '@pawl/report';
import type { SessionRecord, SessionStore } from '@pawl/session-store';
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
    return `is now called ${plainLine(title)}`;
  });
}

export const tag = (context: Context, id: string, tags: readonly string[], options: ChangeOptions): Promise<number> =>
  changed(context, [id], options, async ({ sessions }, session) => {
    for (const each of tags)
      if (each.trim() === '') throw new CliError('usage', 'empty-tag', 'a tag needs a letter that can be read');
    await sessions.tag(session.id, ...tags);
    return `has the tags ${await tagsOf(sessions, session)}`;
  });

export const untag = (context: Context, id: string, tags: readonly string[], options: ChangeOptions): Promise<number> =>
  changed(context, [id], options, async ({ sessions }, session) => {
    await sessions.untag(session.id, ...tags);
    return `has the tags ${await tagsOf(sessions, session)}`;
  });

export const archive = (
  context: Context,
  ids: readonly string[],
  options: ChangeOptions & { readonly undo?: boolean },
): Promise<number> =>
  changed(context, ids, options, async ({ sessions }, { id }) => {
    await (options.undo ? sessions.unarchive(id) : sessions.archive(id));
    return options.undo ? 'is in the lists again' : 'is in the archive';
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
    return `is forgotten with its ${session.messages} messages; the agent's own transcript stays`;
  });

/** All are looked up before the first is changed. */
async function changed(
  context: Context,
  ids: readonly string[],
  { json }: ChangeOptions,
  work: (store: SessionStore, session: SessionRecord) => Promise<string>,
): Promise<number> {
  const [first = ''] = ids;
  return withSession(context, first, async (_, store) => {
    const wanted: SessionRecord[] = [];
    for (const id of ids) wanted.push(await sessionNamed(store, id));
    const rows = [];
    for (const session of wanted) {
      const short = await shortId(store, session);
      const told = await work(store, session);
      const after = (await store.sessions.get(session.id)) ?? session;
      rows.push(await shownSession(store, after));
      if (!json) context.terminal.say(`session ${short} ${told}`);
    }
    if (json) context.terminal.print(JSON.stringify({ version: 1, sessions: rows }));
    return exitCodes.passed;
  });
}

async function tagsOf(sessions: SessionStore['sessions'], { id }: SessionRecord): Promise<string> {
  const tags = (await sessions.get(id))?.tags ?? [];
  return tags.length === 0 ? '(none)' : tags.map(plainLine).join(', ');
}
