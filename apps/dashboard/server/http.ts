import type { Role } from '../wire.ts';

/** What a handler is given: already let in, its body parsed, its ids in the form of ids. */
export interface Request {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** JSON of a write, else undefined. */
  readonly body: unknown;
  readonly user: User;
  readonly lastEventId: string | undefined;
  /** The client is gone. */
  readonly signal: AbortSignal;
}

export interface User {
  readonly name: string;
  readonly role: Role;
}

export interface Answer {
  readonly status: number;
  /** JSON. Every text in it is cleaned on its way out. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Server-sent events in the place of a body. */
  readonly events?: AsyncIterable<ServerEvent>;
  /** A download in the place of a body, as it is. */
  readonly download?: AsyncIterable<string | Uint8Array>;
}

export interface ServerEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

export interface Route<House> {
  readonly method: 'GET' | 'POST';
  /** `:name` is one segment. */
  readonly path: string;
  /** Who may; every `POST` is a write. */
  readonly role: Role;
  handle(house: House, request: Request): Answer | Promise<Answer>;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
