import { open as openFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Effect, evolve, outstanding, type RunEvent, type RunState } from '@pawl/core';
import type { AgentEvent } from '@pawl/provider';
import { type Observe, turnFolder } from '@pawl/runner';
import type { SessionStore } from '@pawl/session-store';
import type { Places } from './places.ts';

/** Of what an agent has said before somebody came to look. */
const mostBefore = 512 * 1024;
const mostAtOnce = 1024 * 1024;

/** A run that another process has in hand, followed from the store and the run's folder. */
export interface Followed {
  readonly state: RunState;
  /** Looks once, and tells what is new. */
  look(): Promise<void>;
}

export function followRun(
  { runs }: Pick<SessionStore, 'runs'>,
  places: Places,
  begun: { readonly run: string; readonly past: readonly RunEvent[]; readonly state: RunState },
  observe: Observe,
): Followed {
  const tails = new Map<string, Tail>();
  let sequence = begun.past.length;
  let { state } = begun;
  const agents = async (): Promise<void> => {
    const turns = outstanding(state).filter(({ type }) => type === 'run-agent');
    for (const turn of turns) {
      const tail = tails.get(turn.id) ?? tailOf(turn, begun.run, places);
      tails.set(turn.id, tail);
      for (const event of await tail()) observe({ type: 'agent', step: turn.step, attempt: turn.attempt, event });
    }
    for (const id of tails.keys()) if (!turns.some((turn) => turn.id === id)) tails.delete(id);
  };
  return {
    get state() {
      return state;
    },
    async look() {
      await agents();
      for (const { seq, event } of await runs.read(begun.run, sequence)) {
        sequence = seq;
        state = evolve(state, event);
        observe({ type: 'event', sequence: seq, event });
      }
    },
  };
}

/** All that was kept of a turn. */
export async function agentEvents(places: Places, run: string, effect: string): Promise<readonly AgentEvent[]> {
  const path = join(places.runFolder(run), turnFolder(effect), 'events.ndjson');
  const text = await readFile(path, 'latin1').catch(() => '');
  return text.split('\n').flatMap(parsed);
}

type Tail = () => Promise<readonly AgentEvent[]>;

/** What a turn's file has grown by, in whole lines. A line that is no event is left out. */
function tailOf(turn: Effect, run: string, places: Places): Tail {
  const path = join(places.runFolder(run), turnFolder(turn.id), 'events.ndjson');
  let offset: number | undefined;
  let rest = '';
  return async () => {
    const file = await openFile(path, 'r').catch(() => undefined);
    if (!file) return [];
    try {
      const { size } = await file.stat();
      const skipped = offset === undefined && size > mostBefore;
      offset ??= Math.max(0, size - mostBefore);
      const buffer = Buffer.alloc(Math.min(mostAtOnce, Math.max(0, size - offset)));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
      offset += bytesRead;
      const lines = (rest + buffer.toString('latin1', 0, bytesRead)).split('\n');
      rest = lines.pop() ?? '';
      return (skipped ? lines.slice(1) : lines).flatMap(parsed);
    } finally {
      await file.close();
    }
  };
}

/** Bytes were kept as they are, so that no character is torn. */
function parsed(line: string): readonly AgentEvent[] {
  try {
    return [JSON.parse(Buffer.from(line, 'latin1').toString('utf8')) as AgentEvent];
  } catch {
    return [];
  }
}
