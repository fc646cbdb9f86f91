import type { AgentEvent, TurnEnd } from '@pawl/provider';
import { createTranscriber, openStore, type SessionMessage } from '@pawl/session-store';
import { describe, expect, test } from 'vitest';
import { useFolder } from './fixtures/folder.ts';

const folder = useFolder();
const session = { provider: 'claude', id: 'n1', cwd: '/work' };
const ready: AgentEvent = { type: 'session-ready', session, model: 'opus', transcript: '/home/ada/n1.jsonl' };

function end(over: Partial<TurnEnd> = {}): AgentEvent {
  const outcome = { kind: 'completed' as const, text: 'done' };
  return { type: 'turn-end', outcome, usage: {}, session, durationMs: 1, unknownLines: 0, ...over };
}

function says(id: string, ...deltas: readonly string[]): readonly AgentEvent[] {
  return [
    { type: 'text-start', id },
    ...deltas.map((delta) => ({ type: 'text-delta' as const, id, delta })),
    { type: 'text-end', id },
  ];
}

async function kept(store: ReturnType<typeof openStore>, id: string | undefined): Promise<SessionMessage[]> {
  const messages: SessionMessage[] = [];
  for await (const message of store.sessions.messages(id ?? '')) messages.push(message);
  return messages;
}

function transcribe(prompt = 'do it') {
  const store = folder.closing(openStore({ file: folder.path('pawl.db') }));
  let at = 0;
  const now = () => {
    at += 1;
    return at;
  };
  return { store, transcriber: createTranscriber({ sessions: store.sessions, prompt, facts: { title: 'It' }, now }) };
}

describe('a turn becomes messages', () => {
  test('each as soon as it is whole', async () => {
    const { store, transcriber } = transcribe();
    await transcriber.see({ type: 'turn-start' });
    expect(transcriber.id).toBeUndefined();
    expect(await store.sessions.list()).toEqual([]);
    await transcriber.see(ready);
    expect(await store.sessions.list()).toMatchObject([
      { id: transcriber.id, title: 'It', model: 'opus', transcript: '/home/ada/n1.jsonl', turns: 0, messages: 1 },
    ]);
    const [start, first, second, stop] = says('a', 'one ', 'two');
    for (const event of [start, first, second]) if (event) await transcriber.see(event);
    expect(await kept(store, transcriber.id)).toHaveLength(1);
    if (stop) await transcriber.see(stop);
    expect(await kept(store, transcriber.id)).toEqual([
      { seq: 1, role: 'user', type: 'text', text: 'do it', at: 1 },
      { seq: 2, role: 'assistant', type: 'text', text: 'one two', at: 3 },
    ]);
  });

  test('tools, reasoning, compaction and an end that is none', async () => {
    const { store, transcriber } = transcribe();
    const events: readonly AgentEvent[] = [
      { type: 'turn-start' },
      ready,
      { type: 'reasoning-start', id: 'r' },
      { type: 'reasoning-delta', id: 'r', delta: 'Hm.' },
      { type: 'reasoning-end', id: 'r' },
      { type: 'tool-call', id: 'c', kind: 'read', name: 'Read', input: { path: 'a' }, parent: 'p', line: 7 },
      { type: 'tool-result', id: 'c', status: 'denied', output: 'no' },
      { type: 'usage-update', usage: { turns: 1 } },
      { type: 'native', name: 'new-thing' },
      { type: 'compaction', trigger: 'manual', tokensBefore: 10 },
      ...says('empty', ' '),
      { type: 'text-start', id: 'cut' },
      { type: 'text-delta', id: 'cut', delta: 'half a' },
      end({ outcome: { kind: 'failed', error: { code: 'crashed', message: 'It crashed.', retryable: false } } }),
    ];
    for (const event of events) await transcriber.see(event);
    const messages = await kept(store, transcriber.id);
    expect(messages.map(({ seq, at, ...message }) => message)).toEqual([
      { role: 'user', type: 'text', text: 'do it' },
      { role: 'assistant', type: 'reasoning', text: 'Hm.' },
      {
        role: 'assistant',
        type: 'tool-call',
        call: 'c',
        kind: 'read',
        name: 'Read',
        input: { path: 'a' },
        parent: 'p',
      },
      { role: 'tool', type: 'tool-result', call: 'c', status: 'denied', output: 'no' },
      { role: 'system', type: 'compaction', trigger: 'manual', tokensBefore: 10 },
      { role: 'assistant', type: 'text', text: 'half a' },
      { role: 'system', type: 'outcome', outcome: 'failed', text: 'It crashed.' },
    ]);
  });

  test.each([
    [{ kind: 'limited', limit: 'turns', text: '' }, 'turns'],
    [{ kind: 'refused', reason: 'not that' }, 'not that'],
    [{ kind: 'cancelled' }, ''],
  ] as const)('the outcome %j', async (outcome, text) => {
    const { store, transcriber } = transcribe();
    for (const event of [ready, end({ outcome })]) await transcriber.see(event);
    expect((await kept(store, transcriber.id)).at(-1)).toMatchObject({ type: 'outcome', outcome: outcome.kind, text });
  });

  test('of an agent that tells its session only at the end', async () => {
    const { store, transcriber } = transcribe();
    for (const event of [...says('a', 'x'), end({ model: 'opus' })]) await transcriber.see(event);
    expect(await store.sessions.list()).toMatchObject([{ id: transcriber.id, model: 'opus', messages: 2 }]);
  });

  test('of an agent without a session nothing is kept', async () => {
    const { store, transcriber } = transcribe();
    for (const event of [...says('a', 'x'), end({ session: undefined })]) await transcriber.see(event);
    expect(transcriber.id).toBeUndefined();
    expect(await store.sessions.list()).toEqual([]);
  });

  test('a text without end takes no more memory than what is kept of it', async () => {
    const { store, transcriber } = transcribe('x'.repeat(1024 * 1024));
    await transcriber.see(ready);
    await transcriber.see({ type: 'text-start', id: 'a' });
    for (let round = 0; round < 100; round += 1)
      await transcriber.see({ type: 'text-delta', id: 'a', delta: 'y'.repeat(100_000) });
    await transcriber.see(end());
    const [prompt, text] = await kept(store, transcriber.id);
    expect(prompt).not.toHaveProperty('leftOut');
    expect(text).toMatchObject({ text: 'y'.repeat(1_048_576), leftOut: expect.any(Number) });
  });

  test('what the store refuses is told, and the next message tried again', async () => {
    const { store, transcriber } = transcribe();
    await transcriber.see(ready);
    await store.close();
    for (const event of says('a', 'x').slice(0, 2)) await transcriber.see(event);
    await expect(transcriber.see({ type: 'text-end', id: 'a' })).rejects.toMatchObject({ code: 'store-closed' });
    await transcriber.see({ type: 'usage-update', usage: {} });
    await expect(transcriber.see(end({ outcome: { kind: 'cancelled' } }))).rejects.toMatchObject({
      code: 'store-closed',
    });
  });
});
