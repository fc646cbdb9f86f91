import {
  analyticsBlocks,
  analyticsHtml,
  analyticsOf,
  type Block,
  blocksAsMarkdown,
  blocksAsText,
  compareReports,
  comparisonBlocks,
  comparisonHtml,
} from '@pawl/report';
import type { Context } from '../context.ts';
import { CliError } from '../exit.ts';
import { redacted } from '../redacted.ts';
import { listRuns, readRun } from '../runs.ts';
import type { Format } from './report.ts';

/** Two runs side by side. */
export async function comparison(context: Context, ids: readonly string[], format: Format): Promise<string> {
  const [first, second, ...more] = ids;
  if (first === undefined || second === undefined || more.length > 0)
    throw new CliError('usage', 'bad-option', '--compare takes two runs', 'pawl list');
  const reports = [await readRun(context, { id: first }), await readRun(context, { id: second })] as const;
  const compared = redacted(compareReports(reports[0].report, reports[1].report), context);
  if (format === 'json') return JSON.stringify({ version: 1, ...compared });
  return format === 'html' ? comparisonHtml(compared) : shown(comparisonBlocks(compared), format, context);
}

/** The newest runs of this repository, or of all, together. */
export async function newestRuns(
  context: Context,
  { limit, all }: { readonly limit: number; readonly all: boolean },
  format: Format,
): Promise<string> {
  const of = all ? {} : { repository: (await context.repository()).root };
  const reports = [];
  for (const { id } of await listRuns(context, { ...of, limit })) reports.push((await readRun(context, { id })).report);
  const analytics = redacted(analyticsOf(reports), context);
  if (format === 'json') return JSON.stringify({ version: 1, ...analytics });
  return format === 'html' ? analyticsHtml(analytics) : shown(analyticsBlocks(analytics), format, context);
}

const shown = (blocks: readonly Block[], format: 'text' | 'markdown', { terminal }: Context): string =>
  format === 'markdown' ? blocksAsMarkdown(blocks) : blocksAsText(blocks, terminal.data);
