import type { JsonObject } from '@pawl/provider';
import type { BodyEvent } from '../definition.ts';
import { asObject, asString } from '../json.ts';

/** Chunks of text and of reasoning as blocks. Where the agent names no messages, whatever comes between ends one. */
export class AcpText {
  #open: { readonly kind: 'text' | 'reasoning'; readonly id: string; readonly message: string | undefined } | undefined;
  #blocks = 0;
  #last = '';
  #messageId: string | undefined;

  /** The last message. */
  get last(): string {
    return this.#last;
  }

  get messageId(): string | undefined {
    return this.#messageId;
  }

  *chunk(kind: 'text' | 'reasoning', update: JsonObject): Generator<BodyEvent> {
    const content = asObject(update.content);
    const text = asString(content?.text) ?? '';
    if (text === '') return;
    const message = asString(update.messageId);
    if (this.#open?.kind !== kind || this.#open.message !== message) {
      yield* this.close();
      this.#blocks += 1;
      this.#open = { kind, id: `${kind}-${this.#blocks}`, message };
      if (kind === 'text') this.#last = '';
      yield { type: `${kind}-start`, id: this.#open.id };
    }
    if (kind === 'text') {
      this.#last += text;
      this.#messageId = message ?? this.#messageId;
    }
    yield { type: `${kind}-delta`, id: this.#open.id, delta: text };
  }

  *close(): Generator<BodyEvent> {
    if (this.#open) yield { type: `${this.#open.kind}-end`, id: this.#open.id };
    this.#open = undefined;
  }
}
