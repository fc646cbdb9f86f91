import { formatDuration } from '@pawl/report';
import type { Context } from '../context.ts';
import { runTable } from '../display/run-table.ts';
import { exitCodes } from '../exit.ts';
import { listRuns } from '../runs.ts';

export interface ListOptions {
  readonly all?: boolean;
  readonly tag?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** The newest runs of this repository, or of all. */
export async function list(context: Context, options: ListOptions): Promise<number> {
  const { terminal } = context;
  const repository = options.all ? undefined : (await context.repository()).root;
  const { limit, tag } = options;
  const runs = await listRuns(context, {
    limit,
    ...(tag !== undefined && { tag }),
    ...(repository !== undefined && { repository }),
  });
  if (options.json) terminal.print(JSON.stringify({ version: 1, runs }));
  else if (runs.length === 0)
    terminal.say(tag === undefined ? 'no runs yet: pawl run <workflow> --spec spec.md' : `no run has the tag ${tag}`);
  else {
    const rows = runs.map((run) => ({
      ...run,
      took: run.endedAt === undefined ? '' : formatDuration(run.endedAt - run.startedAt),
    }));
    for (const line of runTable(rows, terminal.data, options.all ?? false)) terminal.print(line);
  }
  return exitCodes.passed;
}
