import { randomUUID } from 'node:crypto';
import type { MessagesRequest } from './request.ts';
import { defaultUsage, type Turn } from './turn.ts';

export type AnswerBlock =
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'tool_use'; readonly id: string; readonly name: string; readonly input: object };

export interface Answer {
  readonly id: string;
  readonly model: string;
  readonly blocks: readonly AnswerBlock[];
  readonly stopReason: string;
  readonly usage: Record<string, unknown>;
}

/** The whole message that a turn stands for. */
export function answerOf(turn: Turn, request: MessagesRequest): Answer {
  const blocks: AnswerBlock[] = [];
  if (turn.thinking !== undefined) blocks.push({ type: 'thinking', thinking: turn.thinking, signature: 'ZmFrZQ==' });
  if (turn.text !== undefined) blocks.push({ type: 'text', text: turn.text });
  for (const tool of turn.tools ?? []) {
    blocks.push({ type: 'tool_use', id: tool.id ?? newId('toolu'), name: tool.name, input: tool.input });
  }
  const usage = { ...defaultUsage, ...turn.usage };
  return {
    id: newId('msg'),
    model: turn.model ?? request.model ?? 'fake',
    blocks,
    stopReason: turn.stopReason ?? (turn.tools?.length ? 'tool_use' : 'end_turn'),
    usage: {
      input_tokens: usage.input,
      cache_creation_input_tokens: usage.cacheWrite,
      cache_read_input_tokens: usage.cacheRead,
      cache_creation: { ephemeral_5m_input_tokens: usage.cacheWrite, ephemeral_1h_input_tokens: 0 },
      output_tokens: usage.output,
      service_tier: 'standard',
    },
  };
}

export function newId(prefix: string): string {
  return `${prefix}_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
}
