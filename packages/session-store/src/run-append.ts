import type { RunEvent } from '@pawl/core';
import { StoreError } from './errors.ts';
import { encode } from './event-codec.ts';
import type { Redact } from './redact.ts';

export interface EncodedEvent {
  readonly seq: number;
  /** As it will be read. */
  readonly event: RunEvent;
  readonly text: string;
}

/** The events behind number `last`. Throws `bad-request` for one that cannot be stored, or not there. */
export function encodeEvents(
  run: string,
  last: number,
  events: readonly RunEvent[],
  redact: Redact,
): readonly EncodedEvent[] {
  return events.map((event, index) => {
    const seq = last + index + 1;
    if ((event.type === 'run-started') !== (seq === 1)) throw misplacedStart(run);
    const text = encode(event, redact);
    return { seq, text, event: JSON.parse(text) as RunEvent };
  });
}

export function staleSequence(run: string, expected: number, last: number): StoreError {
  const what = last === 0 ? 'does not exist' : `is at event ${last}`;
  return new StoreError({
    code: 'stale-sequence',
    last,
    message: `Run ${run} ${what}, not at ${expected}: another process wrote it, or the writer's copy is old. Read it again and decide anew.`,
  });
}

function misplacedStart(run: string): StoreError {
  return new StoreError({
    code: 'bad-request',
    message: `Nothing was appended to run ${run}: run-started is the first event of a run and no other.`,
  });
}
