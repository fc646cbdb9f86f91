import type { AgentEvent, SessionRef, TurnEnd, TurnOutcome, Usage } from '@pawl/provider';
import { exceeded } from './turn-limits.ts';
import type { LimitName, TurnReport, TurnRequest } from './turn-request.ts';

/** The longest a timer of Node can wait. */
const longestTimer = 2 ** 31 - 1;
/** Of a message that was cut off; the whole one is in the native stream. */
const longestText = 4 * 1024 * 1024;

/** Sees every event of one turn go by, keeps its limits, and knows how it ended. */
export class TurnWatch {
  readonly #request: TurnRequest;
  readonly #startedAt = performance.now();
  readonly #controller = new AbortController();
  readonly #wall: NodeJS.Timeout | undefined;
  readonly #onSignal = () => this.stop();
  /** Resolves once the turn has ended or is to be stopped: from there on everything has a deadline. */
  readonly settling: Promise<void>;
  #settle: () => void = () => undefined;

  #started = false;
  #end: TurnEnd | undefined;
  #stoppedBy: TurnReport['stoppedBy'];
  #callbackFailure: { readonly error: unknown } | undefined;
  #usage: Usage = {};
  #session: SessionRef | undefined;
  #model: string | undefined;
  #unknownLines = 0;
  #text = '';

  constructor(request: TurnRequest) {
    this.#request = request;
    this.settling = new Promise((resolve) => {
      this.#settle = resolve;
    });
    const wallMs = request.limits?.wallMs;
    if (wallMs !== undefined)
      this.#wall = setTimeout(
        () => this.stop({ limit: 'wallMs', value: this.#passed() }),
        Math.min(wallMs, longestTimer),
      );
    request.signal?.addEventListener('abort', this.#onSignal, { once: true });
    if (request.signal?.aborted) this.stop();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The first reason counts. */
  stop(by?: { readonly limit: LimitName; readonly value: number }): void {
    if (this.signal.aborted || this.#end) return;
    this.#stoppedBy = by;
    this.#controller.abort();
    this.#settle();
  }

  async see(event: AgentEvent): Promise<void> {
    if (this.#end || (event.type === 'turn-start' && this.#started)) return;
    if (!this.#started) {
      this.#started = true;
      if (event.type !== 'turn-start') await this.#tell({ type: 'turn-start' });
    }
    if (event.type === 'session-ready') {
      this.#session = event.session;
      this.#model = event.model ?? this.#model;
    }
    if (event.type === 'native') this.#unknownLines += 1;
    if (event.type === 'text-start') this.#text = '';
    if (event.type === 'text-delta' && this.#text.length < longestText) this.#text += event.delta;
    if (event.type === 'usage-update') this.#keepLimits(event.usage);
    const seen = event.type === 'turn-end' ? this.#ended(event) : event;
    await this.#tell(seen);
  }

  /** Ends a turn that has not ended by itself. */
  async finish(outcome: TurnOutcome): Promise<void> {
    if (this.#end) return;
    const { usage, session } = { usage: this.#usage, session: this.#session };
    const unknownLines = this.#unknownLines;
    await this.see({ type: 'turn-end', outcome, usage, session, durationMs: this.#passed(), unknownLines });
  }

  /** Throws what `onEvent` threw: a mistake of the caller's. */
  report(): TurnReport {
    clearTimeout(this.#wall);
    this.#request.signal?.removeEventListener('abort', this.#onSignal);
    if (this.#callbackFailure) throw this.#callbackFailure.error;
    const end = this.#end;
    if (!end) throw new Error('a turn was reported before it ended');
    const { outcome, unknownLines } = end;
    const text = outcome.kind === 'completed' || outcome.kind === 'limited' ? outcome.text : this.#text;
    const cutOff = outcome.kind === 'cancelled' || outcome.kind === 'failed';
    return { end, ...(this.#stoppedBy && cutOff ? { stoppedBy: this.#stoppedBy } : {}), text, unknownLines };
  }

  #keepLimits(usage: Usage): void {
    this.#usage = usage;
    const { limits = {}, provider } = this.#request;
    const by = exceeded(limits, usage, provider.capabilities);
    if (by) this.stop(by);
  }

  /** Its session is the adapter's last word: one that answered in another conversation leaves it out. */
  #ended(event: TurnEnd): TurnEnd {
    const model = event.model ?? this.#model;
    this.#end = { ...event, ...(model === undefined ? {} : { model }) };
    this.#settle();
    return this.#end;
  }

  async #tell(event: AgentEvent): Promise<void> {
    if (this.#callbackFailure) return;
    try {
      await this.#request.onEvent?.(event);
    } catch (error) {
      this.#callbackFailure = { error };
      this.stop();
    }
  }

  #passed(): number {
    return Math.round(performance.now() - this.#startedAt);
  }
}
