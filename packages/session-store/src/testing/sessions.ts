import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SessionStore } from '../contract.ts';
import type { SessionTurn } from '../session-contract.ts';
import { allOf, openAt, refusal, type StoreSetup, type Stores } from './setup.ts';

function turn(id: string, over: Partial<SessionTurn> = {}): SessionTurn {
  return { ref: { provider: 'claude', id, cwd: '/work' }, at: 1000, usage: {}, ...over };
}

export function testSessions(setup: StoreSetup): void {
  describe('session catalogue', () => {
    let stores: Stores;
    let store: SessionStore;
    beforeEach(async () => {
      stores = await openAt(setup);
      store = await stores.open(await setup.place());
    });
    afterEach(() => stores.closeAll());
    const sessions = () => store.sessions;

    test('a session is all that its turns told', async () => {
      const ref = { provider: 'claude', id: 'n1', cwd: '/work', token: { file: 'a.jsonl', lines: [1, 2] } };
      const first = await sessions().record({
        ...turn('n1', { agent: 'claude-opus', model: 'opus', title: 'Plan', owner: 'ada', repository: '/repo' }),
        ...{ ref, run: 'r1', step: 'plan', messageId: 'm1', tags: ['red', 'big'] },
        usage: { inputTokens: 10, outputTokens: 2, costUsd: 0.25, turns: 3 },
      });
      expect(await sessions().get(first.id)).toEqual(first);
      const second = await sessions().record({
        ...turn('n1', { at: 2000, title: 'Other', step: 'impl', messageId: 'm2' }),
        usage: { inputTokens: 5, costUsd: 0.5 },
      });
      expect(second).toEqual({
        id: first.id,
        ref: { provider: 'claude', id: 'n1', cwd: '/work' },
        agent: 'claude-opus',
        model: 'opus',
        title: 'Plan',
        owner: 'ada',
        repository: '/repo',
        tags: ['big', 'red'],
        run: 'r1',
        step: 'impl',
        messageId: 'm2',
        createdAt: 1000,
        lastUsedAt: 2000,
        archived: false,
        turns: 2,
        messages: 0,
        inputTokens: 15,
        outputTokens: 2,
        cost: { state: 'measured', usd: 0.75 },
      });
      expect(first.ref).toEqual(ref);
    });

    test('an unknown cost stays unknown and is never zero', async () => {
      const first = await sessions().record(turn('n1'));
      expect(first).not.toHaveProperty('inputTokens');
      expect(first.cost).toEqual({ state: 'unknown', unpricedTurns: 1 });
      const second = await sessions().record(turn('n1', { usage: { costUsd: 0 } }));
      expect(second.cost).toEqual({ state: 'unknown', unpricedTurns: 1, measuredUsd: 0 });
      expect((await sessions().record(turn('n2', { usage: { costUsd: 0 } }))).cost).toEqual({
        state: 'measured',
        usd: 0,
      });
    });

    test('a turn with a key counts once', async () => {
      const paid = turn('n1', { key: 'r1/impl#1', usage: { costUsd: 1, inputTokens: 7 } });
      await sessions().record(paid);
      expect(await sessions().record(paid)).toMatchObject({ turns: 1, inputTokens: 7, cost: { usd: 1 } });
      expect(await sessions().record({ ...paid, key: 'r1/impl#2' })).toMatchObject({ turns: 2, cost: { usd: 2 } });
    });

    test('the same native id of two agents is two sessions', async () => {
      const one = await sessions().record(turn('same'));
      const two = await sessions().record({ ...turn('same'), ref: { provider: 'codex', id: 'same', cwd: '/work' } });
      expect(two.id).not.toBe(one.id);
      expect((await sessions().find('same')).map(({ id }) => id).sort()).toEqual([one.id, two.id].sort());
    });

    test('a fork knows its parent, also one that is not in the catalogue', async () => {
      const parent = await sessions().record(turn('n1'));
      const fork = await sessions().record(turn('n2', { parent: { ref: parent.ref, at: 'm1' } }));
      expect(fork.parent).toEqual({ provider: 'claude', nativeId: 'n1', id: parent.id, at: 'm1' });
      const later = await sessions().record(turn('n2', { parent: { ref: fork.ref } }));
      expect(later.parent).toEqual(fork.parent);
      const orphan = await sessions().record(turn('n3', { parent: { ref: turn('gone').ref } }));
      expect(orphan.parent).toEqual({ provider: 'claude', nativeId: 'gone' });
      const foreign = { ref: { provider: 'codex', id: 'x', cwd: '/' } };
      await refusal(sessions().record(turn('n4', { parent: foreign })), 'bad-request');
    });

    test.each([
      { ref: { provider: '', id: 'x', cwd: '/' } },
      { ref: { provider: 'claude', id: '', cwd: '/' } },
      { at: 1.5 },
      { usage: { inputTokens: 0.5 } },
    ])('refuses a turn that is none: %j', async (over) => {
      await refusal(sessions().record(turn('n1', over)), 'bad-request');
      expect(await sessions().list()).toEqual([]);
    });

    test('lists by what the filter names, last used first, page by page', async () => {
      for (let index = 0; index < 6; index += 1)
        await sessions().record(
          turn(`n${index}`, {
            at: 1000 + (index >> 1),
            agent: index < 3 ? 'opus' : 'haiku',
            repository: '/repo',
            owner: index === 0 ? 'ada' : 'bob',
            run: `r${index % 2}`,
            tags: index === 4 ? ['keep'] : [],
          }),
        );
      const names = async (filter: Parameters<SessionStore['sessions']['list']>[0]) =>
        (await sessions().list(filter)).map(({ ref }) => ref.id);
      expect((await names({})).slice().sort()).toEqual(['n0', 'n1', 'n2', 'n3', 'n4', 'n5']);
      expect((await names({})).slice(0, 2).sort()).toEqual(['n4', 'n5']);
      expect(await names({ owner: 'ada' })).toEqual(['n0']);
      expect(await names({ tag: 'keep', agent: 'haiku', provider: 'claude', repository: '/repo' })).toEqual(['n4']);
      expect(await names({ tag: 'keep', agent: 'opus' })).toEqual([]);
      expect((await names({ run: 'r0' })).sort()).toEqual(['n0', 'n2', 'n4']);
      expect(await names({ cwd: '/elsewhere' })).toEqual([]);
      const all = (await sessions().list()).map(({ id }) => id);
      const paged: string[] = [];
      for (let before: string | undefined; paged.length < 20; ) {
        const page = await sessions().list(before === undefined ? { limit: 4 } : { limit: 4, before });
        if (page.length === 0) break;
        paged.push(...page.map(({ id }) => id));
        before = page.at(-1)?.id;
      }
      expect(paged).toEqual(all);
      await refusal(sessions().list({ limit: 1001 }), 'bad-request');
    });

    test('finds by id, native id and the beginning of either', async () => {
      const one = await sessions().record(turn('abc-1'));
      await sessions().record(turn('abc-2'));
      const ids = async (text: string) => (await sessions().find(text)).map(({ ref }) => ref.id);
      expect(await ids(one.id)).toEqual(['abc-1']);
      expect(await ids(one.id.slice(0, 10))).toEqual(['abc-1']);
      expect(await ids('abc-2')).toEqual(['abc-2']);
      expect((await ids('abc')).sort()).toEqual(['abc-1', 'abc-2']);
      expect(await ids('')).toEqual([]);
      expect(await ids('%')).toEqual([]);
    });

    test('lists by time, by parent, and without what is archived', async () => {
      const names = async (filter: Parameters<SessionStore['sessions']['list']>[0]) =>
        (await sessions().list(filter)).map(({ ref }) => ref.id);
      const first = await sessions().record(turn('n1', { at: 1000 }));
      await sessions().record(turn('n2', { at: 2000, parent: { ref: first.ref } }));
      await sessions().record(turn('n3', { at: 3000, parent: { ref: turn('gone').ref } }));
      expect(await names({ since: 2000 })).toEqual(['n3', 'n2']);
      expect(await names({ since: 1000, until: 3000 })).toEqual(['n2', 'n1']);
      expect(await names({ parent: first.id })).toEqual(['n2']);
      expect(await names({ parent: 'nobody' })).toEqual([]);
      await sessions().archive(first.id);
      await sessions().archive(first.id);
      expect(await sessions().get(first.id)).toMatchObject({ archived: true });
      expect(await names({})).toEqual(['n3', 'n2']);
      expect(await names({ archived: 'only' })).toEqual(['n1']);
      expect(await names({ archived: 'also' })).toEqual(['n3', 'n2', 'n1']);
      expect((await sessions().find('n1')).map(({ id }) => id)).toEqual([first.id]);
      await sessions().unarchive(first.id);
      expect(await names({})).toEqual(['n3', 'n2', 'n1']);
      await sessions().archive(first.id);
      await sessions().record(turn('n1', { at: 4000 }));
      expect(await names({})).toEqual(['n1', 'n3', 'n2']);
    });

    test('is known from its beginning; its first turn adds what it cost', async () => {
      const ref = turn('n1').ref;
      const parent = { ref: { ...ref, id: 'n0' }, at: 'm1' };
      const begun = await sessions().begin({ ref, at: 500, title: 'Plan', owner: 'ada', parent, transcript: '/t/n1' });
      expect(begun).toEqual({
        ...{ id: begun.id, ref, title: 'Plan', owner: 'ada', tags: [], transcript: '/t/n1', archived: false },
        ...{ parent: { provider: 'claude', nativeId: 'n0', at: 'm1' }, createdAt: 500, lastUsedAt: 500 },
        ...{ turns: 0, messages: 0, cost: { state: 'unknown', unpricedTurns: 0 } },
      });
      expect(await sessions().begin({ ref, at: 600, title: 'Other', transcript: '/t/moved' })).toEqual({
        ...{ ...begun, transcript: '/t/moved', lastUsedAt: 600 },
      });
      const recorded = await sessions().record(turn('n1', { at: 700, usage: { costUsd: 1 } }));
      expect(recorded).toMatchObject({ id: begun.id, title: 'Plan', turns: 1, cost: { state: 'measured', usd: 1 } });
      await refusal(sessions().begin({ ref: { ...ref, id: '' }, at: 1 }), 'bad-request');
      await refusal(sessions().begin({ ref, at: 1, maxMessages: 0 }), 'bad-request');
    });

    test('is removed with all that is known of it; its forks stay', async () => {
      const { id, ref } = await sessions().record(turn('n1', { tags: ['a'] }));
      await sessions().append(id, [{ role: 'user', type: 'text', text: 'remember me', at: 1 }]);
      const fork = await sessions().record(turn('n2', { parent: { ref } }));
      await sessions().remove(id);
      expect(await sessions().get(id)).toBeUndefined();
      expect(await sessions().list({ tag: 'a', archived: 'also' })).toEqual([]);
      expect((await sessions().search('remember')).map((hit) => hit.session.id)).toEqual([fork.id]);
      expect(await sessions().get(fork.id)).toMatchObject({ parent: { nativeId: 'n1' }, messages: 1 });
      expect((await sessions().get(fork.id))?.parent).not.toHaveProperty('id');
      await refusal(sessions().remove(id), 'no-such-session');
      expect(await sessions().record(turn('n1'))).toMatchObject({ turns: 1, messages: 0, tags: [] });
    });

    test('is renamed and tagged; a turn does not undo it', async () => {
      const { id } = await sessions().record(turn('n1', { title: 'first' }));
      await sessions().rename(id, 'mine');
      await sessions().tag(id, 'a', 'b', 'a');
      await sessions().untag(id, 'b', 'never there');
      await sessions().record(turn('n1', { title: 'again' }));
      expect(await sessions().get(id)).toMatchObject({ title: 'mine', tags: ['a'] });
    });

    test('a session that is not there', async () => {
      expect(await sessions().get('nope')).toBeUndefined();
      await refusal(sessions().rename('nope', 'x'), 'no-such-session');
      await refusal(sessions().tag('nope', 'x'), 'no-such-session');
      await refusal(sessions().untag('nope', 'x'), 'no-such-session');
      await refusal(sessions().archive('nope'), 'no-such-session');
      await refusal(sessions().unarchive('nope'), 'no-such-session');
      await refusal(sessions().remove('nope'), 'no-such-session');
      await refusal(sessions().append('nope', []), 'no-such-session');
      await refusal(allOf(sessions().messages('nope')), 'no-such-session');
    });
  });
}
