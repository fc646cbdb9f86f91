import type { Exit, JsonObject, OutputLine, SessionRef } from '@pawl/provider';
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
import { Blocks } from './blocks.ts';
import { messageId } from './branch.ts';
import { Meter } from './meter.ts';
import type { PiOptions } from './options.ts';
import { outcome } from './outcome.ts';
import { Tools } from './tools.ts';

/** Known, and of no use here. */
const quiet = new Set([
  ...['agent_end', 'turn_start', 'auto_retry_end', 'compaction_start', 'tool_execution_update', 'entry_appended'],
  ...['queue_update', 'session_info_changed', 'thinking_level_changed'],
  ...['summarization_retry_attempt_start', 'summarization_retry_finished'],
]);

/** Lines of Pi's JSON mode to events. */
export function translate(launch: Launch<PiOptions>): Translator {
  return new PiTranslator(launch);
}

class PiTranslator implements Translator {
  readonly #launch: Launch<PiOptions>;
  readonly #blocks = new Blocks();
  readonly #tools = new Tools();
  readonly #meter = new Meter();
  #session: SessionRef | undefined;
  #model: string | undefined;
  #last: JsonObject | undefined;
  #messageId: string | undefined;
  #working = false;
  #settled = false;
  #cut = false;
  #retryDelayMs: number | undefined;

  constructor(launch: Launch<PiOptions>) {
    this.#launch = launch;
  }

  *line(native: OutputLine): Generator<BodyEvent> {
    if (native.truncatedBytes !== undefined) return yield* this.#cutLine(native);
    if (native.text.trim() === '') return;
    const line = readObject(native);
    if (!line) return yield { type: 'native', name: 'not-json' };
    switch (line.type) {
      case 'session':
        return yield* this.#header(line);
      case 'agent_start':
        this.#working = true;
        this.#settled = false;
        return;
      case 'message_start':
        return yield* this.#begin(asObject(line.message));
      case 'message_update':
        if (this.#meter.live(line.usage)) yield this.#meter.update;
        return yield* this.#blocks.piece(asObject(line.assistantMessageEvent) ?? {});
      case 'message_end':
        return yield* this.#message(asObject(line.message));
      case 'turn_end':
        return;
      case 'tool_execution_start':
        return yield* this.#tools.call(line);
      case 'tool_execution_end':
        return yield* this.#tools.result(line);
      case 'auto_retry_start':
      case 'summarization_retry_scheduled':
        return yield* this.#retry(line);
      case 'compaction_end':
        return yield* this.#compaction(line);
      case 'agent_settled':
        this.#settled = true;
        return;
      default:
        if (!quiet.has(asString(line.type) ?? '')) {
          yield { type: 'native', name: asString(line.type)?.slice(0, 80) ?? 'no-type' };
        }
    }
  }

  end(exit: Exit): Verdict {
    return {
      outcome: outcome({
        ...{ exit, last: this.#last, settled: this.#settled, cut: this.#cut, retryDelayMs: this.#retryDelayMs },
        ...{ begun: this.#session !== undefined, working: this.#working },
      }),
      usage: this.#meter.usage,
      session: this.#session,
      ...(this.#model === undefined ? {} : { model: this.#model }),
      ...(this.#messageId === undefined ? {} : { messageId: this.#messageId }),
    };
  }

  *#header(line: JsonObject): Generator<BodyEvent> {
    const id = asString(line.id);
    if (id === undefined || this.#session) return;
    this.#session = { provider: 'pi', id, cwd: asString(line.cwd) ?? this.#launch.cwd };
    yield { type: 'session-ready', session: this.#session };
  }

  /** Which model answers is told with its first message: at once, so that a wrong one can be stopped. */
  *#begin(message: JsonObject | undefined): Generator<BodyEvent> {
    if (message?.role !== 'assistant') return;
    this.#blocks.begin();
    const [provider, name] = [asString(message.provider), asString(message.model)];
    if (provider === undefined || name === undefined) return;
    const model = `${provider}/${name}`;
    if (model === this.#model) return;
    this.#model = model;
    if (this.#session) yield { type: 'session-ready', session: this.#session, model };
  }

  *#message(message: JsonObject | undefined): Generator<BodyEvent> {
    if (message?.role !== 'assistant') return;
    yield* this.#blocks.whole(message);
    this.#last = message;
    this.#cut = false;
    this.#messageId = messageId(message) ?? this.#messageId;
    if (this.#meter.answer(message)) yield this.#meter.update;
  }

  *#retry(line: JsonObject): Generator<BodyEvent> {
    this.#retryDelayMs = asFigure(line.delayMs) ?? this.#retryDelayMs;
    yield {
      type: 'retry-notice',
      attempt: asFigure(line.attempt) ?? 1,
      ...(this.#retryDelayMs === undefined ? {} : { delayMs: this.#retryDelayMs }),
      reason: asString(line.errorMessage)?.slice(0, 500) ?? 'unknown',
    };
  }

  *#compaction(line: JsonObject): Generator<BodyEvent> {
    const result = asObject(line.result);
    if (!result) return;
    const tokensBefore = asFigure(result.tokensBefore);
    yield {
      type: 'compaction',
      trigger: line.reason === 'manual' ? 'manual' : 'auto',
      ...(tokensBefore === undefined ? {} : { tokensBefore }),
    };
    if (this.#meter.aside(result.usage)) yield this.#meter.update;
  }

  /** `agent_end` says everything once more and may well be too long; a message must not. */
  *#cutLine(native: OutputLine): Generator<BodyEvent> {
    const type = /"type":"(\w+)"/.exec(native.text.slice(0, 100))?.[1];
    if (type === 'tool_execution_end') return yield* this.#tools.cut(native);
    if (type === 'message_end' && /"role":"assistant"/.test(native.text.slice(0, 200))) this.#cut = true;
    if (type === undefined) yield { type: 'native', name: 'cut' };
  }
}
