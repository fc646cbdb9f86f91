import {
  blocksAsText,
  explain,
  explanationBlocks,
  formatHtml,
  formatMarkdown,
  type RunReport,
  toJson,
} from '@pawl/report';
import type { Explained } from '../../wire.ts';
import { typed } from '../acting/words.ts';
import { badRequest } from '../errors.ts';
import type { House } from '../house.ts';
import { type Answer, ok, type Request } from '../http.ts';
import { stepOf } from '../runs/attempts.ts';
import { runId } from './run.ts';

const width = 100;

/** Why a run, or one of its steps, is as it is: as `pawl explain` says it. */
export async function readExplanation(house: House, { params, query }: Request): Promise<Answer> {
  const id = runId(params.run);
  const { folded } = await house.runs.open(id);
  const asked = query.get('path');
  const path = asked === null ? undefined : stepOf(folded, asked).path;
  const events = (await house.store.runs.read(id)).map(({ event }) => event);
  const text = blocksAsText(explanationBlocks(explain(events, path)), { width });
  const command = typed(['explain', ...(path === undefined ? [] : [path]), `--run=${id}`]);
  return ok({ text, command } satisfies Explained);
}

const formats: Readonly<Record<string, readonly [ending: string, type: string, write: (report: RunReport) => string]>> =
  {
    markdown: ['md', 'text/markdown', formatMarkdown],
    html: ['html', 'text/html', formatHtml],
    json: ['json', 'application/json', (report) => JSON.stringify(toJson(report))],
  };

/** A download: what the run did, took and cost, as `pawl report` has it. */
export async function exportReport(house: House, { params, query }: Request): Promise<Answer> {
  const id = runId(params.run);
  const format = query.get('format') ?? 'html';
  const [ending, type, write] = (Object.hasOwn(formats, format) && formats[format]) || [];
  if (!write) throw badRequest(`a report is ${Object.keys(formats).join(', ')}`);
  const report = (await house.runs.open(id)).folded.report();
  return {
    status: 200,
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'content-disposition': `attachment; filename="${id}.${ending}"`,
    },
    download: (async function* () {
      yield write(report);
    })(),
  };
}
