import type { Exit, JsonObject, TurnOutcome } from '@pawl/provider';
import { asObject, asString, crashed, failure } from '@pawl/provider-kit';
import { refused } from './api-failure.ts';
import { startFailure, withoutNoise } from './start-failure.ts';

export interface Ending {
  readonly exit: Exit;
  /** The `result` line. */
  readonly result: JsonObject | undefined;
  /** Lines of type `error`. */
  readonly complaints: readonly JsonObject[];
  /** The last text of the agent. */
  readonly text: string;
  /** Its output ends in the middle of a line. */
  readonly broken: boolean;
}

/**
 * How a turn ended. Neither half is enough: a CLI that was told to end exits with 0 and no result, and an empty answer ends
 * in a result that failed, with 0 too. Codes of failures are HTTP statuses, less 256 as often as it goes.
 */
export function outcome({ exit, result, complaints, text, broken }: Ending): TurnOutcome {
  if (!result) return unfinished(exit, text, broken);
  const complaint = complaints.map((one) => asString(one.message) ?? '').find((message) => message !== '');
  if (result.status === 'success') return succeeded(exit, complaint, text);
  const error = asObject(result.error);
  const said = asString(error?.message) ?? complaint ?? 'Gemini CLI failed without saying why.';
  if (error?.type === 'FatalTurnLimitedError') return { kind: 'limited', limit: 'turns', text };
  if (error?.type === 'FatalCancellationError') {
    const message = 'Gemini CLI was interrupted from outside.';
    return { kind: 'failed', error: failure('crashed', message, { retryable: true, exit }) };
  }
  if (/exceeded the token limit/.test(said)) return { kind: 'limited', limit: 'output-tokens', text };
  if (/response was blocked due to/.test(said)) return { kind: 'refused', reason: said };
  if (!error) return { kind: 'failed', error: failure('internal', said, { retryable: true, exit }) };
  return { kind: 'failed', error: refused(said, exit) };
}

function succeeded(exit: Exit, complaint: string | undefined, text: string): TurnOutcome {
  if (complaint !== undefined) {
    if (/maximum session turns/i.test(complaint)) return { kind: 'limited', limit: 'turns', text };
    // A hook of the user's had the last word.
    if (/^Agent execution blocked/.test(complaint)) return { kind: 'refused', reason: complaint };
    return { kind: 'failed', error: failure('internal', `Gemini CLI: ${complaint}`, { retryable: true, exit }) };
  }
  // Ended from outside after its last word: the word counts.
  const orderly = exit.code === undefined || exit.code === 0;
  if (!orderly) return { kind: 'failed', error: crashed('Gemini CLI', exit) };
  return { kind: 'completed', text };
}

function unfinished(noisy: Exit, text: string, broken: boolean): TurnOutcome {
  if (noisy.code === 53) return { kind: 'limited', limit: 'turns', text };
  if (noisy.code === 0 && broken) {
    const message = 'The end of what Gemini CLI said was lost: it does not wait until its output is read.';
    return { kind: 'failed', error: failure('crashed', message, { retryable: true, exit: noisy }) };
  }
  const exit = { ...noisy, stderrTail: withoutNoise(noisy.stderrTail) };
  return { kind: 'failed', error: startFailure(exit) ?? crashed('Gemini CLI', exit) };
}
