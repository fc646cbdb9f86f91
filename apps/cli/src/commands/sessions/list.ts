import type { SessionRecord, SessionStore } from '@pawl/session-store';
import type { Context } from '../../context.ts';
import { sessionTable } from '../../display/session-table.ts';
import { exitCodes } from '../../exit.ts';
import { sessionNamed, shownSession, withSessions } from '../../sessions.ts';
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
    if (options.json) {
      terminal.print(JSON.stringify({ version: 1, sessions: rows, ...(next !== undefined && { next }) }));
      return exitCodes.passed;
    }
    for (const line of sessionTable(rows, terminal.data)) terminal.print(line);
    if (rows.length === 0) terminal.say(nothing(options));
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

function nothing({ everywhere, all }: ListOptions): string {
  if (everywhere && all) return 'no such sessions';
  return `no such sessions ${everywhere ? '' : 'of this repository '}yet: --everywhere looks in all repositories, --all also asks the agents`;
}
