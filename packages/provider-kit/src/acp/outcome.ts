import type { JsonObject, TurnOutcome } from '@pawl/provider';
import { failure } from '../failure.ts';
import { asString } from '../json.ts';

/** How a prompt ended, by its stop reason. */
export function outcomeOf(title: string, result: JsonObject, text: string): TurnOutcome {
  const reason = asString(result.stopReason);
  switch (reason) {
    case 'end_turn':
      return { kind: 'completed', text };
    case 'max_tokens':
      return { kind: 'limited', limit: 'output-tokens', text };
    case 'max_turn_requests':
      return { kind: 'limited', limit: 'turns', text };
    case 'refusal':
      return { kind: 'refused', reason: text || `${title} refused the prompt.` };
    case 'cancelled': {
      // A cancel of ours is told by whoever stopped the turn.
      const message = `${title} says that the turn was cancelled, and nobody asked for that.`;
      return { kind: 'failed', error: failure('internal', message, { retryable: true }) };
    }
    default: {
      const message = `${title} ended the turn for a reason that pawl does not know: ${reason ?? 'none'}.`;
      return { kind: 'failed', error: failure('protocol', message) };
    }
  }
}
