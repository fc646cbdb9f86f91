import type { SessionRef } from '@pawl/provider';

/** A process. `started` is when it began, in the system's own terms, so that a pid used again is not taken for it. */
export interface LeaseHolder {
  readonly pid: number;
  readonly started: string;
  readonly host: string;
}

export interface Lease {
  readonly run: string;
  /** Idempotent; does nothing once another has taken over. */
  release(): Promise<void>;
}

export interface SessionLease {
  readonly session: SessionKey;
  /** Idempotent; does nothing once another has taken over. */
  release(): Promise<void>;
}

/** A conversation, also one that the catalogue does not know yet. */
export type SessionKey = Pick<SessionRef, 'provider' | 'id'>;
