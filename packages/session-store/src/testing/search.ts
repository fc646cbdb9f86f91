import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionStore } from '../contract.ts';
import type { NewMessage } from '../message.ts';
import { openAt, type StoreSetup, type Stores } from './setup.ts';

const said = (text: string, at = 1): NewMessage => ({ role: 'user', type: 'text', text, at });

export function testSearch(setup: StoreSetup): void {
  describe('search', () => {
    let stores: Stores;
    let store: SessionStore;
    beforeEach(async () => {
      stores = await openAt(setup);
      store = await stores.open(await setup.place());
    });
    afterEach(() => stores.closeAll());
    let at = 0;
    async function session(id: string, title: string | undefined, ...texts: readonly string[]) {
      at += 1000;
      const ref = { provider: 'claude', id, cwd: '/work' };
      const record = await store.sessions.begin({ ref, at, ...(title !== undefined && { title }) });
      await store.sessions.append(
        record.id,
        texts.map((text, index) => said(text, at + index)),
      );
      return record;
    }
    const found = async (text: string, filter = {}) =>
      (await store.sessions.search(text, filter)).map((hit) => hit.session.ref.id);

    test('finds words in messages and titles, last used first', async () => {
      await session('a', 'Plan the payment module', 'We need a queue.');
      await session('b', undefined, 'How does Payment work?', 'Nothing here.');
      await session('c', 'Something else', 'The paymaster is out.');
      expect(await found('payment')).toEqual(['b', 'a']);
      expect(await found('pay')).toEqual(['c', 'b', 'a']);
      expect(await found('module payment')).toEqual(['a']);
      expect(await found('PAYMENT work')).toEqual(['b']);
      // Not in one message, nor in the title.
      expect(await found('payment queue')).toEqual([]);
      expect(await found('ayment')).toEqual([]);
    });

    test('tells where, in one line', async () => {
      const long = `${'before '.repeat(100)}\n\nthe needle is   here\n${'after '.repeat(100)}`;
      const { id } = await session('a', 'A needle in the title', long, 'a needle again', 'nothing');
      const [hit] = await store.sessions.search('needle');
      expect(hit).toMatchObject({ session: { id }, message: { seq: 2, role: 'user' }, excerpt: 'a needle again' });
      await session('b', 'Only here: treasure', 'x');
      const [inTitle] = await store.sessions.search('treasure');
      expect(inTitle).toEqual({
        session: expect.objectContaining({ title: 'Only here: treasure' }),
        excerpt: 'Only here: treasure',
      });
      await session('c', undefined, long.replace('needle', 'thimble'));
      const [first] = await store.sessions.search('thim');
      expect(first?.excerpt).toMatch(/^….*before the thimble is here after.*…$/);
      expect(first?.excerpt.length).toBeLessThan(170);
    });

    test.each([
      ['größe', 'Die GRÖSSE zählt: Größe'],
      ['strasen', 'Strasen'],
      ['cafe', 'Le café'],
      ['Café', 'le CAFE'],
      ['src index', 'see src/index.ts'],
      ['src/index.ts', 'see src/index.ts'],
      ['foo_bar', 'call foo_bar()'],
      ['don t', "don't"],
      ['2026', 'on 2026-11-20'],
      ['3.14', 'pi is 3.14'],
      ['東京', '東京タワー'],
      ['AND OR', 'this and that or more'],
      ['a* "b', 'a b'],
      ['ada@example.org', 'write to ada@example.org'],
      ['x1e5', 'about x1e5 of them'],
    ])('%j is in %j', async (text, message) => {
      await session('a', undefined, message);
      await session('b', message);
      expect(await found(text)).toEqual(['b', 'a']);
    });

    test.each([
      ['grosse', 'fünf große Straßen'],
      ['ostern', 'das Kostern'],
      ['12', 'in 2012'],
    ])('%j is not in %j', async (text, message) => {
      await session('a', message, message);
      expect(await found(text)).toEqual([]);
    });

    test.each(['', ' ', '!?', '"', '*'])('the text %j is found nowhere', async (text) => {
      await session('a', 'A title!?', 'Text "with" * marks');
      expect(await found(text)).toEqual([]);
      expect(await store.sessions.list({ text })).toEqual([]);
    });

    test('narrows a list, with every other filter', async () => {
      await session('a', 'needle');
      await session('b', 'needle');
      const { id } = await session('c', 'needle');
      await store.sessions.tag(id, 'keep');
      expect((await store.sessions.list({ text: 'needle' })).map(({ ref }) => ref.id)).toEqual(['c', 'b', 'a']);
      expect(await found('needle', { tag: 'keep' })).toEqual(['c']);
      expect(await found('needle', { limit: 1 })).toEqual(['c']);
      expect(await found('needle', { limit: 2, before: id })).toEqual(['b', 'a']);
      await store.sessions.archive(id);
      expect(await found('needle')).toEqual(['b', 'a']);
      expect(await found('needle', { archived: 'only' })).toEqual(['c']);
    });

    test('follows a new title, and forgets what was removed', async () => {
      const { id } = await session('a', 'old words', 'said');
      await store.sessions.rename(id, 'new name');
      expect(await found('old')).toEqual([]);
      expect(await found('new')).toEqual(['a']);
      await store.sessions.remove(id);
      expect(await found('said')).toEqual([]);
      expect(await found('new')).toEqual([]);
    });

    test('looks at what people and agents said, not at what tools gave', async () => {
      const { id } = await session('a', undefined, 'question');
      await store.sessions.append(id, [
        { role: 'tool', type: 'tool-result', call: 'c', status: 'ok', output: 'haystack', at: 1 },
        { role: 'assistant', type: 'text', text: 'an answer', at: 2 },
      ]);
      expect(await found('haystack')).toEqual([]);
      expect(await store.sessions.search('answer')).toMatchObject([{ message: { seq: 3, role: 'assistant' } }]);
    });
  });
}
