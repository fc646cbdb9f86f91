import { type Draft, emit } from '../draft.ts';
import type { Failure } from '../events.ts';
import { bodyFrame } from '../frames.ts';
import { frameAt } from '../lookup.ts';
import type { Frame } from '../state.ts';
import type { Following } from './next.ts';

/** The lane is merged with what resolved it, or has failed: its own work is on its branch as before. */
export function conflictEnded(draft: Draft, frame: Frame, failure: Failure | undefined): Following {
  const body = frameAt(draft.state, bodyFrame(frame.owner, frame.index));
  if (!failure || !body) return { do: 'body', step: frame.owner };
  const message = `${conflictOf(body, frame.conflict?.files ?? [])}, and it was not resolved: ${failure.message}`;
  const stopped = failure.reason === 'run-limit' || failure.reason === 'cancelled';
  const reason = stopped ? failure.reason : 'conflict';
  return laneFailed(draft, body, { ...failure, reason, message, final: true });
}

export const conflictOf = ({ lane }: Frame, files: readonly string[]): string =>
  `lane ${lane} conflicts with what was merged before it in ${files.slice(0, 10).join(', ')}`;

export function laneFailed(draft: Draft, { id, owner }: Frame, failure: Failure): Following {
  emit(draft, { type: 'frame-ended', step: owner, frame: id, end: 'failed', failure });
  return { do: 'body', step: owner };
}
