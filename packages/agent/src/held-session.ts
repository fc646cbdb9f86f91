import { randomUUID } from 'node:crypto';
import type { MessageBody, SessionMessage, SessionRecord, SessionStore } from '@pawl/session-store';

/** Stands for a provider in the records of sessions that no agent keeps. */
export const heldProvider = 'pawl';

/** A conversation that the program holds itself, whatever model it talks to. It is the same in memory and in a store. */
export interface Session {
  readonly id: string;
  readonly title: string | undefined;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Oldest first; those that other objects or processes added to the same session come with the next `add`. */
  readonly messages: readonly SessionMessage[];
  readonly lastMessage: SessionMessage | undefined;
  /** With one more, the oldest is dropped. */
  readonly maxMessages: number;
  /** The session it was forked from. */
  readonly parentId: string | undefined;
  readonly isFork: boolean;
  /** All of them or none. */
  add(...messages: readonly Said[]): Promise<void>;
  /** A copy with an id and a future of its own. */
  fork(options?: { readonly title?: string }): Promise<Session>;
}

/** A text of somebody's, or any other message in the normalized form. */
export type Said = { readonly role: 'user' | 'assistant' | 'system'; readonly text: string } | MessageBody;

/** Where held sessions are, and whose. */
export interface Shelf {
  readonly store: SessionStore;
  readonly owner: string | undefined;
}

export interface Beginning {
  readonly title?: string | undefined;
  readonly maxMessages: number;
  readonly parent?: SessionRecord;
}

export async function beginHeld(shelf: Shelf, { title, maxMessages, parent }: Beginning): Promise<Session> {
  const record = await shelf.store.sessions.begin({
    ref: { provider: heldProvider, id: randomUUID(), cwd: process.cwd() },
    at: Date.now(),
    maxMessages,
    ...(title === undefined ? {} : { title }),
    ...(shelf.owner === undefined ? {} : { owner: shelf.owner }),
    ...(parent === undefined ? {} : { parent: { ref: parent.ref } }),
  });
  return loadHeld(shelf, record);
}

export async function loadHeld(shelf: Shelf, record: SessionRecord): Promise<Session> {
  return new HeldSession(shelf, record, await messagesAfter(shelf, record, 0));
}

async function messagesAfter({ store }: Shelf, { id }: SessionRecord, after: number): Promise<SessionMessage[]> {
  const found: SessionMessage[] = [];
  for await (const message of store.sessions.messages(id, { after })) found.push(message);
  return found;
}

class HeldSession implements Session {
  readonly maxMessages: number;
  readonly #shelf: Shelf;
  readonly #record: SessionRecord;
  #messages: readonly SessionMessage[];

  constructor(shelf: Shelf, record: SessionRecord, messages: readonly SessionMessage[]) {
    this.maxMessages = record.maxMessages ?? Number.POSITIVE_INFINITY;
    this.#shelf = shelf;
    this.#record = record;
    this.#messages = messages;
  }

  get id(): string {
    return this.#record.ref.id;
  }

  get title(): string | undefined {
    return this.#record.title;
  }

  get createdAt(): number {
    return this.#record.createdAt;
  }

  get messages(): readonly SessionMessage[] {
    return this.#messages;
  }

  get lastMessage(): SessionMessage | undefined {
    return this.#messages.at(-1);
  }

  get parentId(): string | undefined {
    return this.#record.parent?.nativeId;
  }

  get isFork(): boolean {
    return this.parentId !== undefined;
  }

  async add(...messages: readonly Said[]): Promise<void> {
    const at = Date.now();
    const said = messages.map((one) => ('type' in one ? { ...one, at } : { ...one, type: 'text' as const, at }));
    await this.#shelf.store.sessions.append(this.#record.id, said);
    const newer = await messagesAfter(this.#shelf, this.#record, this.lastMessage?.seq ?? 0);
    this.#messages = [...this.#messages, ...newer].slice(-this.maxMessages);
  }

  async fork({ title = this.title }: { readonly title?: string } = {}): Promise<Session> {
    return beginHeld(this.#shelf, { title, maxMessages: this.maxMessages, parent: this.#record });
  }
}
