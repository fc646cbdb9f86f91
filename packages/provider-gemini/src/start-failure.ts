import type { Exit, ProviderErrorCode, SerializedProviderError } from '@pawl/provider';
import { failure } from '@pawl/provider-kit';

const known: readonly (readonly [pattern: RegExp, code: ProviderErrorCode, hint: string])[] = [
  [/Error resuming session|Invalid session identifier/i, 'session-not-found', 'Start a new session.'],
  [/Error importing session/i, 'session-not-found', 'Its transcript cannot be read; start a new session.'],
  [/Session ID ".*" already exists/i, 'bad-option', 'Choose another id, or resume that session.'],
  [/YOLO mode is disabled/i, 'unsupported', 'Access full is not allowed on this machine; use access edit.'],
  [/No input provided via stdin/i, 'bad-option', 'Give it a prompt that is not empty.'],
  [
    /error processing the @ command/i,
    'bad-option',
    'A word of the prompt that begins with @ names a file that cannot be read.',
  ],
  [
    /Unknown arguments?:|mutually exclusive|Invalid values:/i,
    'protocol',
    'This version of Gemini CLI does not take a flag that pawl uses: update it.',
  ],
];

const codes: Readonly<Record<number, readonly [code: ProviderErrorCode, message: string]>> = {
  41: ['not-signed-in', 'Gemini CLI is not signed in: run `gemini` and sign in, or set GEMINI_API_KEY.'],
  44: ['unsupported', 'The sandbox of Gemini CLI could not be started: check GEMINI_SANDBOX.'],
  52: ['bad-option', 'The settings of Gemini CLI are not valid: check ~/.gemini/settings.json.'],
  55: ['unsupported', 'Gemini CLI does not trust this folder: run `gemini` there once, and trust it.'],
};

const noise = [
  /^Warning: .*(terminal|color|--allowed-tools)/i,
  /^Ripgrep is not available/,
  /^YOLO mode is enabled/,
  /^\[STARTUP\]/,
  /^\s+at /,
  /^Update your environment and try again/,
];

/** Standard error without what the CLI says in every run. */
export function withoutNoise(stderr: string): string {
  const lines = stderr.split('\n');
  return lines.filter((line) => !noise.some((pattern) => pattern.test(line))).join('\n');
}

/** What Gemini CLI says on standard error, or by its exit code, when it does not even begin. */
export function startFailure(exit: Exit): SerializedProviderError | undefined {
  const lines = exit.stderrTail.split('\n');
  for (const [pattern, code, hint] of known) {
    const said = lines.find((line) => pattern.test(line));
    if (said !== undefined) return failure(code, `${said.trim().replace(/\.?$/, '.')} ${hint}`, { exit });
  }
  const told = exit.code === undefined ? undefined : codes[exit.code];
  if (!told) return undefined;
  const last = lines.map((line) => line.trim()).findLast((line) => line !== '');
  return failure(told[0], last === undefined ? told[1] : `${told[1]} It said: ${last}`, { exit });
}
