import type { Host, JsonObject, SessionRef, TranscriptMessage } from '@pawl/provider';
import { asFigure, asObject, asObjects, asString, outputOf, readObject, stamp } from '@pawl/provider-kit';
import { messageId, role } from './branch.ts';
import { exportSession } from './sessions.ts';
import { kindOfTool, statusOf } from './tools.ts';

/** In the order of the file: a branch that was left is told where it was said. */
export async function* readSession(ref: SessionRef, host: Host): AsyncGenerator<TranscriptMessage> {
  for await (const text of exportSession(ref, host)) {
    const entry = readObject({ line: 1, text });
    if (entry?.type === 'message') yield* messagesOf(entry, asObject(entry.message) ?? {});
    if (entry?.type === 'compaction') yield compactionOf(entry);
  }
}

function* messagesOf(entry: JsonObject, message: JsonObject): Generator<TranscriptMessage> {
  const common = stamp(message.timestamp ?? entry.timestamp, messageId(message) ?? asString(entry.id));
  const who = role(entry);
  if (who === 'toolResult') {
    const call = asString(message.toolCallId);
    if (call === undefined) return;
    const output = outputOf(message.content);
    yield {
      role: 'tool',
      type: 'tool-result',
      call,
      status: statusOf(message.isError, message.content),
      output,
      ...common,
    };
  }
  if (who !== 'user' && who !== 'assistant') return;
  const content = typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
  for (const block of asObjects(content)) {
    const text = asString(block.text) ?? asString(block.thinking) ?? '';
    if (block.type === 'text' && text.trim() !== '') yield { role: who, type: 'text', text, ...common };
    if (block.type === 'thinking' && text.trim() !== '')
      yield { role: 'assistant', type: 'reasoning', text, ...common };
    const call = asString(block.id);
    if (block.type !== 'toolCall' || call === undefined) continue;
    const name = asString(block.name) ?? '';
    const input = block.arguments ?? null;
    yield { role: 'assistant', type: 'tool-call', call, kind: kindOfTool(name), name, input, ...common };
  }
}

function compactionOf(entry: JsonObject): TranscriptMessage {
  const tokensBefore = asFigure(entry.tokensBefore);
  return {
    ...{ role: 'system', type: 'compaction', trigger: 'auto', ...stamp(entry.timestamp, asString(entry.id)) },
    ...(tokensBefore === undefined ? {} : { tokensBefore }),
  };
}
