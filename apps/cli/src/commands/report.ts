import { formatMarkdown, formatReport, formatStep, plainLine, stepDetail, toJson } from '@pawl/report';
import type { Context } from '../context.ts';
import { asItStands } from '../display/standing.ts';
import { CliError, exitCodes } from '../exit.ts';
import { readRun, type StoredRun } from '../runs.ts';
import { shellWord } from '../shell-word.ts';

export interface ReportOptions {
  readonly detail?: string;
  readonly format?: string;
  readonly json?: boolean;
}

const formats = ['text', 'json', 'markdown'] as const;

/** What a run did, took and cost. */
export async function report(context: Context, id: string | undefined, options: ReportOptions): Promise<number> {
  const format = options.json ? 'json' : formats.find((each) => each === (options.format ?? 'text'));
  if (format === undefined)
    throw new CliError('usage', 'unknown-format', `--format is ${formats.join(', ')}, not ${options.format}`);
  const run = await readRun(context, { id });
  const shown =
    options.detail === undefined ? wholeReport(context, run, format) : detailOf(context, run, format, options.detail);
  context.terminal.print(shown);
  return exitCodes.passed;
}

type Format = (typeof formats)[number];

function wholeReport({ terminal: { data } }: Context, { report: whole, status }: StoredRun, format: Format): string {
  if (format === 'json') return JSON.stringify({ ...toJson(whole), status });
  const text = format === 'markdown' ? formatMarkdown(whole) : formatReport(whole, data);
  return asItStands(text, status);
}

function detailOf(context: Context, run: StoredRun, format: Format, wanted: string): string {
  if (format === 'markdown')
    throw new CliError('usage', 'unknown-format', 'one step is shown as text or json, not as markdown');
  const search = stepDetail(run.report, wanted);
  if (search.found === 'step') {
    const folder = context.places.runFolder(run.record.id);
    if (format === 'json') return JSON.stringify({ version: 1, run: run.record.id, folder, step: search.step });
    return `${formatStep(search.step, context.terminal.data)}\n\nfolders are in ${folder}`;
  }
  const paths = search.found === 'several' ? search.candidates : search.near;
  const message =
    search.found === 'several'
      ? `${wanted} is the end of several steps: ${paths.join(', ')}`
      : `run ${run.record.id} has no step ${wanted}${paths.length === 0 ? '' : `; it has ${paths.join(', ')}`}`;
  const [first] = paths;
  throw new CliError(
    'usage',
    search.found === 'several' ? 'ambiguous-step' : 'unknown-step',
    plainLine(message),
    first === undefined ? `pawl report ${run.record.id}` : `pawl report ${run.record.id} --detail ${shellWord(first)}`,
    { candidates: paths },
  );
}
