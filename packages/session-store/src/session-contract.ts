import type { SessionRef, Usage } from '@pawl/provider';
import type { CheckpointFilter, NewCheckpoint, SessionCheckpoint } from './checkpoint.ts';
import type { LeaseHolder, SessionKey, SessionLease } from './lease.ts';
import type { NewMessage, SessionMessage } from './message.ts';

/** All conversations with all agents, and our own copy of each. */
export interface SessionCatalogue {
  /**
   * Makes the session known before its first turn is over, so that its messages have a place. Known already: it is
   * brought up to date. A fork begins with a copy of its parent's messages, up to `parent.at`; of none where that
   * message is not known here.
   */
  begin(facts: SessionFacts): Promise<SessionRecord>;
  /** Adds a turn, and the session with its first one. The same `key` again changes nothing. Resolves to the session. */
  record(turn: SessionTurn): Promise<SessionRecord>;
  get(id: string): Promise<SessionRecord | undefined>;
  /** The session of that id or native id, else those (newest first, at most 20) of which either begins with it. */
  find(idOrPrefix: string): Promise<readonly SessionRecord[]>;
  /** Last used first. */
  list(filter?: SessionFilter): Promise<readonly SessionRecord[]>;
  /** As `list` with that text, and for each session where it was found. */
  search(text: string, filter?: Omit<SessionFilter, 'text'>): Promise<readonly SearchHit[]>;
  /** Rejects with `no-such-session`; so does everything below that takes an id. */
  rename(id: string, title: string): Promise<void>;
  tag(id: string, ...tags: readonly string[]): Promise<void>;
  untag(id: string, ...tags: readonly string[]): Promise<void>;
  /** Takes it out of the lists until it is asked for or used again. */
  archive(id: string): Promise<void>;
  unarchive(id: string): Promise<void>;
  /** With its messages and its figures, for good. The agent's own transcript and the session's forks stay. */
  remove(id: string): Promise<void>;
  /** All of the messages or none; resolves to the number of the last one. */
  append(id: string, messages: readonly NewMessage[]): Promise<number>;
  /**
   * In order, few at a time, so that a long conversation takes no more memory than a short one. What is appended
   * while it is read may be seen or not.
   */
  messages(id: string, page?: MessagePage): AsyncIterable<SessionMessage>;
  /**
   * Gives a kept message the id that its agent has for it, where it has none yet: so a fork that is cut there begins with
   * what was said up to it. No message of that number: nothing is changed.
   */
  nameMessage(id: string, seq: number, messageId: string): Promise<void>;
  /** Ties the files of a worktree to where the conversation stands. The same `key` again changes nothing. */
  checkpoint(id: string, checkpoint: NewCheckpoint): Promise<SessionCheckpoint>;
  /** Newest first. A fork has those of its parent up to where it was cut. */
  checkpoints(filter: CheckpointFilter): Promise<readonly SessionCheckpoint[]>;
  /**
   * Each takes the conversation of the other: reference, parent, messages and checkpoints. Title, tags, owner and figures
   * stay. Twice is as if nothing had been. Rejects with `bad-request` for sessions of two providers.
   */
  exchange(id: string, other: string): Promise<void>;
  /**
   * One writer per session: most agents have no lock of their own, and of two that write one is lost. Rejects with
   * `session-busy` while there is a holder for which `isAlive` answers true; takes over from a dead one.
   */
  acquire(session: SessionKey, holder: LeaseHolder, isAlive: (holder: LeaseHolder) => boolean): Promise<SessionLease>;
  /** Who took the lease and did not release it; perhaps dead. */
  holder(session: SessionKey): Promise<LeaseHolder | undefined>;
}

/** What is told of a session. What is undefined leaves its value as it is. */
export interface SessionFacts {
  readonly ref: SessionRef;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The name a workflow uses for the agent. */
  readonly agent?: string;
  readonly model?: string;
  /** For a session that has none yet. */
  readonly title?: string;
  readonly repository?: string;
  readonly owner?: string;
  readonly tags?: readonly string[];
  /** What it was forked from, and behind which message. The first one told counts. */
  readonly parent?: { readonly ref: SessionRef; readonly at?: string };
  readonly run?: string;
  readonly step?: string;
  /** The agent's own file of this conversation. */
  readonly transcript?: string;
  /** Keeps the newest so many messages and drops older ones. */
  readonly maxMessages?: number;
  /** The digest of the bundle that it was imported from. */
  readonly origin?: string;
}

/** One finished turn of a conversation. */
export interface SessionTurn extends SessionFacts {
  /** The turn's usage; what is absent in it was not reported. */
  readonly usage: Usage;
  /** Unique per session, so that a turn recorded twice counts once (`<run>/<effect id>`). */
  readonly key?: string;
  /** The agent's id of its last message; the last one of the assistant's that was appended gets it too. */
  readonly messageId?: string;
}

export interface SessionRecord {
  /** Ours, over all agents. */
  readonly id: string;
  readonly ref: SessionRef;
  readonly agent?: string;
  readonly model?: string;
  readonly title?: string;
  readonly tags: readonly string[];
  readonly owner?: string;
  readonly repository?: string;
  /** `id` is our id of the session it was forked from, where that one is known. */
  readonly parent?: {
    readonly provider: string;
    readonly nativeId: string;
    readonly id?: string;
    readonly at?: string;
  };
  /** Of the newest turn. */
  readonly run?: string;
  readonly step?: string;
  readonly messageId?: string;
  readonly transcript?: string;
  readonly origin?: string;
  readonly archived: boolean;
  /** The earliest and the latest time told. Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly lastUsedAt: number;
  /** Prompts that were answered. */
  readonly turns: number;
  /** How many are kept here. */
  readonly messages: number;
  readonly maxMessages?: number;
  /** Sums of what was reported; undefined: never reported. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cost: SessionCost;
}

/** Unknown as soon as one turn told no cost; `measuredUsd` is the sum of those that did, absent when none did. */
export type SessionCost =
  | { readonly state: 'measured'; readonly usd: number }
  | { readonly state: 'unknown'; readonly unpricedTurns: number; readonly measuredUsd?: number };

export interface SessionFilter {
  readonly provider?: string;
  readonly agent?: string;
  readonly repository?: string;
  readonly cwd?: string;
  readonly owner?: string;
  readonly tag?: string;
  readonly run?: string;
  /** The id of the session they were forked from. */
  readonly parent?: string;
  /**
   * Words, each of which begins a word of the title, or each a word of one message of the user's or the agent's, whatever
   * its case and accents. A text without a word is found nowhere.
   */
  readonly text?: string;
  /** Last used at this time or later, and before that one. Milliseconds since the epoch. */
  readonly since?: number;
  readonly until?: number;
  /** Default: those that are not archived. */
  readonly archived?: 'also' | 'only';
  /** 1 to 1000, default 50. */
  readonly limit?: number;
  /** The id of the last session of the page before. */
  readonly before?: string;
}

export interface SearchHit {
  readonly session: SessionRecord;
  /** The newest message with every word; absent where only the title has them. */
  readonly message?: { readonly seq: number; readonly at: number; readonly role: SessionMessage['role'] };
  /** One line around the first word found. */
  readonly excerpt: string;
}

export interface MessagePage {
  /** Default: all. */
  readonly limit?: number;
  /** Only those behind this number (`seq`). Default 0. */
  readonly after?: number;
  /** How many of those to leave out, from the oldest on. Default 0. */
  readonly offset?: number;
}
