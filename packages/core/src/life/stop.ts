import { type Draft, emit } from '../draft.ts';
import { onlyAsks } from '../outstanding.ts';
import type { Following } from './next.ts';

/**
 * Nothing new begins; when nothing is outstanding any more the run has ended. One that only waits for people ends as
 * interrupted at once and keeps its questions: they are asked again when it is resumed.
 */
export function abort(draft: Draft, reason: string, interrupted?: true): Following {
  const waits = onlyAsks(draft.state);
  if (draft.state.status === 'running' || draft.state.status === 'interrupted')
    emit(draft, { type: 'abort-requested', reason, ...(interrupted && { interrupted }) });
  if (interrupted && waits) emit(draft, { type: 'run-ended', end: 'interrupted' });
  else endStopped(draft);
  return undefined;
}

export function endStopped(draft: Draft): void {
  if (draft.state.status === 'stopping' && Object.keys(draft.state.open).length === 0)
    emit(draft, { type: 'run-ended', end: draft.state.interrupted ? 'interrupted' : 'aborted' });
}
