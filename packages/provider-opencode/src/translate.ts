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
import type { OpenCodeOptions } from './options.ts';
import { outcome } from './outcome.ts';
import { cutTool, isRejected, madeSession, toolEvents } from './tools.ts';

/** Lines of `opencode run --format json` to events. Nothing is told before it is whole, and the model by no line. */
export function translate(launch: Launch<OpenCodeOptions>): Translator {
  return new OpenCodeTranslator(launch);
}

class OpenCodeTranslator implements Translator {
  readonly #launch: Launch<OpenCodeOptions>;
  readonly #meter = new Meter();
  #session: SessionRef | undefined;
  #messageId: string | undefined;
  /** The message of the step under way. */
  #step: string | undefined;
  #tries = 0;
  #text = '';
  #reason: string | undefined;
  #error: JsonObject | undefined;
  #recovered = false;
  #rejected = false;
  #cut = false;

  constructor(launch: Launch<OpenCodeOptions>) {
    this.#launch = launch;
  }

  *line(native: OutputLine): Generator<BodyEvent> {
    if (native.truncatedBytes !== undefined) return yield* this.#cutLine(native);
    if (native.text.trim() === '') return;
    const line = readObject(native);
    if (!line) return yield { type: 'native', name: 'not-json' };
    yield* this.#begin(line);
    const part = asObject(line.part) ?? {};
    switch (line.type) {
      case 'step_start':
        return yield* this.#stepStart(part);
      case 'text':
        return yield* this.#says('text', part);
      case 'reasoning':
        return yield* this.#says('reasoning', part);
      case 'tool_use':
        if (madeSession(part)) this.#meter.subAgent();
        if (isRejected(part)) this.#rejected = true;
        return yield* toolEvents(part);
      case 'step_finish':
        return yield* this.#stepFinish(part);
      case 'error':
        this.#error = asObject(line.error) ?? {};
        this.#step = undefined;
        return;
      default:
        yield { type: 'native', name: asString(line.type)?.slice(0, 80) ?? 'no-type' };
    }
  }

  end(exit: Exit): Verdict {
    return {
      outcome: outcome({
        ...{ exit, reason: this.#reason, error: this.#error, text: this.#text, rejected: this.#rejected },
        ...{ cut: this.#cut, recovered: this.#recovered, begun: this.#session !== undefined },
      }),
      usage: this.#meter.usage,
      session: this.#session,
      ...(this.#messageId === undefined ? {} : { messageId: this.#messageId }),
    };
  }

  /** There is no line for the beginning: any line may be the first. */
  *#begin(line: JsonObject): Generator<BodyEvent> {
    const id = asString(line.sessionID);
    if (id === undefined || this.#session) return;
    const { cwd } = this.#launch;
    this.#session = { provider: 'opencode', id, cwd, token: { folder: cwd } };
    yield { type: 'session-ready', session: this.#session };
  }

  *#stepStart(part: JsonObject): Generator<BodyEvent> {
    const message = asString(part.messageID);
    this.#tries = message !== undefined && message === this.#step ? this.#tries + 1 : 0;
    // The same message begins anew when its stream broke. Tries before its first word are told by nothing.
    if (this.#tries > 0) yield { type: 'retry-notice', attempt: this.#tries, reason: 'the answer broke off' };
    this.#step = message;
    this.#messageId = message ?? this.#messageId;
    this.#text = '';
    this.#reason = undefined;
    if (this.#error) this.#recovered = true;
    this.#error = undefined;
    this.#cut = false;
    this.#rejected = false;
  }

  *#stepFinish(part: JsonObject): Generator<BodyEvent> {
    this.#step = undefined;
    this.#reason = asString(part.reason) ?? 'no reason';
    this.#meter.step(part);
    yield this.#meter.update;
  }

  *#says(kind: 'text' | 'reasoning', part: JsonObject): Generator<BodyEvent> {
    // What OpenCode says to the model in a user's place, after it had the conversation summed up.
    if (asObject(part.metadata)?.compaction_continue === true) return yield { type: 'compaction', trigger: 'auto' };
    const text = asString(part.text);
    const id = asString(part.id);
    if (text === undefined || id === undefined || part.synthetic === true) return;
    if (kind === 'text') this.#text += text;
    yield { type: `${kind}-start`, id };
    yield { type: `${kind}-delta`, id, delta: text };
    yield { type: `${kind}-end`, id };
  }

  *#cutLine(native: OutputLine): Generator<BodyEvent> {
    const type = /"type":"(\w+)"/.exec(native.text.slice(0, 100))?.[1];
    if (type === 'tool_use') return yield* cutTool(native);
    if (type === 'text') this.#cut = true;
    else yield { type: 'native', name: 'cut' };
  }
}
