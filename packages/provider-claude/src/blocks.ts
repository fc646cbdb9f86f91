import type { JsonObject } from '@pawl/provider';
import { asFigure, asObject, asString, type BodyEvent } from '@pawl/provider-kit';

type Kind = 'text' | 'reasoning';

/**
 * Text and reasoning of the main conversation. Each block comes twice: in pieces (`stream_event`) and then whole
 * (`assistant`), except where the answer was not streamed; then only whole.
 */
export class Blocks {
  #message = '';
  #count = 0;
  #open: { readonly kind: Kind; readonly id: string; readonly index: number } | undefined;
  /** Blocks of the current message that came in pieces and not yet whole. */
  readonly #streamed: Record<Kind, number> = { text: 0, reasoning: 0 };

  *stream(event: JsonObject): Generator<BodyEvent> {
    switch (event.type) {
      case 'message_start':
        yield* this.#close();
        this.#begin(asString(asObject(event.message)?.id) ?? '');
        return;
      case 'content_block_start': {
        yield* this.#close();
        const kind = kindOf(asString(asObject(event.content_block)?.type));
        if (!kind) return;
        this.#open = { kind, id: this.#nextId(), index: asFigure(event.index) ?? 0 };
        this.#streamed[kind] += 1;
        return yield { type: `${kind}-start`, id: this.#open.id };
      }
      case 'content_block_delta': {
        const delta = asObject(event.delta);
        const piece = asString(delta?.text) ?? asString(delta?.thinking);
        if (!this.#open || !piece) return;
        return yield { type: `${this.#open.kind}-delta`, id: this.#open.id, delta: piece };
      }
      case 'content_block_stop':
        yield* this.#close();
    }
  }

  *whole(block: JsonObject, message: string): Generator<BodyEvent> {
    const kind = kindOf(asString(block.type));
    const text = asString(block.text) ?? asString(block.thinking);
    if (!kind || text === undefined) return;
    if (message !== this.#message) {
      yield* this.#close();
      this.#begin(message);
    }
    if (this.#streamed[kind] > 0) {
      this.#streamed[kind] -= 1;
      return;
    }
    if (text === '') return;
    const id = this.#nextId();
    yield { type: `${kind}-start`, id };
    yield { type: `${kind}-delta`, id, delta: text };
    yield { type: `${kind}-end`, id };
  }

  #begin(message: string): void {
    this.#message = message;
    this.#streamed.text = 0;
    this.#streamed.reasoning = 0;
  }

  #nextId(): string {
    this.#count += 1;
    return `block-${this.#count}`;
  }

  *#close(): Generator<BodyEvent> {
    if (this.#open) yield { type: `${this.#open.kind}-end`, id: this.#open.id };
    this.#open = undefined;
  }
}

function kindOf(type: string | undefined): Kind | undefined {
  if (type === 'text') return 'text';
  return type === 'thinking' ? 'reasoning' : undefined;
}
