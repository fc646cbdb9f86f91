import type { Exit, JsonObject, TurnOutcome } from '@pawl/provider';
import { asObject, asString, crashed, failure } from '@pawl/provider-kit';
import { refused } from './api-failure.ts';
import { startFailure, withoutNoise } from './start-failure.ts';

export interface Ending {
  readonly exit: Exit;
  /** The `result` line. */
  readonly result: JsonObject | undefined;
  /** The last text of the agent. */
  readonly text: string;
}

/** How a turn ended. Limits that the CLI keeps, and signals, end it without a result. */
export function outcome({ exit, result, text }: Ending): TurnOutcome {
  if (!result) return unfinished(exit, text);
  if (result.is_error === true) return failed(result, text, exit);
  // Ended from outside after its last word: the word counts. Any other code is a failure that it did not tell.
  const orderly = exit.code === undefined || exit.code === 0 || exit.code > 128;
  if (!orderly) return { kind: 'failed', error: crashed('Qwen Code', quiet(exit)) };
  const json = result.structured_result;
  return { kind: 'completed', text: asString(result.result) ?? text, ...(json === undefined ? {} : { json }) };
}

function failed(result: JsonObject, text: string, exit: Exit): TurnOutcome {
  const said = asString(asObject(result.error)?.message) ?? 'Qwen Code failed without saying why.';
  // It answered, but not by the tool that a schema asks for: whoever wants the value finds it in the text, or not.
  if (/plain text instead of calling the structured_output tool/.test(said)) return { kind: 'completed', text };
  if (/data_?inspection_?failed|content_?filter|inappropriate content/i.test(said))
    return { kind: 'refused', reason: said };
  return { kind: 'failed', error: refused(said, exit) };
}

function unfinished(noisy: Exit, text: string): TurnOutcome {
  const exit = quiet(noisy);
  if (exit.code === 53) return { kind: 'limited', limit: 'turns', text };
  if (exit.code === 55) {
    const said = exit.stderrTail.split('\n').find((line) => /budget/.test(line)) ?? 'a budget was exceeded';
    return { kind: 'failed', error: failure('internal', `Qwen Code stopped itself: ${said.trim()}`, { exit }) };
  }
  return { kind: 'failed', error: startFailure(exit) ?? crashed('Qwen Code', exit) };
}

function quiet(exit: Exit): Exit {
  return { ...exit, stderrTail: withoutNoise(exit.stderrTail) };
}
