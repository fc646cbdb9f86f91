import type { RunPage, RunRow } from '../../wire.ts';
import type { ServerEvent } from '../http.ts';
import type { Hub } from './hub.ts';

export interface Followed {
  readonly hub: Hub;
  /** The run that the page shows, and how far it has it. */
  readonly run?: { readonly id: string; readonly seq: number };
  /** Where an earlier stream of the same page ended. */
  readonly last: string | undefined;
  readonly signal: AbortSignal;
  /** What changed of that run behind an event. */
  pageOf(run: string, since: number): Promise<RunPage>;
  readonly beatMs: number;
}

/**
 * What happens, from where the page left off. An event's id says how far the page is: in the lists (of this process) and
 * in the log of its run (of any). So a page that comes back is told what it missed, once; where that is not known any
 * more it is told to ask anew.
 */
export async function* follow({ hub, run, last, signal, pageOf, beatMs }: Followed): AsyncGenerator<ServerEvent> {
  const [, epoch, lists, log] = /^([\w-]+)\.(\d+)\.(\d+)$/.exec(last ?? '') ?? [];
  let seen = epoch === hub.epoch ? Number(lists) : undefined;
  let seq = log === undefined ? (run?.seq ?? 0) : Number(log);
  let first = true;
  const leave = hub.listen();
  const id = (): string => `${hub.epoch}.${seen ?? hub.now}.${seq}`;
  try {
    while (!signal.aborted) {
      const change = hub.changed(signal, beatMs);
      if (seen === undefined) {
        // Before the page asks: what happens from here on is told.
        seen = hub.now;
        yield { id: id(), event: 'resync', data: {} };
      }
      const until = hub.now;
      const rows: readonly RunRow[] = hub.changedSince(seen);
      // Of a large run that is work: done at first, and when something of it has changed.
      const page = run && (first || rows.some(({ id: one }) => one === run.id)) ? await pageOf(run.id, seq) : undefined;
      first = false;
      if (rows.length > 0) {
        seen = until;
        yield { id: id(), event: 'runs', data: rows };
      }
      if (page && page.seq > seq) {
        seq = page.seq;
        yield { id: id(), event: 'run', data: page };
      }
      await change;
      if (hub.now === until && !signal.aborted) yield { id: '', event: 'beat', data: undefined };
    }
  } finally {
    leave();
  }
}
