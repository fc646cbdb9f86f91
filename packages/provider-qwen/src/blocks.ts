import type { JsonObject } from '@pawl/provider';
import { asObject, asString, type BodyEvent } from '@pawl/provider-kit';

type Kind = 'text' | 'reasoning';

/** What the CLI says in the place of an answer. */
const apiError = /^\[API Error: /;

/**
 * Text and reasoning of the main conversation. Each block comes twice: in pieces (`stream_event`) and then whole
 * (`assistant`), except where partial messages are off; then only whole.
 */
export class Blocks {
  #count = 0;
  #open: { readonly kind: Kind; readonly id: string; begun: boolean } | undefined;
  /** Blocks that came in pieces and not yet whole. */
  readonly #streamed: Record<Kind, number> = { text: 0, reasoning: 0 };

  *stream(event: JsonObject): Generator<BodyEvent> {
    switch (event.type) {
      case 'message_start':
        yield* this.close();
        this.#streamed.text = 0;
        this.#streamed.reasoning = 0;
        return;
      case 'content_block_start': {
        yield* this.close();
        const kind = kindOf(asString(asObject(event.content_block)?.type));
        if (kind) this.#open = { kind, id: this.#nextId(), begun: false };
        return;
      }
      case 'content_block_delta':
        return yield* this.#delta(asObject(event.delta));
      case 'content_block_stop':
        if (this.#open) this.#streamed[this.#open.kind] += 1;
        yield* this.close();
    }
  }

  *whole(block: JsonObject): Generator<BodyEvent> {
    const kind = kindOf(asString(block.type));
    const text = asString(block.text) ?? asString(block.thinking);
    if (!kind || !text || apiError.test(text)) return;
    if (this.#streamed[kind] > 0) {
      this.#streamed[kind] -= 1;
      return;
    }
    const id = this.#nextId();
    yield { type: `${kind}-start`, id };
    yield { type: `${kind}-delta`, id, delta: text };
    yield { type: `${kind}-end`, id };
  }

  *close(): Generator<BodyEvent> {
    if (this.#open?.begun) yield { type: `${this.#open.kind}-end`, id: this.#open.id };
    this.#open = undefined;
  }

  *#delta(delta: JsonObject | undefined): Generator<BodyEvent> {
    const open = this.#open;
    const piece = asString(delta?.text) ?? asString(delta?.thinking);
    if (!open || !piece) return;
    if (!open.begun) {
      // Also as a block of its own after the text of an answer that broke off.
      if (open.kind === 'text' && apiError.test(piece)) {
        this.#open = undefined;
        return;
      }
      open.begun = true;
      yield { type: `${open.kind}-start`, id: open.id };
    }
    yield { type: `${open.kind}-delta`, id: open.id, delta: piece };
  }

  #nextId(): string {
    this.#count += 1;
    return `block-${this.#count}`;
  }
}

function kindOf(type: string | undefined): Kind | undefined {
  if (type === 'text') return 'text';
  return type === 'thinking' ? 'reasoning' : undefined;
}
