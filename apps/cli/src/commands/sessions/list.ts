import type { SessionSummary } from '@pawl/provider';
import { plainLine } from '@pawl/report';
import type { SessionRecord, SessionStore } from '@pawl/session-store';
import type { Context } from '../../context.ts';
import { sessionTable } from '../../display/session-table.ts';
import { exitCodes } from '../../exit.ts';
import { type Outside, type OutsideSession, outsideSessions, shownOutside } from '../../outside.ts';
import { retentionOf } from '../../retention.ts';
import { type ShownSession, sessionNamed, shownSession, withSessions } from '../../sessions.ts';
import { type FilterOptions, filterOf } from './filter.ts';

export interface ListOptions extends FilterOptions {
  readonly all?: boolean;
  readonly text?: string;
  readonly before?: string;
  readonly json?: boolean;
}

/** Conversations, last used first, page by page. */
export async function list(context: Context, options: ListOptions): Promise<number> {
  const { terminal } = context;
  return withSessions(context, async (store) => {
    const found = store ? await page(context, store, options) : [];
    const rows = store ? await Promise.all(found.map((session) => shownSession(store, session))) : [];
    const next = rows.length === options.limit ? rows.at(-1)?.short : undefined;
    const { outside, silent } = await outsideOf(context, store, options);
    if (options.json) {
      const asked = options.all && { outside, silent };
      terminal.print(JSON.stringify({ version: 1, sessions: rows, ...asked, ...(next !== undefined && { next }) }));
      return exitCodes.passed;
    }
    for (const line of sessionTable([...rows, ...outside], terminal.data)) terminal.print(line);
    for (const { provider, message } of silent)
      terminal.say(`note: ${provider} could not be asked: ${plainLine(message)}`);
    const { isSoon } = await retentionOf(context);
    const soon = [];
    for (const row of rows) if (await isSoon(row)) soon.push(row);
    if (soon.length > 0) terminal.say(warning(soon));
    if (rows.length + outside.length === 0) terminal.say(nothing(options));
    if (next !== undefined) terminal.say(`more: the same with --before ${next}`);
    return exitCodes.passed;
  });
}

async function page(context: Context, store: SessionStore, options: ListOptions): Promise<readonly SessionRecord[]> {
  const filter = await filterOf(context, options);
  return store.sessions.list({
    ...filter,
    ...(options.text !== undefined && { text: options.text }),
    ...(options.before !== undefined && { before: (await sessionNamed(store, options.before)).id }),
  });
}

/** They have no tag, owner, run or archive: asked for by one of these, there are none. */
async function outsideOf(
  context: Context,
  store: SessionStore | undefined,
  options: ListOptions,
): Promise<{ readonly outside: readonly OutsideSession[]; readonly silent: Outside['silent'] }> {
  const { all, agent, tag, owner, run, archived, before, limit } = options;
  if (!all || before !== undefined || archived || [tag, owner, run].some((given) => given !== undefined))
    return { outside: [], silent: [] };
  const { repository, since, until } = await filterOf(context, options);
  const folders = [
    ...new Set([...(options.repository === undefined ? [context.cwd] : []), ...[repository ?? context.cwd]]),
  ];
  const { sessions, silent } = await outsideSessions(context, store, {
    ...{ folders, limit },
    ...(agent !== undefined && { provider: agent }),
  });
  const fits = ({ title = '', updatedAt = 0 }: SessionSummary): boolean =>
    (since === undefined || updatedAt >= since) &&
    (until === undefined || updatedAt < until) &&
    (options.text === undefined || hasWords(title, options.text));
  return { outside: sessions.filter(fits).slice(0, limit).map(shownOutside), silent };
}

/** Each of the words begins a word of the title. */
function hasWords(title: string, text: string): boolean {
  const words = (of: string): readonly string[] => of.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const there = words(title);
  return words(text).every((word) => there.some((each) => each.startsWith(word)));
}

/** What was said stays here; to go on is possible only while the agent has its own transcript. */
function warning(sessions: readonly ShownSession[]): string {
  const ids = sessions.map(({ short }) => short);
  const which = ids.length > 5 ? `${ids.slice(0, 5).join(', ')} and ${ids.length - 5} more` : ids.join(', ');
  return `warning: within a week their agent deletes its transcripts of ${which}: then they cannot go on. pawl sessions export keeps one`;
}

function nothing({ everywhere, all }: ListOptions): string {
  if (everywhere && all) return 'no such sessions';
  return `no such sessions ${everywhere ? '' : 'of this repository '}yet: --everywhere looks in all repositories, --all also asks the agents`;
}
