import type { ToolKind } from './events.ts';
import type { Json } from './json.ts';

/** One thing that was said or done in a conversation, in the same form for every agent. */
export type MessageBody =
  | { readonly role: 'user' | 'assistant' | 'system'; readonly type: 'text'; readonly text: string }
  | { readonly role: 'assistant'; readonly type: 'reasoning'; readonly text: string }
  | {
      readonly role: 'assistant';
      readonly type: 'tool-call';
      readonly call: string;
      readonly kind: ToolKind;
      readonly name: string;
      readonly title?: string;
      readonly input: Json;
      /** The call of a sub-agent that this one belongs to. */
      readonly parent?: string;
    }
  | {
      readonly role: 'tool';
      readonly type: 'tool-result';
      readonly call: string;
      readonly status: 'ok' | 'error' | 'denied';
      readonly output: Json;
    }
  /** The agent put a summary in the place of what came before. */
  | {
      readonly role: 'system';
      readonly type: 'compaction';
      readonly trigger: 'auto' | 'manual';
      readonly tokensBefore?: number;
    }
  /** How a turn ended that was not completed; `text` says why. */
  | {
      readonly role: 'system';
      readonly type: 'outcome';
      readonly outcome: 'limited' | 'refused' | 'cancelled' | 'failed';
      readonly text: string;
    };

/** As an agent's own transcript has it. `at`: milliseconds since the epoch. `id`: the agent's own, where a fork can be cut. */
export type TranscriptMessage = MessageBody & { readonly at?: number; readonly id?: string };
