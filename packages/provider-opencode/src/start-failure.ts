import type { Exit, ProviderErrorCode, SerializedProviderError } from '@pawl/provider';
import { failure } from '@pawl/provider-kit';
import { saidLine } from './said.ts';

const known: readonly (readonly [pattern: RegExp, code: ProviderErrorCode, hint: string])[] = [
  [/Session not found/, 'session-not-found', 'Start a new session.'],
  [/Expected a string starting with \\?"ses/, 'bad-option', 'Sessions of OpenCode are named ses_….'],
  [/must provide a message/, 'bad-option', 'OpenCode takes no empty prompt.'],
  [/Failed to change directory/, 'bad-option', 'Give it a folder that is there.'],
  [
    /run opencode with a message|Unknown argument/,
    'protocol',
    'This version of OpenCode does not know a flag of pawl: update it.',
  ],
  [
    /ConfigInvalidError|ConfigJsonError|Config(uration)? .*is invalid/,
    'bad-option',
    'Correct the configuration of OpenCode.',
  ],
];

/** Two that start at once make the tables of a new store, or of one that an update changes, at once: one of them fails. */
const settingUp = /Failed query|database is locked/;

/** What OpenCode says on standard error when it does not even begin. */
export function startFailure(exit: Exit): SerializedProviderError | undefined {
  if (saidLine(exit.stderrTail, settingUp) !== undefined) {
    const message = 'OpenCode could not open its store, which another one may have been setting up. Try again.';
    return failure('crashed', message, { retryable: true, exit });
  }
  for (const [pattern, code, hint] of known) {
    const said = saidLine(exit.stderrTail, pattern);
    if (said !== undefined) return failure(code, `${said.slice(0, 500).replace(/\.?$/, '.')} ${hint}`, { exit });
  }
  return undefined;
}

/** OpenCode takes its default agent for one it does not know, whose permissions are others. */
export function otherAgent(exit: Exit): SerializedProviderError | undefined {
  const said = saidLine(exit.stderrTail, /agent ".*" not found\. Falling back/);
  if (said === undefined) return undefined;
  const message = 'OpenCode did not take the agent that keeps to the access word, and worked with its default one.';
  return failure('unsupported', `${message} Give the step access full, or use another agent.`, { exit });
}
