import type { Host, JsonObject, SessionRef, TranscriptMessage } from '@pawl/provider';
import { asFigure, asObject, asObjects, asString, outputOf, readObject, stamp } from '@pawl/provider-kit';
import { exportSession } from './sessions.ts';
import { kindOfTool } from './tools.ts';

/** In the order of the file; what sub-agents said and what the CLI tells itself is left out. */
export async function* readSession(ref: SessionRef, host: Host): AsyncGenerator<TranscriptMessage> {
  for await (const text of exportSession(ref, host)) {
    const line = readObject({ line: 1, text });
    if (line && line.isSidechain !== true && line.isMeta !== true) yield* messagesOf(line);
  }
}

function* messagesOf(line: JsonObject): Generator<TranscriptMessage> {
  const common = stamp(line.timestamp, asString(line.uuid));
  if (line.type === 'system' && line.subtype === 'compact_boundary') {
    const meta = asObject(line.compactMetadata);
    const tokensBefore = asFigure(meta?.preTokens);
    const trigger = meta?.trigger === 'manual' ? 'manual' : 'auto';
    yield {
      ...{ role: 'system', type: 'compaction', trigger, ...common },
      ...(tokensBefore === undefined ? {} : { tokensBefore }),
    };
  }
  if (line.type !== 'user' && line.type !== 'assistant') return;
  const content = asObject(line.message)?.content;
  for (const block of typeof content === 'string' ? [{ type: 'text', text: content }] : asObjects(content))
    yield* said(line.type, block, common);
}

function* said(
  role: 'user' | 'assistant',
  block: JsonObject,
  common: Pick<TranscriptMessage, 'at' | 'id'>,
): Generator<TranscriptMessage> {
  const text = asString(block.text) ?? asString(block.thinking) ?? '';
  const call = asString(block.tool_use_id) ?? asString(block.id);
  if (block.type === 'text' && text.trim() !== '') yield { role, type: 'text', text, ...common };
  if (block.type === 'thinking' && text.trim() !== '') yield { role: 'assistant', type: 'reasoning', text, ...common };
  if (call === undefined) return;
  if (block.type === 'tool_use') {
    const name = asString(block.name) ?? '';
    const input = block.input ?? null;
    yield { role: 'assistant', type: 'tool-call', call, kind: kindOfTool(name), name, input, ...common };
  }
  if (block.type === 'tool_result') {
    const status = block.is_error === true ? 'error' : 'ok';
    yield { role: 'tool', type: 'tool-result', call, status, output: outputOf(block.content), ...common };
  }
}
