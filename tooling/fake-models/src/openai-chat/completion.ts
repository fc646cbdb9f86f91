import { randomUUID } from 'node:crypto';
import type { ChatRequest } from './request.ts';
import { type ChatTurn, defaultChatUsage } from './turn.ts';

export interface Completion {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  readonly reasoning: string | undefined;
  readonly text: string | undefined;
  readonly toolCalls: readonly ToolCall[];
  readonly finishReason: string;
  readonly usage: object | undefined;
}
export interface ToolCall {
  readonly id: string;
  readonly type: 'function';
  readonly function: { readonly name: string; readonly arguments: string };
}

/** The whole completion that a turn stands for. */
export function completionOf(turn: ChatTurn, request: ChatRequest): Completion {
  const toolCalls = (turn.tools ?? []).map(({ id, name, input }): ToolCall => {
    const text = typeof input === 'string' ? input : JSON.stringify(input);
    return { id: id ?? newChatId('call_'), type: 'function', function: { name, arguments: text } };
  });
  return {
    id: newChatId('chatcmpl-'),
    created: Math.floor(Date.now() / 1000),
    model: turn.model ?? request.model ?? 'fake',
    reasoning: turn.reasoning,
    text: turn.text,
    toolCalls,
    finishReason: turn.finishReason ?? (toolCalls.length > 0 ? 'tool_calls' : 'stop'),
    usage: turn.withoutUsage ? undefined : usageOf(turn),
  };
}

function usageOf(turn: ChatTurn): object {
  const { input, output, cacheRead, reasoning } = { ...defaultChatUsage, ...turn.usage };
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cacheRead },
    completion_tokens_details: { reasoning_tokens: reasoning },
  };
}

/** The answer of a request that did not ask for a stream. */
export function wholeCompletion({ id, created, model, usage, ...answer }: Completion): object {
  const message = {
    role: 'assistant',
    content: answer.text ?? null,
    ...(answer.reasoning === undefined ? {} : { reasoning_content: answer.reasoning }),
    ...(answer.toolCalls.length === 0 ? {} : { tool_calls: answer.toolCalls }),
  };
  const choices = [{ index: 0, message, finish_reason: answer.finishReason }];
  return { id, object: 'chat.completion', created, model, choices, ...(usage ? { usage } : {}) };
}

export function newChatId(prefix: string): string {
  return `${prefix}${randomUUID().replaceAll('-', '').slice(0, 24)}`;
}
