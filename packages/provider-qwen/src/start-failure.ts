import type { Exit, ProviderErrorCode, SerializedProviderError } from '@pawl/provider';
import { failure } from '@pawl/provider-kit';

const known: readonly (readonly [pattern: RegExp, code: ProviderErrorCode, hint: string])[] = [
  [
    /Unknown arguments?:|Invalid values:|must be used with|cannot be (used|combined)/i,
    'protocol',
    'This version of Qwen Code does not take a flag that pawl uses: update it.',
  ],
  [/No saved session found with/i, 'session-not-found', 'Start a new session.'],
  [/Session Id .* already exists/i, 'bad-option', 'Choose another id, or resume that session.'],
  [/Invalid --session-id|must be a valid UUID/i, 'bad-option', 'Session ids are UUIDs.'],
  [/No input provided via stdin/i, 'bad-option', 'Give it a prompt that is not empty.'],
  [/^--json-schema (?!.* {2})/i, 'bad-option', 'The output schema is not one that Qwen Code takes.'],
  [/yolo.*(disabled|not allowed)/i, 'unsupported', 'Access full is not allowed on this machine; use access edit.'],
  [/No auth type is selected/i, 'not-signed-in', 'Run `qwen` and sign in with /auth, or set OPENAI_API_KEY.'],
];

const noise = [/^Ripgrep not available/, /^Warning: running headless with --yolo/, /^Retrying /, /^\s+at /];

/** Standard error without what the CLI says in every run. */
export function withoutNoise(stderr: string): string {
  const lines = stderr.split('\n');
  return lines.filter((line) => !noise.some((pattern) => pattern.test(line))).join('\n');
}

/** What Qwen Code says on standard error when it does not even begin. */
export function startFailure(exit: Exit): SerializedProviderError | undefined {
  for (const [pattern, code, hint] of known) {
    const said = exit.stderrTail.split('\n').find((line) => pattern.test(line));
    if (said !== undefined) return failure(code, `${said.trim().replace(/\.?$/, '.')} ${hint}`, { exit });
  }
  return undefined;
}
