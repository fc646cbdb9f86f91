import { isDeepStrictEqual } from 'node:util';
import type { RunList, RunPage, RunRow, StepRow } from '../../wire.ts';
import { ask } from '../stage/ask.ts';
import { type Heard, hear } from '../stage/events.ts';

export interface Client {
  /** What it was told of each run last. */
  readonly rows: ReadonlyMap<string, RunRow>;
  /** The steps of the run that it follows, put together from what it was told. */
  readonly steps: ReadonlyMap<string, StepRow>;
  /** What a page must never be told, in sentences. */
  readonly problems: readonly string[];
  readonly reconnects: number;
  readonly told: number;
  close(): void;
}

export interface ClientOptions {
  readonly url: string;
  readonly token: string;
  /** The run whose page is open. */
  readonly run: string;
  /** Its connection is lost each time it has been told so many things. */
  readonly cutAfter: number;
  /** A row that was not known before, as it comes. */
  onRow(row: RunRow): void;
}

/** A browser with a run's page open: the lists and that run, over a connection that is lost again and again. */
export function openClient({ url, token, run, cutAfter, onRow }: ClientOptions): Client {
  const rows = new Map<string, RunRow>();
  const streamed = new Map<string, RunRow>();
  const steps = new Map<string, StepRow>();
  const problems: string[] = [];
  let [told, reconnects, resyncs, seq] = [0, 0, 0, 0];
  let last: string | undefined;
  let cut = (): void => {};

  const takeRow = (row: RunRow): void => {
    const before = streamed.get(row.id);
    if (before !== undefined && isDeepStrictEqual(before, row))
      problems.push(`run ${row.id} was told twice at event ${row.seq}`);
    if (before !== undefined && before.seq > row.seq)
      problems.push(`run ${row.id} went back from event ${before.seq} to ${row.seq}`);
    streamed.set(row.id, row);
    rows.set(row.id, row);
    onRow(row);
  };
  /** The list may be older than what came meanwhile, and the stream may tell once what the list has said. */
  const takeListed = (row: RunRow): void => {
    if ((rows.get(row.id)?.seq ?? 0) < row.seq) rows.set(row.id, row);
  };
  const take = ({ id, event, data }: Heard): void => {
    told += 1;
    last = id;
    if (event === 'resync') {
      resyncs += 1;
      if (resyncs > 1) problems.push('the server did not know any more what it had told');
      void ask({ url, token }, '/api/runs?limit=200').then((reply) => {
        for (const row of reply.json<RunList>().runs) takeListed(row);
      });
    }
    if (event === 'runs') for (const row of data as readonly RunRow[]) takeRow(row);
    if (event === 'run') {
      const page = data as RunPage;
      if (page.seq <= seq) problems.push(`event ${page.seq} of run ${run} was told behind ${seq}`);
      seq = page.seq;
      for (const step of page.steps) steps.set(step.path, step);
    }
    if (told % cutAfter === 0) {
      cut();
      reconnects += 1;
      connect();
    }
  };
  const connect = (): void => {
    cut = hear({ url, token }, `/api/live?run=${run}&since=0`, last, take);
  };
  connect();
  return {
    rows,
    steps,
    problems,
    get reconnects() {
      return reconnects;
    },
    get told() {
      return told;
    },
    close: () => cut(),
  };
}
