import type { Exit, JsonObject, OutputLine, SessionRef, TurnOutcome } from '@pawl/provider';
import {
  asArray,
  asObject,
  asString,
  type BodyEvent,
  type Launch,
  readObject,
  type Translator,
  type Verdict,
} from '@pawl/provider-kit';
import { ended, failed } from './failure.ts';
import type { CursorOptions } from './options.ts';
import { toolEvents } from './tools.ts';
import { usageOf } from './usage.ts';

/** What the lines of one turn mean. */
export class CursorTranslator implements Translator {
  readonly #launch: Launch<CursorOptions>;
  #session: SessionRef | undefined;
  #model: string | undefined;
  #blocks = 0;
  #thinking: string | undefined;
  #text = '';
  readonly #calls = new Set<string>();
  readonly #open = new Set<string>();
  #answers = 0;
  #tools = false;
  #result: JsonObject | undefined;

  constructor(launch: Launch<CursorOptions>) {
    this.#launch = launch;
  }

  /** It may say its result and never end. */
  get over(): boolean {
    return this.#result !== undefined;
  }

  *line(native: OutputLine): Generator<BodyEvent> {
    const line = readObject(native);
    if (!line) return yield { type: 'native', name: native.truncatedBytes === undefined ? 'no JSON' : 'line too long' };
    const type = asString(line.type) ?? 'none';
    const call = asString(line.model_call_id);
    if (call !== undefined) this.#calls.add(call);
    if (type !== 'thinking') yield* this.#thought();
    switch (type) {
      case 'system':
        return yield* this.#system(line);
      case 'thinking':
        return yield* this.#think(line);
      case 'assistant':
        return yield* this.#said(line);
      case 'tool_call':
        return yield* this.#tool(line);
      case 'result':
        return yield* this.#ended(line);
      case 'user':
      case 'interaction_query':
        return;
      default:
        yield { type: 'native', name: type.slice(0, 80) };
    }
  }

  end(exit: Exit): Verdict {
    return {
      outcome: this.#outcome(exit),
      usage: usageOf(asObject(this.#result?.usage), this.#turns()),
      session: this.#session,
      ...(this.#model === undefined ? {} : { model: this.#model }),
    };
  }

  #outcome(exit: Exit): TurnOutcome {
    const result = this.#result;
    if (!result) return { kind: 'failed', error: ended(exit) };
    const said = asString(result.result) ?? '';
    const broken = result.is_error === true || (asString(result.subtype) ?? 'success') !== 'success';
    if (broken) return { kind: 'failed', error: failed(said, exit) };
    // The result holds all messages without anything between them.
    return { kind: 'completed', text: this.#text === '' ? said : this.#text };
  }

  *#system(line: JsonObject): Generator<BodyEvent> {
    const id = asString(line.session_id);
    if (line.subtype !== 'init' || id === undefined) return yield { type: 'native', name: 'system' };
    if (this.#session) return;
    this.#session = { provider: 'cursor', id, cwd: this.#launch.cwd };
    this.#model = asString(line.model);
    yield {
      type: 'session-ready',
      session: this.#session,
      ...(this.#model === undefined ? {} : { model: this.#model }),
    };
  }

  *#think(line: JsonObject): Generator<BodyEvent> {
    if (line.subtype === 'completed') return yield* this.#thought();
    if (line.subtype !== 'delta') return yield { type: 'native', name: 'thinking' };
    if (this.#thinking === undefined) {
      this.#blocks += 1;
      this.#thinking = `reasoning-${this.#blocks}`;
      yield { type: 'reasoning-start', id: this.#thinking };
    }
    yield { type: 'reasoning-delta', id: this.#thinking, delta: asString(line.text) ?? '' };
  }

  *#thought(): Generator<BodyEvent> {
    if (this.#thinking !== undefined) yield { type: 'reasoning-end', id: this.#thinking };
    this.#thinking = undefined;
  }

  *#said(line: JsonObject): Generator<BodyEvent> {
    const parts = asArray(asObject(line.message)?.content).map(asObject);
    const text = parts.map((part) => (part?.type === 'text' ? (asString(part.text) ?? '') : '')).join('');
    if (text === '') return;
    this.#blocks += 1;
    this.#text = text;
    if (this.#answers === 0 || this.#tools) this.#answers += 1;
    this.#tools = false;
    const id = `text-${this.#blocks}`;
    yield { type: 'text-start', id };
    yield { type: 'text-delta', id, delta: text };
    yield { type: 'text-end', id };
  }

  *#tool(line: JsonObject): Generator<BodyEvent> {
    this.#tools = true;
    for (const event of toolEvents(line)) {
      if (event.type === 'tool-call') this.#open.add(event.id);
      if (event.type === 'tool-result') this.#open.delete(event.id);
      yield event;
    }
  }

  *#ended(line: JsonObject): Generator<BodyEvent> {
    if (this.#result) return;
    this.#result = line;
    for (const id of this.#open) yield { type: 'tool-result', id, status: 'error', output: 'Cursor told no result.' };
    this.#open.clear();
    yield { type: 'usage-update', usage: usageOf(asObject(line.usage), this.#turns()) };
  }

  /** The last answer carries no id of its call. */
  #turns(): number {
    return Math.max(this.#answers, this.#calls.size + (this.#calls.size > 0 && !this.#tools ? 1 : 0));
  }
}
