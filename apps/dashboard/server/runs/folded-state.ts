import { evolve, initial, type RunState } from '@pawl/core';
import type { Fold } from './folds.ts';

/** The state that a run's own machine has: what its steps can read of each other. */
export interface FoldedState extends Fold {
  readonly state: RunState;
}

export function foldState(): FoldedState {
  let state = initial;
  let seq = 0;
  return {
    get state() {
      return state;
    },
    get seq() {
      return seq;
    },
    get over() {
      return state.status !== 'running' && state.status !== 'stopping';
    },
    add(stored) {
      for (const one of stored) {
        state = evolve(state, one.event);
        seq = one.seq;
      }
    },
  };
}
