import type { Exit, SerializedProviderError } from '@pawl/provider';
import { failure } from '@pawl/provider-kit';

interface ApiError {
  /** The HTTP status; undefined when no answer came. */
  readonly status: number | undefined;
  /** The CLI's own word: `authentication_failed`, `rate_limit`, `billing_error`, … */
  readonly kind: string | undefined;
  readonly tooLong: boolean;
  readonly said: string;
  readonly retryDelayMs: number | undefined;
  readonly exit: Exit;
}

/** What the API refused, in our words. What the CLI said stays in the message. */
export function apiFailure({ status, kind, tooLong, said, retryDelayMs, exit }: ApiError): SerializedProviderError {
  const told = said.replace(/[.\s]*$/, '.');
  const reason = tooLong ? 'too-long' : /credit balance|usage credits/i.test(said) ? 'credit' : word(status, kind);
  switch (reason) {
    case 'too-long':
      return failure('context-too-long', `${told} Start a new session, or give it less to read.`, { exit });
    case 'credit':
      return failure('quota-exhausted', `${told} Add credit to the account, or use another agent.`, { exit });
    case 'sign-in':
      return failure('not-signed-in', `${told} Run \`claude\` and sign in, or set ANTHROPIC_API_KEY.`, { exit });
    case 'model':
      return failure('model-not-found', `${told} Check the model's name in the workflow or in .pawl/config.yaml.`, {
        exit,
      });
    case 'rate':
      // How long it waited before its own last try: what the server asked for, where it did.
      return failure('rate-limited', told, {
        ...{ retryable: true, exit },
        ...(retryDelayMs === undefined ? {} : { retryAfterMs: retryDelayMs }),
      });
    case 'busy':
      return failure('overloaded', told, { retryable: true, exit });
    case 'network':
      return failure('network', told, { retryable: true, exit });
    case 'server':
      return failure('internal', told, { retryable: true, exit });
    default:
      return failure('internal', told, { exit });
  }
}

function word(status: number | undefined, kind: string | undefined): string {
  if (status === undefined) return words.get(kind ?? '') ?? 'server';
  return statuses[status] ?? (status >= 500 ? 'server' : 'other');
}

const statuses: Readonly<Record<number, string>> = {
  ...{
    401: 'sign-in',
    402: 'credit',
    403: 'sign-in',
    404: 'model',
    413: 'too-long',
    429: 'rate',
    503: 'busy',
    529: 'busy',
  },
};

/** The CLI's words, for where no HTTP answer came. `unknown` is what it calls a connection that broke. */
const words = new Map([
  ['authentication_failed', 'sign-in'],
  ['billing_error', 'credit'],
  ['rate_limit', 'rate'],
  ['overloaded', 'busy'],
  ['model_not_found', 'model'],
  ['invalid_request', 'other'],
  ['connection_failed', 'network'],
  ['unknown', 'network'],
]);
