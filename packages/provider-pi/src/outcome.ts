import type { Exit, JsonObject, SerializedProviderError, TurnOutcome } from '@pawl/provider';
import { asArray, asObject, asString, crashed, failure } from '@pawl/provider-kit';
import { refused } from './api-failure.ts';
import { startFailure } from './start-failure.ts';

export interface Ending {
  readonly exit: Exit;
  /** The last message of the model. */
  readonly last: JsonObject | undefined;
  /** Pi said that it goes on no more. */
  readonly settled: boolean;
  /** Pi told its session. */
  readonly begun: boolean;
  /** Pi began to work on the prompt. */
  readonly working: boolean;
  /** A line with a message was longer than a line may be. */
  readonly cut: boolean;
  /** What Pi waited before its last try of its own. */
  readonly retryDelayMs: number | undefined;
}

/** How a turn ended. Pi exits with 0 whatever the model provider said: the last message is what counts. */
export function outcome(ending: Ending): TurnOutcome {
  const { exit, last, settled, cut } = ending;
  if (cut) return { kind: 'failed', error: tooLong(exit) };
  if (!settled || !last) return { kind: 'failed', error: unfinished(ending) };
  const text = textOf(last);
  switch (last.stopReason) {
    case 'stop':
      return orderly(exit) ? { kind: 'completed', text } : { kind: 'failed', error: crashed('Pi', exit) };
    case 'length':
      return { kind: 'limited', limit: 'output-tokens', text };
    case 'error':
      return failed(asString(last.errorMessage) ?? '', ending);
    case 'aborted':
      return {
        kind: 'failed',
        error: failure('crashed', 'Pi was interrupted from outside.', { retryable: true, exit }),
      };
    default: {
      const message = `Pi stopped (${asString(last.stopReason) ?? 'no reason'}) before it gave a last answer.`;
      return { kind: 'failed', error: failure('protocol', message, { exit }) };
    }
  }
}

function failed(said: string, { exit, retryDelayMs }: Ending): TurnOutcome {
  if (/content_filter|refused to complete|finish_reason: refusal|\bsafety\b/i.test(said)) {
    return { kind: 'refused', reason: said };
  }
  return { kind: 'failed', error: refused(said, exit, retryDelayMs) };
}

function unfinished({ exit, begun, working }: Ending): SerializedProviderError {
  const known = startFailure(exit);
  if (known) return known;
  if (begun && !working && exit.code === 0)
    return failure('bad-option', 'Pi does nothing on an empty prompt.', { exit });
  return crashed('Pi', exit);
}

function tooLong(exit: Exit): SerializedProviderError {
  return failure('protocol', 'A message of Pi came in a line that is longer than a line may be.', { exit });
}

/** Ended from outside after its last word: the word counts. Any other code is a failure that it did not tell. */
function orderly({ code }: Exit): boolean {
  return code === undefined || code === 0 || code > 128;
}

export function textOf(message: JsonObject): string {
  const blocks = asArray(message.content).map((part) => asObject(part));
  return blocks.flatMap((block) => (block?.type === 'text' ? (asString(block.text) ?? []) : [])).join('');
}
