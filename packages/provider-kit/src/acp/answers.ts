import type { JsonObject } from '@pawl/provider';
import { asObject, asString } from '../json.ts';

/**
 * Answers of the model, counted from the order of what the agent does, for the protocol does not tell them: what comes
 * after the results of all calls is a new answer.
 */
export class AcpAnswers {
  readonly #open = new Set<string>();
  readonly #known = new Set<string>();
  /** Nothing but results since the last answer, or nothing at all. */
  #due = true;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** True: with this update a new answer began. */
  heard(update: JsonObject): boolean {
    switch (update.sessionUpdate) {
      case 'agent_message_chunk':
      case 'agent_thought_chunk':
        return asString(asObject(update.content)?.text) !== '' && this.#goesOn();
      case 'tool_call':
      case 'tool_call_update':
        return this.call(
          asString(update.toolCallId) ?? '',
          update.status === 'completed' || update.status === 'failed',
        );
      default:
        return false;
    }
  }

  /** Some tell a call only when they ask for it, or when it is over. */
  call(id: string, over: boolean): boolean {
    const begun = !this.#known.has(id) && this.#goesOn();
    if (!this.#known.has(id)) this.#open.add(id);
    this.#known.add(id);
    if (over && this.#open.delete(id)) this.#due = this.#open.size === 0;
    return begun;
  }

  #goesOn(): boolean {
    if (!this.#due) return false;
    this.#due = false;
    this.#count += 1;
    return true;
  }
}
