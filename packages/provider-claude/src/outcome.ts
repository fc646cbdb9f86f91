import type { Exit, JsonObject, TurnOutcome } from '@pawl/provider';
import { asArray, asFigure, asString, crashed, failure } from '@pawl/provider-kit';
import { refused } from './api-failure.ts';
import { startFailure } from './start-failure.ts';

export interface Ending {
  readonly exit: Exit;
  /** The last `result` line. */
  readonly result: JsonObject | undefined;
  /** The message that stood in for an answer of the API. */
  readonly apiError: JsonObject | undefined;
  /** The last text of the agent. */
  readonly text: string;
  /** What the CLI waited before its last try of its own. */
  readonly retryDelayMs: number | undefined;
}

/** How a turn ended. `subtype` says `success` for API errors too, and an interrupt exits with 0: `is_error` is what counts. */
export function outcome(ending: Ending): TurnOutcome {
  const { exit, result, text } = ending;
  if (!result) return { kind: 'failed', error: startFailure(exit) ?? crashed('Claude Code', exit) };
  const said = asString(result.result) ?? text;
  switch (asString(result.terminal_reason) ?? asString(result.subtype)) {
    case 'max_turns':
    case 'error_max_turns':
      return { kind: 'limited', limit: 'turns', text };
    case 'budget_exhausted':
    case 'error_max_budget_usd':
      return { kind: 'limited', limit: 'costUsd', text };
  }
  if (result.api_error === 'max_output_tokens') return { kind: 'limited', limit: 'output-tokens', text };
  if (result.is_error === true) {
    if (result.stop_reason === 'refusal') return { kind: 'refused', reason: said };
    return { kind: 'failed', error: failed(ending, result, said) };
  }
  // Ended from outside after its last word: the word counts. Any other code is a failure that it did not tell.
  const orderly = exit.code === undefined || exit.code === 0 || exit.code > 128;
  if (!orderly) return { kind: 'failed', error: crashed('Claude Code', exit) };
  const json = result.structured_output;
  return { kind: 'completed', text: said, ...(json === undefined ? {} : { json }) };
}

function failed(ending: Ending, result: JsonObject, said: string) {
  const { exit, apiError, retryDelayMs } = ending;
  const errors = asArray(result.errors).flatMap((error) => asString(error) ?? []);
  if (asString(result.terminal_reason)?.startsWith('aborted')) {
    return failure('crashed', 'Claude Code was interrupted from outside.', { retryable: true, exit });
  }
  if (result.subtype === 'error_during_execution') {
    const message = errors.join('; ') || said || 'Claude Code failed without saying why.';
    return startFailure({ ...exit, stderrTail: message }) ?? failure('internal', message, { retryable: true, exit });
  }
  return refused({
    status: asFigure(result.api_error_status),
    kind: asString(result.api_error) ?? asString(apiError?.error),
    tooLong: result.terminal_reason === 'prompt_too_long',
    said,
    retryDelayMs,
    exit,
  });
}
