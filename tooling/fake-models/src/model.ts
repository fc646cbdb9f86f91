import type { IncomingHttpHeaders } from 'node:http';

/** A scripted model that listens on loopback. */
export interface FakeModel<Request, Turn> {
  /** `http://127.0.0.1:<port>`, what the agent is given as its base URL. */
  readonly url: string;
  /** Every request that came in, in order, answered or not. */
  readonly requests: readonly RecordedRequest<Request>[];
  /** Appends to the script. */
  push(...turns: readonly Turn[]): void;
  /** Turns of the script that nobody asked for yet. */
  pending(): number;
  /** Resolves when `count` requests that count as turns have come in; rejects after `deadlineMs`. */
  waitForTurns(count: number, deadlineMs: number): Promise<void>;
  /** Ends every connection, also those that hang. Idempotent. */
  close(): Promise<void>;
}

export interface RecordedRequest<Request> {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Undefined where the request had no body or none that is JSON. */
  readonly body: Request | undefined;
  /** `turn`: took the next turn of the script. `side`: a title, a quota probe and the like. */
  readonly kind: 'turn' | 'side' | 'other';
}
