import type { LeaseHolder } from './lease.ts';

export type StoreErrorCode =
  /** Another process held the database longer than the busy timeout. */
  | 'store-locked'
  | 'store-read-only'
  /** Damaged, or not a database at all. Nothing was written to it. */
  | 'store-corrupt'
  /** A database of another program. Nothing was written to it. */
  | 'store-foreign'
  /** Made by a newer pawl. Nothing was written to it. */
  | 'store-newer'
  | 'store-full'
  /** No such folder, no permission, no such disk, the file was moved away. */
  | 'store-unavailable'
  | 'store-closed'
  /** The log is not where the writer thinks; `last` is its last sequence number. */
  | 'stale-sequence'
  /** Another process writes this run; `holder` is it. */
  | 'run-busy'
  /** Another process works in this session; `holder` is it. */
  | 'session-busy'
  | 'no-such-session'
  /** The caller's value cannot be stored or looked up: an id, a limit, an event that is not JSON. */
  | 'bad-request';

export interface StoreErrorDetails {
  readonly code: StoreErrorCode;
  /** Says what happened and what to do next. */
  readonly message: string;
  readonly last?: number;
  readonly holder?: LeaseHolder;
}

const marker = Symbol.for('pawl.session-store-error.v1');

/** What every method of a store rejects with. Use {@link StoreError.is}: `instanceof` fails across copies. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly details: StoreErrorDetails;

  constructor(details: StoreErrorDetails, options?: ErrorOptions) {
    super(details.message, options);
    this.details = details;
    Object.defineProperty(this, marker, { value: true });
  }

  get code(): StoreErrorCode {
    return this.details.code;
  }

  static is(value: unknown): value is StoreError {
    return typeof value === 'object' && value !== null && marker in value;
  }
}
