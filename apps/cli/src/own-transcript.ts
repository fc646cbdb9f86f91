import type { TranscriptMessage } from '@pawl/provider';
import type { MessagePage, SessionMessage, SessionRecord, SessionStore } from '@pawl/session-store';
import { hostFor } from './compose.ts';
import type { Context } from './context.ts';

/** What the agent itself has of a session, from its beginning. Undefined where it cannot be read. */
export async function ownTranscript(
  context: Context,
  { ref, createdAt }: Pick<SessionRecord, 'ref' | 'createdAt'>,
): Promise<AsyncIterable<SessionMessage> | undefined> {
  const { installed } = await context.providers(await context.root());
  const provider = installed.get(ref.provider);
  const messages = provider?.readSession?.(ref, hostFor(provider, context.env));
  return messages && numbered(messages, createdAt);
}

async function* numbered(messages: AsyncIterable<TranscriptMessage>, at: number): AsyncGenerator<SessionMessage> {
  let seq = 0;
  for await (const message of messages) {
    seq += 1;
    yield { at, ...message, seq };
  }
}

/** One page of it; no more is read than the page needs, but for the last one. */
export async function* pageThrough(
  messages: AsyncIterable<SessionMessage>,
  { limit, after = 0, offset = 0, last = false }: MessagePage & { readonly limit: number; readonly last?: boolean },
): AsyncGenerator<SessionMessage> {
  const end: SessionMessage[] = [];
  for await (const message of messages) {
    if (last) {
      end.push(message);
      if (end.length > limit) end.shift();
    } else if (message.seq > after + offset + limit) return;
    else if (message.seq > after + offset) yield message;
  }
  yield* end;
}

/** So much of a transcript is copied when its session is taken into the catalogue; a longer one is read where it is. */
const mostCopied = 8 * 1024 * 1024;

/** All of it or nothing. That it cannot be read is no reason to know the session less. */
export async function copyTranscript(context: Context, store: SessionStore, session: SessionRecord): Promise<void> {
  try {
    const messages: SessionMessage[] = [];
    let size = 0;
    for await (const message of (await ownTranscript(context, session)) ?? []) {
      messages.push(message);
      size += JSON.stringify(message).length;
      if (size > mostCopied) return;
    }
    if (messages.length > 0) await store.sessions.append(session.id, messages);
  } catch (error) {
    context.terminal.say(
      `note: its transcript was not copied: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
