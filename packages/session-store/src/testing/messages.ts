import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionStore } from '../contract.ts';
import type { NewMessage, SessionMessage } from '../message.ts';
import type { SessionRecord } from '../session-contract.ts';
import { allOf, openAt, refusal, type StoreSetup, type Stores } from './setup.ts';

const ref = { provider: 'claude', id: 'n1', cwd: '/work' };
const said = (text: string, at = 1): NewMessage => ({ role: 'user', type: 'text', text, at });
const answered = (text: string, at = 1): NewMessage => ({ role: 'assistant', type: 'text', text, at });
const texts = (messages: readonly SessionMessage[]) => messages.map((one) => ('text' in one ? one.text : one.type));

export function testMessages(setup: StoreSetup): void {
  describe('messages', () => {
    let stores: Stores;
    let place: string;
    let store: SessionStore;
    let session: SessionRecord;
    beforeEach(async () => {
      stores = await openAt(setup);
      place = await setup.place();
      store = await stores.open(place);
      session = await store.sessions.begin({ ref, at: 1 });
    });
    afterEach(() => stores.closeAll());
    const all = async (id = session.id, page = {}) => allOf(store.sessions.messages(id, page));

    test('come back as they were appended, numbered from 1', async () => {
      const messages: readonly NewMessage[] = [
        said('Plan it.', 10),
        { role: 'assistant', type: 'reasoning', text: 'Hm.', at: 11 },
        {
          role: 'assistant',
          type: 'tool-call',
          call: 'c1',
          kind: 'read',
          name: 'Read',
          input: { path: 'a.ts' },
          at: 12,
        },
        { role: 'tool', type: 'tool-result', call: 'c1', status: 'ok', output: ['one', { two: null }], at: 13 },
        {
          role: 'assistant',
          type: 'tool-call',
          call: 'c2',
          kind: 'other',
          name: 'x',
          title: 'X',
          input: null,
          parent: 'c1',
          at: 14,
        },
        { role: 'system', type: 'compaction', trigger: 'auto', tokensBefore: 9000, at: 15 },
        { ...answered('Done.', 16), id: 'm1' },
        { role: 'system', type: 'outcome', outcome: 'failed', text: 'It broke.', at: 17 },
      ];
      expect(await store.sessions.append(session.id, messages.slice(0, 3))).toBe(3);
      expect(await store.sessions.append(session.id, messages.slice(3))).toBe(8);
      expect(await store.sessions.append(session.id, [])).toBe(8);
      expect(await all()).toEqual(messages.map((message, index) => ({ seq: index + 1, ...message })));
      expect(await store.sessions.get(session.id)).toMatchObject({ messages: 8, lastUsedAt: 17, turns: 0 });
      await stores.closeAll();
      store = await stores.open(place);
      expect(await all()).toHaveLength(8);
    });

    test.each(['ü\u0000 \u{1F600}"\\\n', '\uD800 alone', '', ' ', "'; DROP TABLE sessions; --"])(
      'keep the text %j as it is',
      async (text) => {
        await store.sessions.append(session.id, [said(text), { ...answered(text), id: 'm1' }]);
        expect(texts(await all())).toEqual([text, text]);
      },
    );

    test('come page by page', async () => {
      await store.sessions.append(
        session.id,
        Array.from({ length: 100 }, (_, index) => said(`${index}`)),
      );
      const page = async (limit?: number, offset?: number) =>
        texts(
          await all(session.id, { ...(limit !== undefined && { limit }), ...(offset !== undefined && { offset }) }),
        );
      expect(await page()).toEqual(Array.from({ length: 100 }, (_, index) => `${index}`));
      expect(await page(3)).toEqual(['0', '1', '2']);
      expect(await page(2, 97)).toEqual(['97', '98']);
      expect(await page(5, 98)).toEqual(['98', '99']);
      expect(await page(5, 100)).toEqual([]);
      expect(await page(0)).toEqual([]);
      expect(texts(await all(session.id, { after: 97 }))).toEqual(['97', '98', '99']);
      expect(texts(await all(session.id, { after: 50, offset: 10, limit: 1 }))).toEqual(['60']);
      expect(await all(session.id, { after: 100 })).toEqual([]);
      expect(await page(64, 10)).toHaveLength(64);
      for (const wrong of [{ limit: -1 }, { after: -1 }, { offset: 0.5 }, { limit: Number.NaN }])
        await refusal(all(session.id, wrong), 'bad-request');
    });

    test('of a session with a limit: the oldest are dropped first', async () => {
      const small = await store.sessions.begin({ ref: { ...ref, id: 'small' }, at: 1, maxMessages: 3 });
      expect(small.maxMessages).toBe(3);
      await store.sessions.append(small.id, [said('1'), said('2')]);
      await store.sessions.append(small.id, [said('3'), said('4'), said('5')]);
      expect(await all(small.id)).toMatchObject([{ seq: 3, text: '3' }, { seq: 4 }, { seq: 5 }]);
      expect(texts(await all(small.id, { offset: 1, limit: 1 }))).toEqual(['4']);
      expect(texts(await all(small.id, { after: 1, limit: 1 }))).toEqual(['3']);
      expect(await store.sessions.get(small.id)).toMatchObject({ messages: 3, maxMessages: 3 });
      expect(await store.sessions.search('1')).toEqual([]);
      await store.sessions.append(
        small.id,
        Array.from({ length: 10 }, (_, index) => said(`next ${index}`)),
      );
      expect(texts(await all(small.id))).toEqual(['next 7', 'next 8', 'next 9']);
    });

    test('the last one of a turn gets the id that the agent told at its end', async () => {
      await store.sessions.append(session.id, [said('a'), answered('b'), said('c')]);
      await store.sessions.record({ ref, at: 2, usage: {}, messageId: 'm1' });
      expect((await all()).map(({ id }) => id)).toEqual([undefined, 'm1', undefined]);
      await store.sessions.record({ ref, at: 3, usage: {}, messageId: 'm2' });
      expect((await all()).map(({ id }) => id)).toEqual([undefined, 'm1', undefined]);
    });

    test('a fork begins with those of its parent, up to where it was cut', async () => {
      await store.sessions.append(session.id, [said('a'), { ...answered('b'), id: 'm1' }, said('c')]);
      const fork = (id: string, at?: string) =>
        store.sessions.begin({ ref: { ...ref, id }, at: 2, parent: { ref, ...(at !== undefined && { at }) } });
      const whole = await fork('whole');
      const cut = await fork('cut', 'm1');
      expect(texts(await all(whole.id))).toEqual(['a', 'b', 'c']);
      expect(cut.messages).toBe(2);
      await store.sessions.append(cut.id, [said('other')]);
      await store.sessions.append(session.id, [answered('d')]);
      expect(await all(cut.id)).toMatchObject([{ text: 'a' }, { text: 'b', id: 'm1' }, { seq: 3, text: 'other' }]);
      expect(texts(await all())).toEqual(['a', 'b', 'c', 'd']);
      expect((await fork('lost', 'never heard of')).messages).toBe(0);
      expect((await fork('whole')).messages).toBe(3);
      const orphan = { ref: { ...ref, id: 'orphan' }, at: 2, parent: { ref: { ...ref, id: 'gone' } } };
      expect((await store.sessions.begin(orphan)).messages).toBe(0);
    });

    test('a fork of one whose oldest were dropped is numbered from 1', async () => {
      const small = { ref: { ...ref, id: 'small' }, at: 1, maxMessages: 2 };
      const { id } = await store.sessions.begin(small);
      await store.sessions.append(id, [said('1'), said('2'), said('3')]);
      const fork = await store.sessions.begin({ ref: { ...ref, id: 'fork' }, at: 2, parent: { ref: small.ref } });
      expect(await all(fork.id)).toMatchObject([
        { seq: 1, text: '2' },
        { seq: 2, text: '3' },
      ]);
    });

    test('all of them or none', async () => {
      const circular: Record<string, unknown> = {};
      circular.self = circular;
      const broken = { ...said('x'), type: 'tool-call', role: 'assistant', input: circular } as unknown as NewMessage;
      await refusal(store.sessions.append(session.id, [said('a'), broken]), 'bad-request');
      await refusal(store.sessions.append(session.id, [said('a'), said('b', 0.5)]), 'bad-request');
      expect(await all()).toEqual([]);
      expect(await store.sessions.append(session.id, [said('a')])).toBe(1);
    });

    test('what is too long is cut, and says so', async () => {
      const output = { text: 'y'.repeat(300_000) };
      await store.sessions.append(session.id, [
        said('x'.repeat(1_500_000)),
        { role: 'tool', type: 'tool-result', call: 'c1', status: 'ok', output, at: 1 },
      ]);
      const [text, result] = await all();
      expect(text).toMatchObject({ text: 'x'.repeat(1_048_576), leftOut: 1_500_000 - 1_048_576 });
      expect(result).toMatchObject({ output: JSON.stringify(output).slice(0, 262_144), leftOut: 300_011 - 262_144 });
    });

    test('a secret does not come back', async () => {
      const token = `sk-ant-${'api03-0123456789abcdefghij'}`;
      await store.sessions.append(session.id, [
        said(`use ${token}`),
        {
          role: 'assistant',
          type: 'tool-call',
          call: 'c',
          kind: 'other',
          name: 'x',
          input: { [token]: [token] },
          at: 1,
        },
      ]);
      expect(await all()).toMatchObject([{ text: 'use [redacted]' }, { input: { '[redacted]': ['[redacted]'] } }]);
    });
  });
}
