import { plainLine } from '@pawl/report';
import type { Context } from '../../context.ts';
import { sessionTable } from '../../display/session-table.ts';
import { exitCodes } from '../../exit.ts';
import { sessionNamed, shownSession, withSessions } from '../../sessions.ts';
import { type FilterOptions, filterOf } from './filter.ts';

export interface SearchOptions extends FilterOptions {
  readonly before?: string;
  readonly json?: boolean;
}

/** Where something was said, with the line around it. */
export async function search(context: Context, words: readonly string[], options: SearchOptions): Promise<number> {
  const { terminal } = context;
  return withSessions(context, async (store) => {
    const filter = await filterOf(context, { ...options });
    const before =
      store && options.before !== undefined ? { before: (await sessionNamed(store, options.before)).id } : {};
    const found = (await store?.sessions.search(words.join(' '), { ...filter, ...before })) ?? [];
    const hits = store
      ? await Promise.all(found.map(async (hit) => ({ ...hit, session: await shownSession(store, hit.session) })))
      : [];
    const next = hits.length === options.limit ? hits.at(-1)?.session.short : undefined;
    if (options.json) {
      terminal.print(JSON.stringify({ version: 1, hits, ...(next !== undefined && { next }) }));
      return exitCodes.passed;
    }
    const heads = sessionTable(
      hits.map(({ session }) => session),
      terminal.data,
    );
    for (const [index, { excerpt, message }] of hits.entries()) {
      terminal.print(heads[index] ?? '');
      const who = message ? `${message.role} at ${message.seq}: ` : 'title: ';
      for (const line of terminal.data.paragraph(['    ', ['dim', who]], plainLine(excerpt))) terminal.print(line);
    }
    if (hits.length === 0)
      terminal.say('nowhere: words are found by how they begin; --everywhere looks in all repositories');
    if (next !== undefined) terminal.say(`more: the same with --before ${next}`);
    return exitCodes.passed;
  });
}
