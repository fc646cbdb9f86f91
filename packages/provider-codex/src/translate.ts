import type { Exit, JsonObject, OutputLine, SessionRef, Usage } from '@pawl/provider';
import {
  asFigure,
  asObject,
  asString,
  type BodyEvent,
  type Launch,
  readObject,
  type Translator,
  type Verdict,
} from '@pawl/provider-kit';
import { isNetworkWait, rolloutLine } from './follow.ts';
import { Journal } from './journal.ts';
import type { CodexOptions } from './options.ts';
import { outcome } from './outcome.ts';
import { telling } from './start-failure.ts';
import { noTokens, readTokens, storedTokens, storeTokens, subtract, type Tokens, usageOf } from './tokens.ts';
import { Tools } from './tools.ts';

/** Lines of `codex exec --json`, and those of the rollout between them, to events. */
export function translate(launch: Launch<CodexOptions>): Translator {
  return new CodexTranslator(launch);
}

const toolItems = new Set([
  ...['command_execution', 'file_change', 'mcp_tool_call', 'web_search', 'todo_list', 'collab_tool_call'],
]);

class CodexTranslator implements Translator {
  readonly #launch: Launch<CodexOptions>;
  readonly #journal: Journal;
  readonly #tools: Tools;
  #session: SessionRef | undefined;
  #text = '';
  #textCut = false;
  #completed = false;
  /** Of the whole session, as the end of a turn tells it. */
  #total: Tokens | undefined;
  #failed: string | undefined;
  #networkWaits = 0;

  constructor(launch: Launch<CodexOptions>) {
    this.#launch = launch;
    this.#tools = new Tools(launch.access !== 'full');
    this.#journal = new Journal(asFigure(launch.prepared?.lines) ?? 0);
  }

  *line(native: OutputLine): Generator<BodyEvent> {
    if (native.truncatedBytes !== undefined) return yield* this.#cut(native);
    if (native.text.trim() === '') return;
    const line = readObject(native);
    if (!line) return yield { type: 'native', name: 'not-json' };
    if (line.type === rolloutLine) return yield* this.#rollout(line);
    this.#networkWaits = isNetworkWait(line) ? this.#networkWaits + 1 : 0;
    switch (line.type) {
      case 'thread.started':
        return yield* this.#started(line);
      case 'turn.started':
        return;
      case 'item.started':
      case 'item.updated':
      case 'item.completed':
        return yield* this.#item(line.type, asObject(line.item));
      case 'error':
        return yield* this.#error(line);
      case 'turn.completed':
        this.#completed = true;
        this.#total = readTokens(line.usage);
        yield* this.#tools.unfinished();
        return;
      case 'turn.failed':
        this.#failed = asString(asObject(line.error)?.message) ?? this.#failed ?? '';
        return yield* this.#tools.unfinished();
      default:
        yield { type: 'native', name: asString(line.type)?.slice(0, 80) ?? 'no-type' };
    }
  }

  end(exit: Exit): Verdict {
    const { model, failure } = this.#journal;
    const total = this.#journal.total ?? this.#total;
    return {
      outcome: outcome({
        exit: telling(exit),
        completed: this.#completed,
        failed: this.#failed,
        told: failure,
        text: this.#text,
        textCut: this.#textCut,
        networkWaits: this.#networkWaits,
        schema: this.#launch.outputSchema,
      }),
      usage: this.#usage(),
      session: this.#session && { ...this.#session, ...(total ? { token: { total: storeTokens(total) } } : {}) },
      ...(model === undefined ? {} : { model }),
    };
  }

  *#started(line: JsonObject): Generator<BodyEvent> {
    const id = asString(line.thread_id);
    if (id === undefined || this.#session) return;
    this.#session = { provider: 'codex', id, cwd: this.#launch.cwd };
    yield { type: 'session-ready', session: this.#session };
  }

  *#rollout(line: JsonObject): Generator<BodyEvent> {
    const journal = this.#journal;
    const before = { model: journal.model, answers: journal.answers };
    yield* journal.entry(asFigure(line.index) ?? 0, asObject(line.entry) ?? {});
    const { model, cliVersion } = journal;
    if (this.#session && model !== undefined && model !== before.model) {
      const session = this.#session;
      yield { type: 'session-ready', session, model, ...(cliVersion === undefined ? {} : { cliVersion }) };
    }
    if (journal.answers === before.answers) return;
    const { context } = journal;
    yield { type: 'usage-update', usage: this.#usage(), ...(context && { context }) };
  }

  *#item(event: string, item: JsonObject | undefined): Generator<BodyEvent> {
    const id = asString(item?.id);
    const type = asString(item?.type) ?? 'no-type';
    if (!item || id === undefined) return yield { type: 'native', name: 'item without id' };
    if (toolItems.has(type)) {
      if (event === 'item.started') yield* this.#tools.started(id, type, item);
      if (event === 'item.completed') yield* this.#tools.completed(id, type, item);
      return;
    }
    switch (type) {
      case 'agent_message':
      case 'reasoning':
        if (event === 'item.completed') yield* this.#said(type === 'reasoning' ? type : 'text', id, item);
        return;
      case 'error':
        // A warning: the turn goes on. The host's log has it.
        return;
      default:
        yield { type: 'native', name: `item/${type.slice(0, 80)}` };
    }
  }

  *#said(kind: 'text' | 'reasoning', id: string, item: JsonObject): Generator<BodyEvent> {
    const text = asString(item.text) ?? '';
    if (kind === 'text') {
      this.#text = text;
      this.#textCut = false;
    }
    if (text === '') return;
    yield { type: `${kind}-start`, id };
    yield { type: `${kind}-delta`, id, delta: text };
    yield { type: `${kind}-end`, id };
  }

  /** Every retry of its own is an `error`; only `turn.failed` is the end. */
  *#error(line: JsonObject): Generator<BodyEvent> {
    const message = asString(line.message) ?? '';
    const [, attempt, reason = message] =
      /^Reconnecting\.\.\. (?:(\d+)\/\d+|waiting for network) ?\(?(.*?)\)?$/s.exec(message) ?? [];
    if (!message.startsWith('Reconnecting...')) {
      this.#failed = message;
      return;
    }
    yield { type: 'retry-notice', attempt: attempt === undefined ? this.#networkWaits : Number(attempt), reason };
  }

  *#cut(native: OutputLine): Generator<BodyEvent> {
    if (/"type":"agent_message"/.test(native.text.slice(0, 1_000))) this.#textCut = true;
    yield* this.#tools.cut(native);
  }

  /** Of this turn: from the rollout, or where there is none the session's total without what it was before. */
  #usage(): Usage {
    const { tokens, answers } = this.#journal;
    if (tokens) return { ...usageOf(tokens), turns: answers };
    const before = this.#before();
    const turn = this.#total && before && subtract(this.#total, before);
    return turn ? usageOf(turn) : {};
  }

  #before(): Tokens | undefined {
    const { start, prepared } = this.#launch;
    if (start.kind === 'new' || start.kind === 'ephemeral') return noTokens;
    return storedTokens(prepared?.total) ?? ('ref' in start ? storedTokens(start.ref.token?.total) : undefined);
  }
}
