import type { Host, JsonObject, SessionRef, TranscriptMessage } from '@pawl/provider';
import { asObject, asObjects, asString, readObject, stamp } from '@pawl/provider-kit';
import { exportSession } from './sessions.ts';
import { kindOfTool, wasRefused } from './tools.ts';

/** In the order of the file, without what the CLI tells itself. */
export async function* readSession(ref: SessionRef, host: Host): AsyncGenerator<TranscriptMessage> {
  for await (const text of exportSession(ref, host)) {
    const line = readObject({ line: 1, text });
    if (line) yield* messagesOf(line);
  }
}

function* messagesOf(line: JsonObject): Generator<TranscriptMessage> {
  const common = stamp(line.timestamp, asString(line.uuid));
  if (line.type === 'system' && line.subtype === 'chat_compression')
    yield { role: 'system', type: 'compaction', trigger: 'auto', ...common };
  if (line.provenance === 'system') return;
  for (const part of asObjects(asObject(line.message)?.parts)) {
    const message = messageOf(line, part);
    if (message) yield { ...message, ...common };
  }
}

function messageOf({ type }: JsonObject, part: JsonObject): TranscriptMessage | undefined {
  const text = asString(part.text)?.trim() === '' ? undefined : asString(part.text);
  if (type === 'user' && text !== undefined && !text.startsWith('<system-reminder>'))
    return { role: 'user', type: 'text', text: text.trimEnd() };
  if (type === 'assistant' && text !== undefined)
    return { role: 'assistant', type: part.thought === true ? 'reasoning' : 'text', text };
  const [asked, given] = [asObject(part.functionCall), asObject(part.functionResponse)];
  const call = asString(asked?.id) ?? asString(given?.id);
  if (call === undefined) return undefined;
  if (asked) {
    const name = asString(asked.name) ?? '';
    return { role: 'assistant', type: 'tool-call', call, kind: kindOfTool(name), name, input: asked.args ?? null };
  }
  const { output, error } = asObject(given?.response) ?? {};
  const status = error === undefined ? 'ok' : wasRefused(error) ? 'denied' : 'error';
  return { role: 'tool', type: 'tool-result', call, status, output: error ?? output ?? null };
}
