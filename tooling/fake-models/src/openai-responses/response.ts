import { randomUUID } from 'node:crypto';
import type { ResponsesRequest } from './request.ts';
import { defaultResponsesUsage, type ResponsesToolUse, type ResponsesTurn } from './turn.ts';

export type OutputItem =
  | {
      readonly type: 'reasoning';
      readonly id: string;
      readonly summary: readonly Part[];
      readonly encrypted_content: string;
    }
  | { readonly type: 'message'; readonly id: string; readonly role: 'assistant'; readonly content: readonly Part[] }
  | {
      readonly type: 'function_call' | 'custom_tool_call';
      readonly id: string;
      readonly call_id: string;
      readonly name: string;
    };
interface Part {
  readonly type: string;
  readonly text: string;
}

/** The whole response that a turn stands for, before it has a status. */
export interface ModelResponse {
  readonly head: Readonly<Record<string, unknown>>;
  readonly output: readonly OutputItem[];
  readonly usage: Readonly<Record<string, unknown>>;
}

export function responseOf(turn: ResponsesTurn, request: ResponsesRequest): ModelResponse {
  const output: OutputItem[] = [];
  if (turn.reasoning !== undefined) {
    const summary = [{ type: 'summary_text', text: turn.reasoning }];
    output.push({ type: 'reasoning', id: newId('rs'), summary, encrypted_content: 'ZmFrZQ==' });
  }
  if (turn.text !== undefined) {
    const content = [{ type: 'output_text', text: turn.text, annotations: [] }];
    output.push({ type: 'message', id: newId('msg'), role: 'assistant', content });
  }
  output.push(...(turn.tools ?? []).map(callOf));
  const usage = { ...defaultResponsesUsage, ...turn.usage };
  return {
    head: {
      ...{ id: newId('resp'), object: 'response', created_at: Math.floor(Date.now() / 1_000) },
      ...{ model: turn.model ?? request.model ?? 'fake', error: null, incomplete_details: null, output: [] },
    },
    output,
    usage: {
      input_tokens: usage.input,
      input_tokens_details: { cached_tokens: usage.cacheRead },
      output_tokens: usage.output,
      output_tokens_details: { reasoning_tokens: usage.reasoning },
      total_tokens: usage.input + usage.output,
    },
  };
}

function callOf({ name, input, namespace, id = newId('call') }: ResponsesToolUse): OutputItem {
  const call = { call_id: id, name, ...(namespace === undefined ? {} : { namespace }), status: 'completed' };
  if (typeof input === 'string') return { type: 'custom_tool_call', id: newId('ctc'), ...call, ...{ input } };
  return { type: 'function_call', id: newId('fc'), ...call, ...{ arguments: JSON.stringify(input) } };
}

export function newId(prefix: string): string {
  return `${prefix}_${randomUUID().replaceAll('-', '').slice(0, 24)}`;
}
