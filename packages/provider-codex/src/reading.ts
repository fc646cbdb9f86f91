import type { Host, Json, JsonObject, SessionRef, TranscriptMessage } from '@pawl/provider';
import { asArray, asObject, asString, readObject, stamp } from '@pawl/provider-kit';
import { exportSession } from './sessions.ts';
import { kindOf } from './tools.ts';

/** In the order of the rollout. What the user said is in events: its items hold what Codex adds as well. */
export async function* readSession(ref: SessionRef, host: Host): AsyncGenerator<TranscriptMessage> {
  for await (const text of exportSession(ref, host)) {
    const line = readObject({ line: 1, text });
    const payload = asObject(line?.payload);
    if (!line || !payload) continue;
    for (const message of messagesOf(asString(line.type), payload)) yield { ...message, ...stamp(line.timestamp) };
  }
}

function messagesOf(type: string | undefined, payload: JsonObject): readonly TranscriptMessage[] {
  if (type === 'compacted') return [{ role: 'system', type: 'compaction', trigger: 'auto' }];
  if (type === 'event_msg') return spoken('user', userText(payload));
  return type === 'response_item' ? itemOf(payload) : [];
}

function userText(payload: JsonObject): string {
  if (payload.type === 'user_message') return asString(payload.message) ?? '';
  const item = asObject(payload.item);
  return payload.type === 'item_completed' && item?.type === 'UserMessage' ? textOf(item.content) : '';
}

function itemOf(item: JsonObject): readonly TranscriptMessage[] {
  const call = asString(item.call_id);
  switch (item.type) {
    case 'message':
      return item.role === 'assistant' ? spoken('assistant', textOf(item.content)) : [];
    case 'reasoning': {
      const text = textOf(item.summary);
      return text === '' ? [] : [{ role: 'assistant', type: 'reasoning', text }];
    }
    case 'function_call':
    case 'custom_tool_call': {
      if (call === undefined) return [];
      const name = asString(item.name) ?? '';
      return [{ role: 'assistant', type: 'tool-call', call, kind: kindOf(name), name, input: inputOf(item) }];
    }
    case 'function_call_output':
    case 'custom_tool_call_output':
      if (call === undefined) return [];
      return [{ role: 'tool', type: 'tool-result', call, status: 'ok', output: item.output ?? null }];
    default:
      return [];
  }
}

const spoken = (role: 'user' | 'assistant', text: string): readonly TranscriptMessage[] =>
  text.trim() === '' ? [] : [{ role, type: 'text', text }];

const textOf = (content: Json | undefined): string =>
  asArray(content)
    .flatMap((part) => asString(asObject(part)?.text) ?? [])
    .join('\n');

/** Arguments come as the text of a JSON object. */
function inputOf(item: JsonObject): Json {
  const text = asString(item.arguments) ?? asString(item.input) ?? '';
  return readObject({ line: 1, text }) ?? text;
}
