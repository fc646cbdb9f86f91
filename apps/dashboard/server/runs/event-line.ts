import type { RunEvent } from '@pawl/core';
import type { StoredEvent } from '@pawl/session-store';
import type { EventPage } from '../../wire.ts';
import { clean } from '../clean.ts';

const mostJson = 20_000;

/** One event as a line, and as it is stored. */
export function eventLine({ seq, event }: StoredEvent): EventPage['events'][number] {
  const step = 'step' in event ? event.step : event.type === 'effect-requested' ? event.effect.step : undefined;
  return {
    seq,
    at: event.at,
    type: event.type,
    ...(step !== undefined && { step }),
    text: textOf(event),
    json: JSON.stringify(clean(event), undefined, 2).slice(0, mostJson),
  };
}

function textOf(event: RunEvent): string {
  switch (event.type) {
    case 'effect-requested':
      return event.effect.id;
    case 'effect-settled':
      return `${event.effect}: ${event.outcome.kind}`;
    case 'attempt-started':
      return `attempt ${event.attempt}${event.agent === undefined ? '' : ` by ${event.agent}`}`;
    case 'attempt-ended':
      return event.failure?.message ?? `attempt ${event.attempt} passed`;
    case 'step-ended':
    case 'frame-ended':
    case 'run-ended':
      return event.end;
    case 'warned':
      return event.message;
    case 'tasks-planned':
      return event.tasks.map(({ name }) => name).join(', ');
    default:
      return '';
  }
}
