import type { Exit, ProviderErrorCode, SerializedProviderError } from '@pawl/provider';
import { failure } from '@pawl/provider-kit';

interface Known {
  readonly pattern: RegExp;
  readonly code: ProviderErrorCode;
  readonly hint: string;
  readonly retryable?: boolean;
}

const known: readonly Known[] = [
  { pattern: /no rollout found for thread id/, code: 'session-not-found', hint: 'Start a new session.' },
  { pattern: /session .* is archived/, code: 'session-not-found', hint: '' },
  {
    pattern: /already has an active writer/,
    code: 'unsupported',
    hint: 'Wait for the end of the other turn of this session.',
    retryable: true,
  },
  {
    pattern: /^error: (unexpected argument|unrecognized subcommand|invalid value)/,
    code: 'protocol',
    hint: 'This version of Codex does not know a flag that pawl or the options of the agent use: update it.',
  },
  { pattern: /^Error loading config/, code: 'bad-option', hint: 'Correct the configuration of Codex.' },
  { pattern: /^Output schema file .* is not valid JSON/, code: 'bad-option', hint: '' },
  { pattern: /^No prompt provided/, code: 'bad-option', hint: 'A prompt must not be empty.' },
  { pattern: /^Not inside a trusted directory/, code: 'bad-option', hint: '' },
];

/** Said in runs that go well too. */
const noise = [
  /^Reading (additional input|prompt) from stdin/,
  /^WARNING: proceeding, even though we could not create PATH aliases/,
  /^warning: Untrusted project-local configuration is disabled/,
];

/** Without what says nothing about the end. */
export function telling(exit: Exit): Exit {
  const lines = exit.stderrTail.split('\n').filter((line) => !noise.some((pattern) => pattern.test(line.trim())));
  return { ...exit, stderrTail: lines.join('\n') };
}

/** What Codex says on standard error when it does not even begin. */
export function startFailure(exit: Exit): SerializedProviderError | undefined {
  const lines = exit.stderrTail.split('\n').map((line) => line.trim());
  for (const { pattern, code, hint, retryable = false } of known) {
    const index = lines.findLastIndex((line) => pattern.test(line));
    if (index < 0) continue;
    const said = (lines[index] ?? '').replace(/^error: /i, '');
    // Where in the configuration is said in the next line.
    const more = said.endsWith(':') ? ` ${lines[index + 1] ?? ''}` : '';
    return failure(code, `${`${said}${more}`.replace(/\.?$/, '.')} ${hint}`.trim(), { exit, retryable });
  }
  return undefined;
}
