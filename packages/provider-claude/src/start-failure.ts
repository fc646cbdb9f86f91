import type { Exit, ProviderErrorCode, SerializedProviderError } from '@pawl/provider';
import { failure } from '@pawl/provider-kit';

const known: readonly (readonly [pattern: RegExp, code: ProviderErrorCode, hint: string])[] = [
  [
    /cannot be used with root\/sudo privileges/,
    'unsupported',
    'Access full is refused to root; run as another user, or say that this machine is a sandbox: IS_SANDBOX=1.',
  ],
  [/No conversation found with session ID/i, 'session-not-found', 'Start a new session.'],
  [/No message found with message\.uuid/i, 'session-not-found', 'Fork the session at a message that it has.'],
  [/--resume requires a valid session ID/i, 'session-not-found', 'Start a new session.'],
  [/--resume ".*" matches \d+ sessions/i, 'session-not-found', 'Resume by the session id.'],
  [/Session ID .* is already in use/i, 'bad-option', 'Choose another id, or resume that session.'],
  [/Invalid session ID/i, 'bad-option', 'Session ids are UUIDs.'],
  [
    /unknown option|unknown argument/i,
    'protocol',
    'This version of Claude Code does not know a flag that pawl uses: update it.',
  ],
  [
    /invalid.*json.?schema|json.?schema.*(invalid|not valid)/i,
    'bad-option',
    'The output schema is not one that Claude Code takes.',
  ],
];

/** What Claude Code says on standard error when it does not even begin. */
export function startFailure(exit: Exit): SerializedProviderError | undefined {
  for (const [pattern, code, hint] of known) {
    const said = exit.stderrTail.split('\n').find((line) => pattern.test(line));
    if (said !== undefined) return failure(code, `${said.trim().replace(/\.?$/, '.')} ${hint}`, { exit });
  }
  return undefined;
}
