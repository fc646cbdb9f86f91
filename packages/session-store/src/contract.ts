import type { Control, ControlEnd, RunEnd, RunEvent } from '@pawl/core';
import type { Lease, LeaseHolder } from './lease.ts';
import type { SessionCatalogue } from './session-contract.ts';

/**
 * All that must outlive a process. Small enough for another database; the conformance suite says what each method
 * promises. Methods reject with a `StoreError` and never throw.
 */
export interface SessionStore {
  readonly runs: RunStore;
  readonly sessions: SessionCatalogue;
  /** Idempotent. Every call after it rejects with `store-closed`. */
  close(): Promise<void>;
}

export interface RunStore {
  /**
   * All of the events or none, in one transaction, with the run's record. `expected` is the last sequence number the
   * writer has seen; 0: the run must not exist. Rejects with `stale-sequence` when it is another. Resolves to the new
   * last sequence number; what was resolved survives the death of the process. No events: nothing is written.
   */
  append(run: string, expected: number, events: readonly RunEvent[]): Promise<number>;
  /** In order, from the one behind `after` on (0: all), at most `limit` of them. An unknown run has none. */
  read(run: string, after?: number, limit?: number): Promise<readonly StoredEvent[]>;
  /** Newest first. */
  list(filter?: RunFilter): Promise<readonly RunRecord[]>;
  /** The run of that id, else the newest ones (at most 20) whose id begins with it. */
  find(idOrPrefix: string): Promise<readonly RunRecord[]>;
  /**
   * One writer per run. Rejects with `run-busy` while there is a holder for which `isAlive` answers true; takes over
   * from a dead one. The run need not exist yet.
   */
  acquire(run: string, holder: LeaseHolder, isAlive: (holder: LeaseHolder) => boolean): Promise<Lease>;
  /** Who took the lease and did not release it; perhaps dead. */
  holder(run: string): Promise<LeaseHolder | undefined>;
  readonly controls: RunControls;
}

/**
 * What is asked of a run that a process has in hand: appended by anyone, taken up by the holder of the lease. `steerRun`
 * and `takeControls` are the two ends of it.
 */
export interface RunControls {
  /** Resolves to the number of the request. */
  ask(run: string, control: Control, at: number): Promise<number>;
  /** What was asked of a run and not answered yet, oldest first. */
  open(run: string): Promise<readonly ControlRecord[]>;
  /** The first answer stands. */
  end(number: number, end: ControlEnd): Promise<void>;
  find(number: number): Promise<ControlRecord | undefined>;
}

export interface ControlRecord {
  readonly number: number;
  readonly run: string;
  readonly at: number;
  /** Undefined: nothing that this version knows. */
  readonly control: Control | undefined;
  readonly end?: ControlEnd;
}

export interface StoredEvent {
  /** From 1, without gaps. */
  readonly seq: number;
  readonly event: RunEvent;
}

/** `running` also stands for a run whose process died: the caller asks whether its `holder` lives. */
export type RunStatus = 'running' | 'stopping' | RunEnd;

/** A run in a list, kept in step with its events. Times are milliseconds since the epoch. */
export interface RunRecord {
  readonly id: string;
  readonly workflow: string;
  readonly repository: string;
  readonly baseCommit: string;
  /** The branch the run started from; undefined for a detached HEAD. */
  readonly branch?: string;
  /** Where the specification came from, as the user wrote it. */
  readonly spec: string;
  readonly status: RunStatus;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** Why it failed, one line; of a run that is being stopped, the reason given. */
  readonly reason?: string;
  readonly lastSeq: number;
  /** Of the plan; absent: nobody in particular. */
  readonly owner?: string;
  /** Of the plan, in order. */
  readonly tags: readonly string[];
  readonly holder?: LeaseHolder;
}

export interface RunFilter {
  readonly repository?: string;
  readonly status?: RunStatus | readonly RunStatus[];
  readonly owner?: string;
  readonly workflow?: string;
  readonly tag?: string;
  /** Started at this time or later, and before that one. Milliseconds since the epoch. */
  readonly since?: number;
  readonly until?: number;
  /** 1 to 1000, default 50. */
  readonly limit?: number;
  /** The id of the last run of the page before. */
  readonly before?: string;
}
