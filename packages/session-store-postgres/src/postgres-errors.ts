import { StoreError, type StoreErrorCode } from '@pawl/session-store';

/** SQLSTATE, whole or its class (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const codes: Readonly<Record<string, StoreErrorCode>> = {
  '22': 'bad-request', // data exception: a value of a wrong type or size
  '23': 'bad-request', // integrity constraint
  '25006': 'store-read-only',
  '40': 'store-locked', // deadlock, serialization
  '42501': 'store-read-only', // insufficient privilege
  '53100': 'store-full',
  '54': 'bad-request', // program limit: too large
  '55P03': 'store-locked', // lock not available
  '57014': 'store-locked', // cancelled by a timeout
  XX001: 'store-corrupt',
  XX002: 'store-corrupt',
};

const advice: Partial<Record<StoreErrorCode, string>> = {
  'store-locked': 'is in use by another process that does not let go. Wait until it is done, then try again',
  'store-read-only': 'cannot be written. Give this user the right to, or name a server that is no replica',
  'store-corrupt': 'is damaged. Nothing was changed. Put a backup in its place',
  'store-full': 'cannot grow: the disk is full. Nothing stored was lost. Make room and try again',
  'store-unavailable': 'cannot be reached. Check that the server runs, its address, the user and the password',
  'bad-request':
    'does not take a value of that type or size. Numbers are integers (milliseconds, tokens); large texts go into files',
};

/** A thrown value of the client or the server as a StoreError; mistakes of ours as they are. */
export function toStoreError(cause: unknown, place: string): unknown {
  if (StoreError.is(cause) || !(cause instanceof Error) || !('code' in cause)) return cause;
  const state = String(cause.code);
  const code = codes[state] ?? codes[state.slice(0, 2)] ?? 'store-unavailable';
  return storeError(code, place, cause);
}

export function storeError(code: StoreErrorCode, place: string, cause?: Error): StoreError {
  const why = cause === undefined || cause.message === '' ? '' : ` (${cause.message})`;
  return new StoreError({ code, message: `The store (${place}) ${advice[code] ?? code}${why}.` }, { cause });
}
