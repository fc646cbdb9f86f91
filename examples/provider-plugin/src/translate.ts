import type {
  Exit,
  JsonObject,
  OutputLine,
  SerializedProviderError,
  SessionRef,
  TurnOutcome,
  Usage,
} from '@pawl/provider';
import {
  asFigure,
  asObject,
  asString,
  type BodyEvent,
  crashed,
  failure,
  type Launch,
  readObject,
  type Translator,
  type Verdict,
} from '@pawl/provider-kit';
import type { ParrotOptions } from './options.js';

/** One turn: a line in, events out, and a verdict at the end. It frames nothing and trusts nothing. */
export class ParrotTranslator implements Translator {
  readonly #launch: Launch<ParrotOptions>;
  #session: SessionRef | undefined;
  #model: string | undefined;
  #text = '';
  #bye: JsonObject | undefined;

  constructor(launch: Launch<ParrotOptions>) {
    this.#launch = launch;
  }

  *line(native: OutputLine): Generator<BodyEvent> {
    const event = readObject(native);
    const id = asString(event?.id) ?? '';
    switch (event?.type) {
      case 'hello': {
        const session = asString(event.session);
        if (session === undefined) return yield { type: 'native', name: 'hello' };
        this.#session = { provider: 'parrot', id: session, cwd: this.#launch.cwd };
        this.#model = asString(event.model);
        const version = asString(event.version);
        yield {
          ...{ type: 'session-ready', session: this.#session },
          ...(this.#model === undefined ? {} : { model: this.#model }),
          ...(version === undefined ? {} : { cliVersion: version }),
        };
        return;
      }
      case 'speech': {
        const delta = asString(event.text) ?? '';
        this.#text += delta;
        return yield { type: 'text-delta', id: `line-${native.line}`, delta };
      }
      case 'tool': {
        const name = asString(event.name) ?? 'tool';
        const kind = name === 'write' ? 'edit' : 'other';
        return yield { type: 'tool-call', id, kind, name, input: event.input ?? null };
      }
      case 'tool-end': {
        const status = event.denied === true ? 'denied' : event.ok === true ? 'ok' : 'error';
        return yield { type: 'tool-result', id, status, output: null };
      }
      case 'bye':
        this.#bye = event;
        return;
      default:
        // A new version of the CLI shows as a rising count, not as a crash. An empty line is nothing.
        if (native.text.trim() !== '') yield { type: 'native', name: asString(event?.type) ?? 'text' };
    }
  }

  end(exit: Exit): Verdict {
    const model = this.#model === undefined ? {} : { model: this.#model };
    return { outcome: this.#outcome(exit), usage: usageOf(this.#bye), session: this.#session, ...model };
  }

  #outcome(exit: Exit): TurnOutcome {
    if (this.#bye?.ok === true && exit.code === 0) return { kind: 'completed', text: this.#text };
    if (this.#bye?.code === 'max-turns') return { kind: 'limited', limit: 'turns', text: this.#text };
    return { kind: 'failed', error: this.#error(exit) };
  }

  #error(exit: Exit): SerializedProviderError {
    const last = exit.stderrTail.trim().split('\n').at(-1) ?? '';
    if (this.#bye?.code === 'bad-key')
      return failure('not-signed-in', 'Parrot was refused its key. Set PARROT_KEY to a good one.', { exit });
    if (exit.code === 4) return failure('session-not-found', `${last}. Start a new session.`, { exit });
    if (exit.code === 5) return failure('model-not-found', `${last}. Name one of these.`, { exit });
    return crashed('Parrot', exit);
  }
}

/** What was not told is left out: it is not zero. */
function usageOf(bye: JsonObject | undefined): Usage {
  const tokens = asObject(bye?.tokens);
  const figures = {
    inputTokens: asFigure(tokens?.in),
    outputTokens: asFigure(tokens?.out),
    turns: asFigure(bye?.turns),
    costUsd: asFigure(bye?.cost),
  };
  return Object.fromEntries(Object.entries(figures).filter(([, figure]) => figure !== undefined));
}
