import type { Host, JsonObject, SessionRef, TranscriptMessage } from '@pawl/provider';
import { asObject, asObjects, asString, stamp } from '@pawl/provider-kit';
import { checkedId } from './command.ts';
import { exportedMessages } from './store.ts';
import { toolEvents } from './tools.ts';

/** From OpenCode's own export: its store is a database that only it opens. What it adds to a prompt is left out. */
export async function* readSession({ id }: SessionRef, host: Host): AsyncGenerator<TranscriptMessage> {
  for await (const { info, parts } of exportedMessages(checkedId(id), { binary: 'opencode', env: host.env }, host)) {
    const about = asObject(info) ?? {};
    const common = stamp(asObject(about.time)?.created, asString(about.id));
    for (const part of asObjects(parts)) for (const message of saidIn(part, about)) yield { ...message, ...common };
  }
}

function* saidIn(part: JsonObject, { role }: JsonObject): Generator<TranscriptMessage> {
  const text = asString(part.text) ?? '';
  const spoken = text.trim() !== '' && part.synthetic !== true;
  if (part.type === 'text' && spoken && (role === 'user' || role === 'assistant')) yield { role, type: 'text', text };
  if (part.type === 'reasoning' && spoken) yield { role: 'assistant', type: 'reasoning', text };
  if (part.type === 'compaction')
    yield { role: 'system', type: 'compaction', trigger: part.auto === false ? 'manual' : 'auto' };
  if (part.type === 'tool') yield* calledIn(part);
}

/** One that was cut short has no result. */
function* calledIn(part: JsonObject): Generator<TranscriptMessage> {
  const hasEnded = ['completed', 'error'].includes(asString(asObject(part.state)?.status) ?? '');
  for (const event of toolEvents(part)) {
    if (event.type === 'tool-call') {
      const { id: call, ...rest } = event;
      yield { role: 'assistant', call, ...rest };
    }
    if (event.type === 'tool-result' && hasEnded) {
      const { id: call, ...rest } = event;
      yield { role: 'tool', call, ...rest };
    }
  }
}
