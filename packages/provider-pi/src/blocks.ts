import type { JsonObject } from '@pawl/provider';
import { asArray, asFigure, asObject, asString, type BodyEvent } from '@pawl/provider-kit';

type Kind = 'text' | 'reasoning';

/** Text and reasoning of the answers. Each block comes in pieces, and once more whole with its message. */
export class Blocks {
  #message = 0;
  /** Of the current message, by their place in it. */
  readonly #told = new Set<number>();
  readonly #open = new Map<number, Kind>();

  begin(): void {
    this.#message += 1;
    this.#told.clear();
    this.#open.clear();
  }

  *piece(event: JsonObject): Generator<BodyEvent> {
    const [, name = '', step = ''] = /^(text|thinking)_(start|delta|end)$/.exec(asString(event.type) ?? '') ?? [];
    const at = asFigure(event.contentIndex);
    if (name === '' || at === undefined) return;
    const kind = name === 'text' ? 'text' : 'reasoning';
    if (step === 'end') return yield* this.#close(at, kind, asString(event.content) ?? '');
    yield* this.#start(at, kind);
    const delta = asString(event.delta);
    if (step === 'delta' && delta) {
      this.#told.add(at);
      yield { type: `${kind}-delta`, id: this.#id(at), delta };
    }
  }

  /** The message is whole: what did not come in pieces comes now, what is open is closed. */
  *whole(message: JsonObject): Generator<BodyEvent> {
    for (const [at, part] of asArray(message.content).entries()) {
      const block = asObject(part);
      const text = asString(block?.text) ?? asString(block?.thinking);
      const kind = block?.type === 'text' ? 'text' : 'reasoning';
      if (text !== undefined && (block?.type === 'text' || block?.type === 'thinking')) {
        if (!this.#told.has(at) || this.#open.has(at)) yield* this.#close(at, kind, text);
      }
    }
    for (const [at, kind] of [...this.#open]) yield* this.#close(at, kind, '');
  }

  *#start(at: number, kind: Kind): Generator<BodyEvent> {
    if (this.#open.has(at)) return;
    this.#open.set(at, kind);
    yield { type: `${kind}-start`, id: this.#id(at) };
  }

  *#close(at: number, kind: Kind, whole: string): Generator<BodyEvent> {
    if (!this.#told.has(at) && whole !== '') {
      yield* this.#start(at, kind);
      this.#told.add(at);
      yield { type: `${kind}-delta`, id: this.#id(at), delta: whole };
    }
    if (this.#open.delete(at)) yield { type: `${kind}-end`, id: this.#id(at) };
  }

  #id(at: number): string {
    return `block-${this.#message}-${at}`;
  }
}
