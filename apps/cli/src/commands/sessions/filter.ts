import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SessionFilter } from '@pawl/session-store';
import type { Context } from '../../context.ts';
import { CliError } from '../../exit.ts';
import { runIdOf } from '../../runs.ts';
import { withSessions } from '../../sessions.ts';

/** What `list` and `search` are told. */
export interface FilterOptions {
  readonly agent?: string;
  readonly repository?: string;
  readonly everywhere?: boolean;
  readonly tag?: string;
  readonly owner?: string;
  readonly run?: string;
  readonly since?: string;
  readonly until?: string;
  readonly archived?: boolean;
  readonly limit: number;
}

/** Of this repository, where the command is called in one and nothing else is said. */
export async function filterOf(context: Context, options: FilterOptions): Promise<SessionFilter> {
  const { agent, tag, owner, run, since, until, limit } = options;
  const repository = await repositoryOf(context, options);
  return {
    limit,
    ...(repository !== undefined && { repository }),
    ...(agent !== undefined && ((await isProvider(context, agent)) ? { provider: agent } : { agent })),
    ...(tag !== undefined && { tag }),
    ...(owner !== undefined && { owner }),
    ...(run !== undefined && { run: await runOf(context, run) }),
    ...(since !== undefined && { since: timeOf('--since', since) }),
    ...(until !== undefined && { until: timeOf('--until', until) }),
    ...(options.archived && { archived: 'only' as const }),
  };
}

/** Or its beginning. A session that came from another machine may be of a run that is not here. */
async function runOf(context: Context, run: string): Promise<string> {
  const own = await withSessions(context, (store) =>
    store ? store.sessions.list({ run, archived: 'also', limit: 1 }) : Promise.resolve([]),
  );
  return own.length > 0 ? run : runIdOf(context, run);
}

/** Else it is a name that a workflow gives. */
async function isProvider(context: Context, name: string): Promise<boolean> {
  const { installed } = await context.providers(await context.root());
  return installed.has(name);
}

async function repositoryOf(context: Context, { everywhere, repository }: FilterOptions): Promise<string | undefined> {
  if (everywhere) return undefined;
  if (repository === undefined) return context.root();
  const folder = resolve(context.cwd, repository);
  try {
    return realpathSync(folder);
  } catch {
    // Sessions may outlive their repository.
    return folder;
  }
}

const ago: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A day, a day with a time, or how long ago; local time where no zone is told. */
export function timeOf(option: string, text: string, now = Date.now()): number {
  const [, count, unit] = /^(\d{1,6})([mhdw])$/.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * (ago[unit ?? ''] ?? 0);
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00`) : Date.parse(text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(at)) return at;
  throw new CliError(
    'usage',
    'bad-time',
    `${option} takes a day (2026-11-20), a time (2026-11-20T18:00) or how long ago (7d, 12h, 30m), not ${text}`,
  );
}
