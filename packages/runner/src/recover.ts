import { type Effect, type EffectId, type Outcome, outstanding, type RunState } from '@pawl/core';
import type { SessionRef } from '@pawl/provider';
import { markerOf, turnFolder } from './files/names.ts';
import { startsPrograms } from './perform.ts';
import type { Ports } from './ports.ts';

export interface Recovered {
  readonly effect: EffectId;
  readonly outcome: Outcome;
}

/** Looked at all of them before one is settled: nothing is to begin while something of another still runs. */
export async function recoverAll(state: RunState, ports: Ports): Promise<readonly Recovered[]> {
  const recovered: Recovered[] = [];
  for (const effect of outstanding(state)) {
    const outcome = await recover(effect, state, ports);
    if (outcome) recovered.push({ effect: effect.id, outcome });
  }
  return recovered;
}

/** Ends what a run whose process died has left running; to be called by who holds the run. How many there were. */
export async function endOrphans(state: RunState, sweep: (marker: string) => Promise<number>): Promise<number> {
  let ended = 0;
  for (const effect of outstanding(state)) if (mayRun(effect)) ended += await sweep(markerOf(state.run, effect.id));
  return ended;
}

/** These take a worktree away, behind the project's own teardown. */
const mayRun = (effect: Effect): boolean =>
  startsPrograms(effect) || effect.type === 'merge' || effect.type === 'close-worktree';

/**
 * An effect that was under way when its process died. Undefined: perform it again, which is safe for everything that
 * asks git or runs a gate. An agent's turn is `interrupted`: money is spent and files may have changed. What it has left
 * running is ended first: it would work on in the same worktree.
 */
async function recover(effect: Effect, state: RunState, ports: Ports): Promise<Outcome | undefined> {
  if (mayRun(effect)) await ports.sweep?.(markerOf(state.run, effect.id));
  if (effect.type !== 'run-agent') return undefined;
  const stored = await ports.files.read(state.run, `${turnFolder(effect.id)}/session.json`);
  const session = stored === undefined ? undefined : readSession(stored);
  return { kind: 'interrupted', ...(session && { session }) };
}

/** Undefined when it is none: the turn then starts in the session it was to go on with, or in a new one. */
function readSession(text: string): SessionRef | undefined {
  try {
    const json = JSON.parse(text) as Partial<SessionRef> | null;
    const known = typeof json?.provider === 'string' && typeof json.id === 'string' && typeof json.cwd === 'string';
    return known ? (json as SessionRef) : undefined;
  } catch {
    return undefined;
  }
}
