import type { Host, JsonObject, SessionRef, TranscriptMessage } from '@pawl/provider';
import { asObject, asObjects, asString, readObject, stamp } from '@pawl/provider-kit';
import { exportSession } from './sessions.ts';
import { isDenied, kindOfTool } from './tools.ts';
import { isContext } from './transcripts.ts';

/**
 * In the order of the file. A message is written when it begins and again, whole, when its tools have answered, and what
 * they gave once more behind it: each is held until the next one comes, and nothing is told twice. What was taken back
 * later (`$rewindTo`) is told all the same: it was said.
 */
export async function* readSession(ref: SessionRef, host: Host): AsyncGenerator<TranscriptMessage> {
  const told = new Set<string>();
  let held: JsonObject | undefined;
  for await (const text of exportSession(ref, host)) {
    const line = readObject({ line: 1, text }) ?? {};
    for (const entry of [line, ...asObjects(asObject(line.$set)?.messages)]) {
      if (asString(entry.id) === undefined || entry.type === undefined) continue;
      if (held && held.id !== entry.id) yield* untold(held, told);
      held = entry;
    }
  }
  if (held) yield* untold(held, told);
}

function* untold(entry: JsonObject, told: Set<string>): Generator<TranscriptMessage> {
  const id = asString(entry.id) ?? '';
  for (const message of messagesOf(entry, id)) {
    const key = `${message.type} ${'call' in message ? message.call : id}`;
    if (!told.has(key)) yield message;
    told.add(key);
  }
}

function* messagesOf(entry: JsonObject, id: string): Generator<TranscriptMessage> {
  const common = stamp(entry.timestamp, id);
  const role = entry.type === 'user' ? 'user' : entry.type === 'gemini' ? 'assistant' : undefined;
  if (!role) return;
  const thoughts = asObjects(entry.thoughts).flatMap(thoughtText);
  if (thoughts.length > 0) yield { role: 'assistant', type: 'reasoning', text: thoughts.join('\n'), ...common };
  const text = textOf(entry.content);
  if (text.trim() !== '') yield { role, type: 'text', text, ...common };
  for (const call of asObjects(entry.toolCalls)) yield* callOf(call, common);
  for (const part of asObjects(entry.content)) {
    const given = asObject(part.functionResponse);
    if (given) yield* resultOf(given, common);
  }
}

type Common = Pick<TranscriptMessage, 'at' | 'id'>;

function* callOf(entry: JsonObject, common: Common): Generator<TranscriptMessage> {
  const call = asString(entry.id);
  if (call === undefined) return;
  const name = asString(entry.name) ?? '';
  const input = entry.args ?? null;
  yield { role: 'assistant', type: 'tool-call', call, kind: kindOfTool(name), name, input, ...common };
  const given = asObjects(entry.result)
    .map((part) => asObject(part.functionResponse))
    .find((found) => found);
  if (given) yield* resultOf({ ...given, id: call, name }, common, entry.status !== 'success');
}

function* resultOf({ id, name, response }: JsonObject, common: Common, failed = false): Generator<TranscriptMessage> {
  const call = asString(id);
  if (call === undefined) return;
  const { output, error } = asObject(response) ?? {};
  const value = error ?? output ?? null;
  const wrong = failed || error !== undefined ? { message: value } : undefined;
  const status = isDenied(asString(name) ?? '', wrong, value) ? 'denied' : wrong ? 'error' : 'ok';
  yield { role: 'tool', type: 'tool-result', call, status, output: value, ...common };
}

/** A string, or parts; without what the CLI puts before the first prompt. */
function textOf(content: JsonObject[string] | undefined): string {
  const parts = typeof content === 'string' ? [content] : asObjects(content).map((part) => asString(part.text));
  return parts.filter((text) => text !== undefined && !isContext(text)).join('\n');
}

function thoughtText(thought: JsonObject): string | readonly [] {
  const parts = [asString(thought.subject), asString(thought.description)].filter((text) => text);
  return parts.length === 0 ? [] : parts.join(': ');
}
