import { AgentError, createSessions, type Session } from '@pawl/agent';
import { describe, expect, test } from 'vitest';
import { useWorkshop } from './fixtures/workshop.ts';

const workshop = useWorkshop();
const texts = ({ messages }: Session) => messages.map((message) => ('text' in message ? message.text : message.type));

describe.each(['in memory', 'in the store'])('a session held by the program, %s', (place) => {
  const open = (options = {}) =>
    createSessions({ ...(place === 'in memory' ? {} : { store: workshop.store }), ...options });

  test('is new and empty', async () => {
    const before = Date.now();
    const session = await open().new();
    expect(session).toMatchObject({
      messages: [],
      maxMessages: 1000,
      isFork: false,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect([session.lastMessage, session.parentId, session.title]).toEqual([undefined, undefined, undefined]);
    expect(session.createdAt).toBeGreaterThanOrEqual(before);
    expect(session.createdAt).toBeLessThanOrEqual(Date.now());
  });

  test('has what was added, in order', async () => {
    const session = await open().new({ title: 'Plan' });
    await session.add({ role: 'user', text: 'one' });
    await session.add({ role: 'assistant', text: 'two' }, { role: 'system', type: 'compaction', trigger: 'manual' });
    expect(session.messages).toMatchObject([
      { seq: 1, role: 'user', type: 'text', text: 'one', at: expect.any(Number) },
      { seq: 2, role: 'assistant', text: 'two' },
      { seq: 3, role: 'system', type: 'compaction' },
    ]);
    expect(session.lastMessage).toBe(session.messages[2]);
    expect(session.title).toBe('Plan');
  });

  test('drops the oldest first', async () => {
    const sessions = open({ maxMessages: 3 });
    const session = await sessions.new();
    for (const text of ['1', '2', '3', '4', '5']) await session.add({ role: 'user', text });
    expect(texts(session)).toEqual(['3', '4', '5']);
    await session.add(...['6', '7', '8', '9'].map((text) => ({ role: 'user' as const, text })));
    expect(texts(session)).toEqual(['7', '8', '9']);
    expect(texts(await sessions.resume(session.id))).toEqual(['7', '8', '9']);
    const own = await sessions.new({ maxMessages: 1 });
    await own.add({ role: 'user', text: 'a' }, { role: 'user', text: 'b' });
    expect(texts(own)).toEqual(['b']);
    await expect(sessions.new({ maxMessages: 0 })).rejects.toMatchObject({ code: 'bad-request' });
  });

  test('is resumed by its id or the beginning of it', async () => {
    const sessions = open();
    const session = await sessions.new({ title: 'Plan' });
    await session.add({ role: 'user', text: 'one' });
    const again = await sessions.resume(session.id);
    expect({ ...again, ...properties(again) }).toEqual({ ...session, ...properties(session) });
    const short = await sessions.resume(session.id.slice(0, 13));
    await short.add({ role: 'assistant', text: 'two' });
    expect(texts(session)).toEqual(['one']);
    await session.add({ role: 'user', text: 'three' });
    expect(texts(session)).toEqual(['one', 'two', 'three']);
  });

  test('is forked: the past in common, the future its own', async () => {
    const sessions = open();
    const session = await sessions.new({ title: 'Plan', maxMessages: 5 });
    await session.add({ role: 'user', text: 'one' });
    const fork = await session.fork();
    expect(fork).toMatchObject({ isFork: true, parentId: session.id, title: 'Plan', maxMessages: 5 });
    expect(fork.id).not.toBe(session.id);
    await fork.add({ role: 'user', text: 'left' });
    await session.add({ role: 'user', text: 'right' });
    expect(texts(fork)).toEqual(['one', 'left']);
    expect(texts(session)).toEqual(['one', 'right']);
    expect(await sessions.resume(fork.id)).toMatchObject({ isFork: true, parentId: session.id });
    expect(await fork.fork({ title: 'Again' })).toMatchObject({ parentId: fork.id, title: 'Again' });
  });

  test('that is not there', async () => {
    const error = await open()
      .resume('nope')
      .catch((thrown: unknown) => thrown);
    expect(AgentError.is(error) && error.code).toBe('no-session');
  });
});

const properties = ({ id, title, createdAt, messages, maxMessages, parentId, isFork }: Session) => ({
  ...{ id, title, createdAt, messages, maxMessages, parentId, isFork },
});

describe('in the store', () => {
  test('it is listed and searched like every other session, with its owner', async () => {
    const session = await createSessions({ store: workshop.store, owner: 'ada' }).new({ title: 'Plan' });
    await session.add({ role: 'user', text: 'the needle' });
    expect(await workshop.store.sessions.list({ owner: 'ada' })).toMatchObject([
      { ref: { provider: 'pawl', id: session.id }, title: 'Plan', messages: 1, turns: 0 },
    ]);
    expect(await workshop.store.sessions.search('needle')).toHaveLength(1);
  });

  test('one that an agent keeps is not the program’s, and the other way round', async () => {
    const sessions = createSessions({ store: workshop.store });
    const ref = { provider: 'claude', id: 'native-1', cwd: '/' };
    await workshop.store.sessions.begin({ ref, at: 1 });
    await expect(sessions.resume('native')).rejects.toMatchObject({ code: 'foreign-session' });
    await expect(sessions.resume('')).rejects.toMatchObject({ code: 'no-session' });
  });

  test('two whose ids begin alike', async () => {
    for (const id of ['same-1', 'same-2'])
      await workshop.store.sessions.begin({ ref: { provider: 'pawl', id, cwd: '/' }, at: 1 });
    await expect(createSessions({ store: workshop.store }).resume('same')).rejects.toMatchObject({
      code: 'ambiguous-session',
    });
  });

  test('texts that must not be stored come back as they are kept; in memory they stay', async () => {
    const token = `sk-ant-${'api03-0123456789abcdefghij'}`;
    const stored = await createSessions({ store: workshop.store }).new();
    const inMemory = await createSessions().new();
    for (const session of [stored, inMemory]) await session.add({ role: 'user', text: `use ${token}` });
    expect(texts(stored)).toEqual(['use [redacted]']);
    expect(texts(inMemory)).toEqual([`use ${token}`]);
  });
});
