import { type Draft, emit } from '../draft.ts';
import type { StepPath } from '../effects.ts';
import { stepAt } from '../lookup.ts';
import type { Following } from './next.ts';

/** The steps inside a step go on: those that passed are skipped, the one that failed runs again. */
export function reopen(draft: Draft, path: StepPath): Following {
  if (!stepAt(draft.state, path)) return undefined;
  emit(draft, { type: 'step-reopened', step: path, generation: draft.state.generation + 1 });
  return { do: 'body', step: path };
}
