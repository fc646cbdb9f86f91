import type { Exit, ProviderErrorCode, SerializedProviderError } from '@pawl/provider';
import { failure } from './failure.ts';

/** Why the model's API did not answer: the same few reasons, whichever API it is and whichever CLI asked. */
export type ApiReason =
  | 'sign-in'
  /** The account's limit, or its money. */
  | 'quota'
  | 'model'
  | 'too-long'
  | 'rate'
  | 'busy'
  | 'network'
  /** Its own fault. */
  | 'server'
  | 'other';

interface Kind {
  readonly code: ProviderErrorCode;
  readonly retryable: boolean;
  /** What to do next, where the adapter knows nothing better. */
  readonly hint?: string;
}

const kinds: Readonly<Record<ApiReason, Kind>> = {
  'sign-in': { code: 'not-signed-in', retryable: false },
  quota: {
    code: 'quota-exhausted',
    retryable: false,
    hint: 'Add credit to the account, or use another agent.',
  },
  model: {
    code: 'model-not-found',
    retryable: false,
    hint: "Check the model's name in the workflow or in .pawl/config.yaml.",
  },
  'too-long': {
    code: 'context-too-long',
    retryable: false,
    hint: 'Start a new session, or give it less to read.',
  },
  rate: { code: 'rate-limited', retryable: true },
  busy: { code: 'overloaded', retryable: true },
  network: { code: 'network', retryable: true },
  server: { code: 'internal', retryable: true },
  other: { code: 'internal', retryable: false },
};

const reasons: Readonly<Record<number, ApiReason>> = {
  ...{ 401: 'sign-in', 402: 'quota', 403: 'sign-in', 404: 'model', 408: 'network', 413: 'too-long' },
  ...{ 429: 'rate', 499: 'rate', 503: 'busy', 529: 'busy' },
};

/** By the HTTP status. What the API says in words is often plainer: a 400 may be any of them. */
export const reasonOfStatus = (status: number): ApiReason => reasons[status] ?? (status >= 500 ? 'server' : 'other');

/** The first reason whose words are said. */
export const reasonOfWords = (
  said: string,
  words: readonly (readonly [pattern: RegExp, reason: ApiReason])[],
): ApiReason | undefined => words.find(([pattern]) => pattern.test(said))?.[1];

export interface ApiFailureMore {
  readonly exit?: Exit;
  /** In place of the usual ones. */
  readonly hints?: Readonly<Partial<Record<ApiReason, string>>>;
  readonly retryable?: boolean;
  /** How long the API asked to wait. */
  readonly retryAfterMs?: number | undefined;
}

/** What the API refused, in pawl's words; what the CLI said of it stays in the message. */
export function apiFailure(
  reason: ApiReason,
  said: string,
  { hints = {}, retryAfterMs, ...more }: ApiFailureMore = {},
): SerializedProviderError {
  const { code, retryable, hint: usual } = kinds[reason];
  const hint = hints[reason] ?? usual;
  const sentence = said.replace(/[.\s]*$/, '.');
  return failure(code, hint === undefined ? sentence : `${sentence} ${hint}`, {
    ...{ retryable, ...more },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}
