import type { Exit, ProviderErrorCode, SerializedProviderError } from '@pawl/provider';
import { failure } from '@pawl/provider-kit';

const known: readonly (readonly [pattern: RegExp, code: ProviderErrorCode, hint: string])[] = [
  [/No session found matching/, 'session-not-found', 'Start a new session.'],
  [
    /Session found in different project/,
    'session-not-found',
    'A session of Pi goes on only in its own folder: work there, or fork it into this one.',
  ],
  [/Model ".*" not found/, 'model-not-found', "Check the model's name; `pi --list-models` shows what there is."],
  [/No API key found|No models available/, 'not-signed-in', 'Run `pi` and sign in with /login, or set a key.'],
  [/Session id must be non-empty/, 'bad-option', 'Choose another id.'],
  [/session .* already exists/i, 'bad-option', 'Choose another id, or resume that session.'],
  [/working directory .*(no longer|does not) exist/i, 'session-not-found', 'Fork the session into another folder.'],
  [
    /Failed to load extension ".*pawl-keep-inside/,
    'unsupported',
    'Without that extension Pi cannot be held to access edit: install Pi anew, with all it needs, or give the step access full.',
  ],
  [/Failed to load extension/, 'bad-option', 'Correct or remove that extension.'],
  [/Unknown option/, 'protocol', 'This version of Pi does not know a flag that pawl uses: update it.'],
  [/does not provide an export named/, 'not-installed', 'Pi needs Node 22.19 or newer; put one first on PATH.'],
  [/cannot be combined with/, 'protocol', 'This version of Pi does not take the flags that pawl uses: update it.'],
];

/** What Pi says on standard error when it does not even begin. */
export function startFailure(exit: Exit): SerializedProviderError | undefined {
  for (const [pattern, code, hint] of known) {
    const said = exit.stderrTail.split('\n').find((line) => pattern.test(line));
    if (said !== undefined) return failure(code, `${said.trim().replace(/\.?$/, '.')} ${hint}`, { exit });
  }
  return undefined;
}
