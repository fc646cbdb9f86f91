import type { Exit, Json, JsonObject, SerializedProviderError, TurnOutcome } from '@pawl/provider';
import { crashed, failure } from '@pawl/provider-kit';
import { turnFailure } from './failure.ts';
import type { Told } from './journal.ts';
import { withoutNulls } from './schema.ts';
import { startFailure } from './start-failure.ts';

export interface Ending {
  readonly exit: Exit;
  readonly completed: boolean;
  /** The last thing it said was wrong, which is not the end yet unless it failed. */
  readonly failed: string | undefined;
  readonly told: Told | undefined;
  /** The last message of the agent. */
  readonly text: string;
  readonly textCut: boolean;
  /** How often it last said that it waits for the network, with nothing else between. */
  readonly networkWaits: number;
  readonly schema: JsonObject | undefined;
}

export function outcome(ending: Ending): TurnOutcome {
  const { completed, exit, failed, told, text, textCut, schema } = ending;
  if (completed) {
    // Ended from outside after its last word: the word counts.
    if (exit.code !== undefined && exit.code !== 0 && exit.code <= 128) return fail(crashed('Codex', exit));
    if (textCut) return fail(failure('protocol', 'The last message of Codex is longer than a line may be.', { exit }));
    const json = schema && structured(text, schema);
    return { kind: 'completed', text, ...(json === undefined ? {} : { json }) };
  }
  if (failed === undefined) return fail(unfinished(ending));
  if (/reason: max_output_tokens/.test(failed)) return { kind: 'limited', limit: 'output-tokens', text };
  if (/reason: content_filter/.test(failed)) return { kind: 'refused', reason: failed };
  if (['cyber_policy', 'invalid_prompt', 'misalignment_policy_violation'].includes(told?.reason ?? '')) {
    return { kind: 'refused', reason: failed };
  }
  return fail(turnFailure(failed, told, exit));
}

function fail(error: SerializedProviderError): TurnOutcome {
  return { kind: 'failed', error };
}

function unfinished({ exit, networkWaits }: Ending): SerializedProviderError {
  if (networkWaits > 0) {
    const message = 'Codex reached no network; it would have waited for ever. Check the connection and the base URL.';
    return failure('network', message, { retryable: true, exit });
  }
  return startFailure(exit) ?? crashed('Codex', exit);
}

/** The CLI hands the schema to the API and does not look at the answer itself. */
function structured(text: string, schema: JsonObject): Json | undefined {
  try {
    return withoutNulls(JSON.parse(text) as Json, schema);
  } catch {
    return undefined;
  }
}
