import { type Exit, ProviderError, type ProviderErrorCode, type SerializedProviderError } from '@pawl/provider';

/** A failure that the CLI's end explains: its exit code and the end of its standard error come with it. */
export function failure(
  code: ProviderErrorCode,
  message: string,
  more: { readonly retryable?: boolean; readonly retryAfterMs?: number; readonly exit?: Exit } = {},
): SerializedProviderError {
  const { exit, retryable = false, retryAfterMs } = more;
  return {
    code,
    message,
    retryable,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(exit?.code === undefined ? {} : { exitCode: exit.code }),
    ...(exit?.stderrTail ? { stderrTail: exit.stderrTail } : {}),
  };
}

/** For a CLI that ended without a result: how it ended, and the last thing it said. */
export function crashed(title: string, exit: Exit): SerializedProviderError {
  const how = exit.signal ? `was ended by ${exit.signal}` : `ended with code ${exit.code ?? 'unknown'}`;
  const last = exit.stderrTail.trimEnd().split('\n').at(-1)?.trim();
  return failure('crashed', `${title} ${how} before it gave a result${last ? `: ${last}` : ''}.`, {
    retryable: true,
    exit,
  });
}

export function refuse(code: ProviderErrorCode, message: string): ProviderError {
  return new ProviderError(failure(code, message));
}

/** Whatever an adapter threw, as data. */
export function caught(error: unknown, what: string): SerializedProviderError {
  if (ProviderError.is(error)) return error.details;
  return failure('internal', `${what}: ${error instanceof Error ? error.message : String(error)}`);
}

/** It asks, and does not take the answers. */
export function notHeard(title: string): SerializedProviderError {
  const message = `${title} keeps asking and does not read the answers; it was stopped.`;
  return failure('protocol', message, { retryable: true });
}

/** Why a program did not start. */
export function notStarted(exit: Exit, file: string, title: string, install: string): SerializedProviderError {
  const error = exit.error;
  switch (error?.code) {
    case 'not-found':
      return failure('not-installed', `${title} was not found: there is no program ${file} on PATH. ${install}`);
    case 'not-executable':
      return failure('not-installed', `${file} is not a program that can be run (${error.message}). ${install}`);
    case 'bad-cwd':
      return failure('bad-option', `${title} could not be started in its folder: ${error.message}`);
    default:
      return failure('internal', `${title} could not be started: ${error?.message ?? 'unknown reason'}`);
  }
}
