import type { TurnEnd } from '@pawl/provider';
import type { Verdict } from './definition.ts';
import { sound } from './frame.ts';

/** The last event of a turn. `lost`: its session cannot be gone on with. */
export function turnEnd(
  { model, messageId, outcome, usage, session }: Verdict,
  { lost, ms, unknownLines }: { readonly lost: boolean; readonly ms: number; readonly unknownLines: number },
): TurnEnd {
  return {
    type: 'turn-end',
    outcome,
    usage: sound(usage),
    session: lost ? undefined : session,
    ...(model === undefined ? {} : { model }),
    ...(messageId === undefined || lost ? {} : { messageId }),
    durationMs: Math.max(0, Math.round(ms)),
    unknownLines,
  };
}
