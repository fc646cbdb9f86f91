import type { Exit, JsonObject, SerializedProviderError, TurnOutcome } from '@pawl/provider';
import { asObject, asString, crashed, failure } from '@pawl/provider-kit';
import { refused } from './api-failure.ts';
import { saidLine } from './said.ts';
import { otherAgent, startFailure } from './start-failure.ts';

export interface Ending {
  readonly exit: Exit;
  /** Why the last step ended; undefined while one is under way, and where there was none. */
  readonly reason: string | undefined;
  /** The error line that nothing came after. */
  readonly error: JsonObject | undefined;
  /** Text since the last step began. */
  readonly text: string;
  /** Something was asked of a user who is not there. */
  readonly rejected: boolean;
  /** A line with text was longer than a line may be. */
  readonly cut: boolean;
  /** There were errors that it got over: it exits with 1 for them all the same. */
  readonly recovered: boolean;
  /** OpenCode said anything. */
  readonly begun: boolean;
}

/** How a turn ended: OpenCode has no line for it. Exit code 0 is also that of an answer cut off, or stopped by a question. */
export function outcome(ending: Ending): TurnOutcome {
  const { exit, reason, error, text, rejected } = ending;
  const other = otherAgent(exit);
  if (other) return { kind: 'failed', error: other };
  if (error) return failed(error, ending);
  if (ending.cut) return fail('A text of OpenCode came in a line that is longer than a line may be.', exit);
  const { code = 0 } = exit;
  const orderly = code === 0 || code > 128 || (code === 1 && ending.recovered);
  if (!orderly || reason === undefined) return { kind: 'failed', error: unfinished(ending) };
  switch (reason) {
    case 'stop':
      return { kind: 'completed', text };
    case 'length':
      return { kind: 'limited', limit: 'output-tokens', text };
    case 'content-filter':
      return { kind: 'refused', reason: text || 'The model refused.' };
    default:
      if (rejected) return { kind: 'failed', error: asked(exit) };
      return fail(`OpenCode stopped (${reason}) before it gave a last answer.`, exit);
  }
}

function failed(error: JsonObject, { exit, text }: Ending): TurnOutcome {
  const name = asString(error.name) ?? '';
  const said = asString(asObject(error.data)?.message) ?? name;
  if (/ContentFilter|refus/i.test(name)) return { kind: 'refused', reason: said };
  if (name === 'MessageOutputLengthError') return { kind: 'limited', limit: 'output-tokens', text };
  if (name === 'MessageAbortedError') {
    const message = 'OpenCode was interrupted from outside.';
    return { kind: 'failed', error: failure('crashed', message, { retryable: true, exit }) };
  }
  return { kind: 'failed', error: refused(error, exit) };
}

function unfinished({ exit, begun }: Ending): SerializedProviderError {
  const known = startFailure(exit);
  if (known) return known;
  if (exit.code !== 0) return crashed('OpenCode', exit);
  const message = begun
    ? 'OpenCode ended before all of its last answer was told: it does not wait until its output has been taken.'
    : 'OpenCode ended without a word.';
  return failure('protocol', message, { retryable: begun, exit });
}

function asked(exit: Exit): SerializedProviderError {
  const what = /permission requested: (.*?); auto-rejecting/.exec(
    saidLine(exit.stderrTail, /permission requested/) ?? '',
  )?.[1];
  const message = `OpenCode stopped to ask for a permission (${what ?? 'see its output'}), and nobody was there.`;
  return failure('unsupported', `${message} Allow or deny it in opencode.json, or give the step access full.`, {
    exit,
  });
}

function fail(message: string, exit: Exit): TurnOutcome {
  return { kind: 'failed', error: failure('protocol', message, { exit }) };
}
