import {
  blocksAsMarkdown,
  formatHtml,
  formatMarkdown,
  formatReport,
  formatStep,
  stepBlocks,
  stepHtml,
  toJson,
} from '@pawl/report';
import type { Context } from '../context.ts';
import { asItStands } from '../display/standing.ts';
import { CliError, exitCodes } from '../exit.ts';
import { findStep } from '../find-step.ts';
import { redacted } from '../redacted.ts';
import { didYouMean } from '../refusal.ts';
import { readRun, type StoredRun } from '../runs.ts';
import { withStaleness } from '../staleness.ts';
import { comparison, newestRuns } from './report-many.ts';

export interface ReportOptions {
  readonly detail?: string;
  readonly last?: number;
  readonly all?: boolean;
  readonly compare?: readonly string[];
  readonly format?: string;
  readonly json?: boolean;
}

const formats = ['text', 'json', 'markdown', 'html'] as const;
export type Format = (typeof formats)[number];

/** What a run did, took and cost; two of them side by side; or the newest ones together. */
export async function report(context: Context, id: string | undefined, options: ReportOptions): Promise<number> {
  const format = options.json ? 'json' : formats.find((each) => each === (options.format ?? 'text'));
  if (format === undefined)
    throw new CliError(
      'usage',
      'unknown-format',
      `--format is ${formats.join(', ')}, not ${options.format}${didYouMean(options.format ?? '', formats)}`,
    );
  refuseMixed(id, options);
  context.terminal.print(await shownReport(context, id, options, format));
  return exitCodes.passed;
}

async function shownReport(
  context: Context,
  id: string | undefined,
  { detail, last, all, compare }: ReportOptions,
  format: Format,
): Promise<string> {
  if (compare) return comparison(context, compare, format);
  if (last !== undefined) return newestRuns(context, { limit: last, all: all ?? false }, format);
  const stored = await readRun(context, { id });
  const run = redacted({ ...stored, report: await withStaleness(context, stored) }, context);
  return detail === undefined ? wholeReport(context, run, format) : detailOf(context, run, format, detail);
}

function refuseMixed(id: string | undefined, { detail, last, compare }: ReportOptions): void {
  const asked = [
    ...(id === undefined ? [] : [`run ${id}`]),
    ...(last === undefined ? [] : ['--last']),
    ...(compare === undefined ? [] : ['--compare']),
  ];
  if (asked.length > 1)
    throw new CliError(
      'usage',
      'bad-option',
      `${asked.join(' and ')} cannot be asked for together`,
      'pawl help report',
    );
  if (detail !== undefined && (last !== undefined || compare !== undefined))
    throw new CliError('usage', 'bad-option', '--detail is of one run', 'pawl report <run> --detail <step>');
}

function wholeReport({ terminal: { data } }: Context, { report: whole, status }: StoredRun, format: Format): string {
  if (format === 'json') return JSON.stringify({ ...toJson(whole), status });
  if (format === 'html') return formatHtml(whole, status);
  const text =
    format === 'markdown' ? formatMarkdown(whole) : formatReport(whole, { width: data.room, color: data.color });
  return asItStands(text, status);
}

function detailOf(context: Context, run: StoredRun, format: Format, wanted: string): string {
  const step = findStep(run, wanted, `pawl report ${run.record.id} --detail`);
  const folder = context.places.runFolder(run.record.id);
  if (format === 'json') return JSON.stringify({ version: 1, run: run.record.id, folder, step });
  if (format === 'html') return stepHtml(run.record.id, step);
  if (format === 'markdown') return `${blocksAsMarkdown(stepBlocks(step))}\nfolders are in \`${folder}\`\n`;
  return `${formatStep(step, context.terminal.data)}\n\nfolders are in ${folder}`;
}
