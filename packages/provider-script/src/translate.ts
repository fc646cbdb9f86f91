import type { Exit, JsonObject, OutputLine, SessionRef } from '@pawl/provider';
import { asString, type BodyEvent, type Launch, readObject, type Translator, type Verdict } from '@pawl/provider-kit';
import { sessionId } from './command.ts';
import { failed, isFailure } from './failure.ts';
import type { ScriptOptions } from './options.ts';
import { toolEvents } from './tool.ts';
import { contextOf, UsageSum } from './usage.ts';

/** What is kept of the text for the outcome, from its end. */
const textCap = 1_048_576;

/** Plain lines are text; a JSON object of a known type is an event. */
export function translate(launch: Launch<ScriptOptions>): Translator {
  return new ScriptTranslator(launch);
}

class ScriptTranslator implements Translator {
  readonly #cwd: string;
  readonly #usage = new UsageSum();
  #session: SessionRef;
  #ready = false;
  #text = '';
  #blocks = 0;
  #tools = 0;
  #open = false;
  #failure: JsonObject | undefined;

  constructor(launch: Launch<ScriptOptions>) {
    this.#cwd = launch.cwd;
    this.#session = ref(sessionId(launch), launch.cwd);
  }

  *line(native: OutputLine): Generator<BodyEvent> {
    const object = readObject(native);
    const own = object?.type === 'session' ? asString(object.id) : undefined;
    if (own) this.#session = ref(own, this.#cwd);
    if (own || !this.#ready) yield { type: 'session-ready', session: this.#session };
    this.#ready = true;
    if (!own) yield* (object && this.#event(object)) ?? this.#say(`${native.text}\n`);
  }

  end(exit: Exit): Verdict {
    const usage = this.#usage.total;
    // A script that could be started has seen its session id, whether it printed anything or not.
    const session = this.#session;
    if (exit.code === 0)
      return { outcome: { kind: 'completed', text: this.#text.slice(-textCap).trimEnd() }, usage, session };
    return { outcome: { kind: 'failed', error: failed(this.#failure, exit) }, usage, session };
  }

  /** Undefined for an object that is no event of ours: it is text. */
  #event(object: JsonObject): Iterable<BodyEvent> | undefined {
    switch (object.type) {
      case 'text': {
        const text = asString(object.text);
        return text === undefined ? undefined : this.#say(text.endsWith('\n') ? text : `${text}\n`);
      }
      case 'tool':
        if (!asString(object.name)) return undefined;
        this.#tools += 1;
        return [...this.#close(), ...toolEvents(object, `tool-${this.#tools}`)];
      case 'usage': {
        const context = contextOf(object);
        if (!this.#usage.add(object) && !context) return undefined;
        return [{ type: 'usage-update', usage: this.#usage.total, ...(context && { context }) }];
      }
      case 'failure':
        if (!isFailure(object)) return undefined;
        this.#failure = object;
        return [];
      default:
        return undefined;
    }
  }

  *#say(text: string): Generator<BodyEvent> {
    this.#text += text;
    // Not at every line: that would copy the whole of it each time.
    if (this.#text.length > 2 * textCap) this.#text = this.#text.slice(-textCap);
    if (!this.#open) {
      this.#open = true;
      this.#blocks += 1;
      yield { type: 'text-start', id: `text-${this.#blocks}` };
    }
    yield { type: 'text-delta', id: `text-${this.#blocks}`, delta: text };
  }

  *#close(): Generator<BodyEvent> {
    if (this.#open) yield { type: 'text-end', id: `text-${this.#blocks}` };
    this.#open = false;
  }
}

function ref(id: string, cwd: string): SessionRef {
  return { provider: 'script', id, cwd };
}
