export type RunnerErrorCode =
  | 'unknown-run'
  | 'already-started'
  | 'not-running'
  | 'not-asking'
  /** The answer names other files than the question. */
  | 'answer-void'
  /** The core refused what the runner told it: a defect, and going on would do the same work again. */
  | 'decision-refused'
  /** The run has not ended and nothing is left to do: its log is damaged. */
  | 'nothing-outstanding'
  | 'unknown-provider'
  | 'context-missing'
  | 'setup-failed'
  /** Files that decide what git does were changed while an agent or a gate ran. */
  | 'git-changed'
  | 'file-too-large'
  | 'file-timeout'
  | 'outside-worktree'
  | 'bad-name'
  | 'blob-missing';

const marker = Symbol.for('pawl.runner-error.v1');

export class RunnerError extends Error {
  override readonly name = 'RunnerError';
  readonly code: RunnerErrorCode;

  constructor(code: RunnerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, marker, { value: true });
  }

  static is(value: unknown): value is RunnerError {
    return typeof value === 'object' && value !== null && marker in value;
  }
}

const longestMessage = 4000;

/** Any error as the outcome of an effect: its own code where it has one. It is stored: bounded. */
export function describe(error: unknown): { readonly code: string; readonly message: string } {
  if (typeof error !== 'object' || error === null) return { code: 'internal', message: bounded(String(error)) };
  const { code, message, name } = error as { code?: unknown; message?: unknown; name?: unknown };
  const told = [message, name].find((text) => typeof text === 'string' && text !== '');
  return {
    code: typeof code === 'string' && code !== '' ? code : 'internal',
    message: typeof told === 'string' ? bounded(told) : 'an error without a message',
  };
}

const bounded = (text: string): string => (text.length > longestMessage ? `${text.slice(0, longestMessage)}…` : text);
