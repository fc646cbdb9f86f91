import type { Effect } from './effects.ts';
import type { RunState } from './state.ts';

/** What the shell must be doing now. A function of the state alone: a restart asks it again. */
export const outstanding = (state: RunState): readonly Effect[] => Object.values(state.open);

/** Nothing goes on before a person has answered. */
export function onlyAsks({ open, queue }: RunState): boolean {
  const effects = Object.values(open);
  return queue.length === 0 && effects.length > 0 && effects.every(({ type }) => type === 'ask');
}
