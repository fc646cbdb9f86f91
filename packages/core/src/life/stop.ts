import { type Draft, emit } from '../draft.ts';
import type { Following } from './next.ts';

/** Nothing new begins; when nothing is outstanding any more the run has ended. */
export function abort(draft: Draft, reason: string): Following {
  emit(draft, { type: 'abort-requested', reason });
  endStopped(draft);
  return undefined;
}

export function endStopped(draft: Draft): void {
  if (draft.state.status === 'stopping' && Object.keys(draft.state.open).length === 0)
    emit(draft, { type: 'run-ended', end: draft.state.interrupted ? 'interrupted' : 'aborted' });
}
