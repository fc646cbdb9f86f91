import type { Effect, EffectType, RunEvent } from '@pawl/core';

/**
 * The time of a run, each moment counted once, by what was under way; milliseconds that add up to its duration. Where
 * several things were, the first of this list counts: agent, gates, git, waiting.
 */
export interface Wall {
  readonly agentMs: number;
  readonly gatesMs: number;
  readonly gitMs: number;
  /** Only people, or a provider or room at it, were waited for. */
  readonly waitingMs: number;
  /** Nobody worked at it: between its end and its being resumed, or until it went on after its process had died. */
  readonly stoodMs: number;
  /** Nothing was under way but pawl. */
  readonly pawlMs: number;
}

export const noWall: Wall = { agentMs: 0, gatesMs: 0, gitMs: 0, waitingMs: 0, stoodMs: 0, pawlMs: 0 };

export type Work = 'agentMs' | 'gatesMs' | 'gitMs' | 'waitingMs';

const works: Readonly<Record<EffectType, Work>> = {
  'run-agent': 'agentMs',
  'run-gate': 'gatesMs',
  'open-worktree': 'gitMs',
  'close-worktree': 'gitMs',
  checkpoint: 'gitMs',
  reset: 'gitMs',
  'stage-conflict': 'gitMs',
  merge: 'gitMs',
  advance: 'gitMs',
  ask: 'waitingMs',
  'await-provider': 'waitingMs',
};
/** A type of a later version counts as pawl's own. */
export const workOf = ({ type }: Pick<Effect, 'type'>): Work | undefined =>
  Object.hasOwn(works, type) ? works[type] : undefined;
const precedence: readonly Work[] = ['agentMs', 'gatesMs', 'gitMs', 'waitingMs'];

/** How many effects of each kind are under way. */
export class WallClock {
  #wall: Wall = noWall;
  readonly #open: Record<Work, number> = { agentMs: 0, gatesMs: 0, gitMs: 0, waitingMs: 0 };

  get wall(): Wall {
    return this.#wall;
  }

  begin(effect: Effect): void {
    const work = workOf(effect);
    if (work) this.#open[work] += 1;
  }

  end(effect: Effect): void {
    const work = workOf(effect);
    if (work) this.#open[work] -= 1;
  }

  /** The time up to an event, before the event changes anything. */
  pass(ms: number, event: RunEvent, run: { readonly ended: boolean; readonly queued: boolean }): void {
    if (ms <= 0) return;
    const kind = this.#kind(event, run);
    this.#wall = { ...this.#wall, [kind]: this.#wall[kind] + ms };
  }

  #kind(event: RunEvent, { ended, queued }: { readonly ended: boolean; readonly queued: boolean }): keyof Wall {
    if (ended) return 'stoodMs';
    // Up to it, or to what was recovered, where an older version did not say that it went on.
    const crashed =
      event.type === 'run-continued' ||
      (event.type === 'effect-settled' && event.outcome.kind === 'interrupted' && event.outcome.report === undefined);
    if (crashed) return 'stoodMs';
    return precedence.find((kind) => this.#open[kind] > 0) ?? (queued ? 'waitingMs' : 'pawlMs');
  }
}
