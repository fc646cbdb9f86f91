import type { Exit, JsonObject, OutputLine, SessionRef } from '@pawl/provider';
import {
  asObject,
  asString,
  type BodyEvent,
  type Launch,
  readObject,
  type Translator,
  type Verdict,
} from '@pawl/provider-kit';
import { Meter } from './meter.ts';
import type { GeminiOptions } from './options.ts';
import { outcome } from './outcome.ts';
import { Tools } from './tools.ts';

/** Lines of Gemini CLI's `stream-json` to events. */
export function translate(launch: Launch<GeminiOptions>): Translator {
  return new GeminiTranslator(launch);
}

class GeminiTranslator implements Translator {
  readonly #launch: Launch<GeminiOptions>;
  readonly #tools = new Tools();
  readonly #meter = new Meter();
  #session: SessionRef | undefined;
  #result: JsonObject | undefined;
  /** What the CLI complained of on the way; its result may not repeat it. */
  readonly #complaints: JsonObject[] = [];
  /** The last text of the agent. */
  #text = '';
  #block: string | undefined;
  #blocks = 0;
  /** The last line ends in the middle. */
  #broken = false;

  constructor(launch: Launch<GeminiOptions>) {
    this.#launch = launch;
  }

  *line(native: OutputLine): Generator<BodyEvent> {
    if (native.truncatedBytes !== undefined) return yield* this.#tools.cut(native);
    if (native.text.trim() === '') return;
    const line = readObject(native);
    this.#broken = !line && native.text.startsWith('{');
    if (!line) return yield { type: 'native', name: 'not-json' };
    switch (line.type) {
      case 'init':
        return yield* this.#init(line);
      case 'message':
        return yield* this.#message(line);
      case 'tool_use':
        yield* this.#close();
        yield* this.#answer();
        return yield* this.#tools.call(line);
      case 'tool_result':
        yield* this.#close();
        this.#meter.results();
        return yield* this.#tools.result(line);
      case 'error':
        this.#complaints.push(line);
        return;
      case 'result':
        yield* this.#close();
        this.#result = line;
        if (this.#meter.result(asObject(line.stats))) yield { type: 'usage-update', usage: this.#meter.usage };
        return;
      default:
        yield { type: 'native', name: asString(line.type)?.slice(0, 80) ?? 'no-type' };
    }
  }

  end(exit: Exit): Verdict {
    const { model, usage } = this.#meter;
    return {
      outcome: outcome({
        exit,
        result: this.#result,
        complaints: this.#complaints,
        text: this.#text,
        broken: this.#broken,
      }),
      usage,
      session: this.#kept ? this.#session : undefined,
      ...(model === undefined ? {} : { model }),
    };
  }

  /** A new session in which nothing was ever answered cannot be resumed. */
  get #kept(): boolean {
    const { kind } = this.#launch.start;
    return this.#meter.answered || kind === 'resume' || kind === 'continue' || kind === 'fork';
  }

  *#init(line: JsonObject): Generator<BodyEvent> {
    const id = asString(line.session_id);
    if (id === undefined) return;
    this.#session = { provider: 'gemini', id, cwd: this.#launch.cwd };
    // The model of this line is the one asked for, and may be an alias: who answered is told at the end.
    yield { type: 'session-ready', session: this.#session };
  }

  *#message(line: JsonObject): Generator<BodyEvent> {
    const content = asString(line.content);
    if (line.role !== 'assistant' || !content) return;
    yield* this.#answer();
    if (this.#block === undefined) {
      this.#blocks += 1;
      this.#block = `block-${this.#blocks}`;
      this.#text = '';
      yield { type: 'text-start', id: this.#block };
    }
    this.#text += content;
    yield { type: 'text-delta', id: this.#block, delta: content };
  }

  *#answer(): Generator<BodyEvent> {
    if (this.#meter.answer()) yield { type: 'usage-update', usage: this.#meter.usage };
  }

  *#close(): Generator<BodyEvent> {
    if (this.#block !== undefined) yield { type: 'text-end', id: this.#block };
    this.#block = undefined;
  }
}
