import { isDeepStrictEqual } from 'node:util';
import { decide, evolve, type Input, initial, type RunEvent } from '@pawl/core';

/**
 * What is missing of the last decision in a log that ends in the middle of it (cut, or copied while it grew). Deciding is
 * pure: the same input on the same state gives the same events. Empty when the log holds something else than that.
 */
export function missingEvents(events: readonly RunEvent[]): readonly RunEvent[] {
  const first = events.findLastIndex((event) => inputOf(event) !== undefined);
  const head = events[first];
  const input = head && inputOf(head);
  if (!input) return [];
  const decision = decide(events.slice(0, first).reduce(evolve, initial), input);
  if (!decision.ok) return [];
  const stored = events.slice(first);
  const asStored = JSON.parse(JSON.stringify(decision.events)) as readonly RunEvent[];
  const begun = stored.every((event, index) => isDeepStrictEqual(event, asStored[index]));
  return begun ? asStored.slice(stored.length) : [];
}

/** The input that an event opens the decision on; undefined for one that only follows. */
function inputOf(event: RunEvent): Input | undefined {
  const { at } = event;
  switch (event.type) {
    case 'run-started':
      return { type: 'start', at, run: event.run, plan: event.plan, ...(event.from && { from: event.from }) };
    case 'effect-settled':
      return { type: 'settle', at, effect: event.effect, outcome: event.outcome };
    case 'abort-requested':
      return { type: 'abort', at, reason: event.reason };
    case 'pause-requested':
      return { type: 'pause', at, wanted: event.wanted, ...(event.by !== undefined && { by: event.by }) };
    case 'run-continued':
      return { type: 'continue', at, since: event.since };
    case 'run-resumed':
      return { type: 'resume', at };
    default:
      return undefined;
  }
}
