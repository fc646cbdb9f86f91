import type { AgentEvent, SessionRef, SessionStart, Usage } from '@pawl/provider';
import {
  createTranscriber,
  type SessionCatalogue,
  type SessionLease,
  StoreError,
  type Transcriber,
} from '@pawl/session-store';
import { freeSession } from './free-session.ts';

const titleLength = 80;

/** What a turn needs of the catalogue. */
export type TurnSessions = Pick<SessionCatalogue, 'begin' | 'append' | 'record' | 'acquire'>;

/** What is told of a turn with its session. */
export interface TurnFacts {
  /** Of a session that has none yet. Default: the first line of the prompt. */
  readonly title?: string | undefined;
  readonly agent?: string | undefined;
  readonly model?: string | undefined;
  readonly owner?: string | undefined;
  readonly repository?: string | undefined;
  readonly run?: string | undefined;
  readonly step?: string | undefined;
  readonly parent?: { readonly ref: SessionRef; readonly at?: string } | undefined;
}

export interface KeptTurnOptions {
  /** A turn recorded twice counts once. */
  readonly key?: string;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** How long a session that another process works in is waited for; default 0. */
  readonly patienceMs?: number;
  /** Calls the waiting off. */
  readonly signal?: AbortSignal;
}

/** What the turn came to. */
export interface TurnFigures {
  readonly session: SessionRef | undefined;
  readonly usage: Usage;
  readonly messageId?: string | undefined;
  readonly model?: string | undefined;
}

/** Why the store refused. */
export interface NotRecorded {
  readonly code: string;
  readonly message: string;
}

/**
 * One turn in the store: its messages as they come, its figures at the end, and meanwhile the session's lease. What the
 * store refuses is told at the end and spoils nothing; but for a session that another process works in.
 */
export class KeptTurn {
  readonly #sessions: TurnSessions;
  readonly #facts: Present<TurnFacts>;
  readonly #options: KeptTurnOptions;
  readonly #transcriber: Transcriber;
  #lease: SessionLease | undefined;
  #failure: NotRecorded | undefined;

  constructor(sessions: TurnSessions, prompt: string, facts: TurnFacts, options: KeptTurnOptions = {}) {
    this.#sessions = sessions;
    this.#options = options;
    this.#facts = present({ ...facts, title: facts.title ?? titleOf(prompt) });
    this.#transcriber = createTranscriber({ sessions, prompt, facts: this.#facts, now: this.#now });
  }

  /** Our id of the session, once its agent has told it. */
  get id(): string | undefined {
    return this.#transcriber.id;
  }

  /** Rejects with `session-busy`. */
  async begin(start: SessionStart): Promise<void> {
    if (start.kind === 'resume') await this.#acquire(start.ref, this.#options);
  }

  /** Rejects with `session-busy`: the session that an agent goes on with is perhaps known only now. */
  async see(event: AgentEvent): Promise<void> {
    if (event.type === 'session-ready') await this.#acquire(event.session);
    if (!this.#failure) await this.#transcriber.see(event).catch((error: unknown) => this.#note(error));
  }

  /** Resolves to what was refused, if anything was. */
  async record({ session: ref, usage, messageId, model }: TurnFigures): Promise<NotRecorded | undefined> {
    const key = this.#options.key;
    if (ref)
      await this.#sessions
        .record({ ...this.#facts, ...present({ model, messageId, key }), ref, at: this.#now(), usage })
        .catch((error: unknown) => this.#note(error));
    return this.#failure;
  }

  /** What else is to be kept with it, while the session is held. Resolves to what was refused by now, if anything was. */
  async also(work: () => Promise<void>): Promise<NotRecorded | undefined> {
    if (!this.#failure) await work().catch((error: unknown) => this.#note(error));
    return this.#failure;
  }

  /** Lets the session go. Never rejects. */
  async end(): Promise<void> {
    await this.#lease?.release().catch((error: unknown) => this.#note(error));
  }

  readonly #now = (): number => (this.#options.now ?? Date.now)();

  async #acquire(session: SessionRef, patience: KeptTurnOptions = {}): Promise<void> {
    if (this.#lease) return;
    try {
      this.#lease = await freeSession(this.#sessions, session, patience);
    } catch (error) {
      if (StoreError.is(error) && error.code === 'session-busy') throw error;
      patience.signal?.throwIfAborted();
      this.#note(error);
    }
  }

  /** The first reason counts. */
  #note(error: unknown): void {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'internal';
    this.#failure ??= { code, message: error instanceof Error ? error.message : String(error) };
  }
}

type Present<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/** Those that are there: an optional property must not be undefined. */
function present<T extends object>(from: T): Present<T> {
  return Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined)) as Present<T>;
}

function titleOf(prompt: string): string {
  const [line = ''] = prompt.trimStart().split('\n', 1);
  return line.length <= titleLength ? line : `${line.slice(0, titleLength - 1).trimEnd()}…`;
}
