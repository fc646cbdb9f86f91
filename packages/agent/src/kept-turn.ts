import type { AgentEvent, SessionRef, SessionStart } from '@pawl/provider';
import {
  createTranscriber,
  type SessionLease,
  type SessionStore,
  StoreError,
  type Transcriber,
} from '@pawl/session-store';
import type { RunResult } from './agent-contract.ts';
import { holderLives, thisHolder } from './holder.ts';

const titleLength = 80;

/** What is told of a run with its session. */
export interface TurnFacts {
  readonly title?: string | undefined;
  readonly model?: string | undefined;
  readonly owner?: string | undefined;
  readonly repository?: string | undefined;
  readonly parent?: { readonly ref: SessionRef; readonly at?: string } | undefined;
}

/**
 * One run in the store: its messages as they come, its figures at the end, and meanwhile the session's lease. What the
 * store refuses is told in the result and spoils nothing; but for a session that another process works in.
 */
export class KeptTurn {
  readonly #store: SessionStore;
  readonly #facts: Present<TurnFacts>;
  readonly #transcriber: Transcriber;
  #lease: SessionLease | undefined;
  #failure: RunResult['notRecorded'];

  constructor(store: SessionStore, prompt: string, facts: TurnFacts) {
    this.#store = store;
    this.#facts = present({ ...facts, title: facts.title ?? titleOf(prompt) });
    this.#transcriber = createTranscriber({ sessions: store.sessions, prompt, facts: this.#facts });
  }

  /** Rejects with `session-busy`. */
  async begin(start: SessionStart): Promise<void> {
    if (start.kind === 'resume') await this.#acquire(start.ref);
  }

  /** Rejects with `session-busy`: the session that an agent goes on with is perhaps known only now. */
  async see(event: AgentEvent): Promise<void> {
    if (event.type === 'session-ready') await this.#acquire(event.session);
    if (!this.#failure) await this.#transcriber.see(event).catch((error: unknown) => this.#note(error));
  }

  async record(result: RunResult): Promise<RunResult> {
    const { session, usage, messageId, model } = result;
    if (session)
      await this.#store.sessions
        .record({ ...this.#facts, ...present({ model, messageId }), ref: session, at: Date.now(), usage })
        .catch((error: unknown) => this.#note(error));
    return this.#failure ? { ...result, notRecorded: this.#failure } : result;
  }

  async end(): Promise<void> {
    await this.#lease?.release().catch((error: unknown) => this.#note(error));
  }

  async #acquire(session: SessionRef): Promise<void> {
    if (this.#lease) return;
    try {
      this.#lease = await this.#store.sessions.acquire(session, thisHolder(), holderLives);
    } catch (error) {
      if (StoreError.is(error) && error.code === 'session-busy') throw error;
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
