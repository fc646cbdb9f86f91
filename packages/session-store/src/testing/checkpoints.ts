import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { NewCheckpoint } from '../checkpoint.ts';
import type { SessionStore } from '../contract.ts';
import { allOf, openAt, refusal, type StoreSetup, type Stores } from './setup.ts';

const ref = (id: string, provider = 'claude') => ({ provider, id, cwd: `/work/${id}` });
const commit = (digit: string) => digit.repeat(40);
function made(digit: string, over: Partial<NewCheckpoint> = {}): NewCheckpoint {
  return { at: 10, commit: commit(digit), tree: commit('f'), repository: '/repo', worktree: '/work', ...over };
}

export function testCheckpoints(setup: StoreSetup): void {
  describe('checkpoints of sessions', () => {
    let stores: Stores;
    let store: SessionStore;
    beforeEach(async () => {
      stores = await openAt(setup);
      store = await stores.open(await setup.place());
    });
    afterEach(() => stores.closeAll());
    const sessions = () => store.sessions;

    /** Two turns, each with its message and its checkpoint. */
    async function twoTurns(id: string): Promise<string> {
      const session = await sessions().begin({ ref: ref(id), at: 1 });
      for (const [digit, at] of [
        ['1', 10],
        ['2', 20],
      ] as const) {
        await sessions().append(session.id, [{ role: 'assistant', type: 'text', text: `answer ${digit}`, at }]);
        await sessions().record({ ref: ref(id), at, usage: {}, messageId: `m${digit}` });
        await sessions().checkpoint(session.id, made(digit, { at, messageId: `m${digit}`, key: `r/${digit}` }));
      }
      return session.id;
    }
    const messages = async (id: string) => (await allOf(sessions().messages(id))).map(({ seq }) => seq);
    const commits = async (session: string) =>
      (await sessions().checkpoints({ session })).map((each) => each.commit[0]).join('');

    test('are all that was told, numbered, and know the last message', async () => {
      const id = await twoTurns('n1');
      const whole = made('3', {
        ...{ at: 30, messageId: 'm3', transcriptOffset: 5_000_000_000, base: commit('b'), key: 'r/3' },
        ...{ run: 'r', lane: 'main', setAside: 'other' },
      });
      const third = await sessions().checkpoint(id, whole);
      expect(third).toEqual({ ...whole, session: id, number: 3, seq: 2 });
      expect(await sessions().checkpoint(id, { ...whole, commit: commit('4') })).toEqual(third);
      expect(await commits(id)).toBe('321');
      expect(await sessions().checkpoints({ session: id, messageId: 'm1' })).toMatchObject([{ number: 1, seq: 1 }]);
      expect(await sessions().checkpoints({ commit: commit('2') })).toMatchObject([{ session: id, number: 2 }]);
      expect(await sessions().checkpoints({ session: id, limit: 1 })).toEqual([third]);
      expect(await sessions().checkpoints({ session: 'nobody' })).toEqual([]);
      await refusal(sessions().checkpoint('nobody', whole), 'no-such-session');
      await refusal(sessions().checkpoints({ limit: 0 }), 'bad-request');
    });

    test('a fork has those up to where it was cut, and the original keeps its own', async () => {
      const id = await twoTurns('n1');
      const cut = await sessions().begin({ ref: ref('n2'), at: 30, parent: { ref: ref('n1'), at: 'm1' } });
      const whole = await sessions().begin({ ref: ref('n3'), at: 30, parent: { ref: ref('n1') } });
      const nowhere = await sessions().begin({ ref: ref('n4'), at: 30, parent: { ref: ref('n1'), at: 'm9' } });
      expect([await commits(cut.id), await commits(whole.id), await commits(nowhere.id)]).toEqual(['1', '21', '']);
      expect(await sessions().checkpoint(cut.id, made('5', { at: 40, key: 'r/1' }))).toMatchObject({
        number: 2,
        seq: 1,
      });
      await sessions().remove(cut.id);
      expect([await commits(cut.id), await commits(id)]).toEqual(['', '21']);
    });

    test('a message within a turn is named, and a fork that is cut there has what came before it', async () => {
      const id = await twoTurns('n1');
      await sessions().append(id, [
        { role: 'user', type: 'text', text: 'ask', at: 30 },
        { role: 'assistant', type: 'text', text: 'read', at: 31 },
        { role: 'assistant', type: 'text', text: 'done', at: 32 },
      ]);
      await sessions().nameMessage(id, 4, 'inner');
      await sessions().nameMessage(id, 2, 'has one already');
      await sessions().nameMessage(id, 99, 'nothing');
      const kept = await allOf(sessions().messages(id));
      expect(kept.map((message) => message.id)).toEqual(['m1', 'm2', undefined, 'inner', undefined]);
      const cut = await sessions().begin({ ref: ref('n2'), at: 40, parent: { ref: ref('n1'), at: 'inner' } });
      expect([await messages(cut.id), await commits(cut.id)]).toEqual([[1, 2, 3, 4], '21']);
      await refusal(sessions().nameMessage('nobody', 1, 'm'), 'no-such-session');
    });

    test('two sessions exchange their conversations, and twice is as before', async () => {
      const id = await twoTurns('n1');
      await sessions().rename(id, 'The plan');
      const cut = await sessions().begin({
        ref: ref('n2'),
        at: 30,
        title: 'Other',
        parent: { ref: ref('n1'), at: 'm1' },
      });
      const before = [await sessions().get(id), await sessions().get(cut.id)];
      await sessions().exchange(id, cut.id);
      const after = await sessions().get(id);
      expect(after).toMatchObject({ ref: ref('n2'), title: 'The plan', turns: 2, messages: 1 });
      expect(after?.parent).toEqual({ provider: 'claude', nativeId: 'n1', id: cut.id, at: 'm1' });
      expect(await sessions().get(cut.id)).toMatchObject({ ref: ref('n1'), title: 'Other', turns: 0, messages: 2 });
      expect([await messages(id), await messages(cut.id)]).toEqual([[1], [1, 2]]);
      expect([await commits(id), await commits(cut.id)]).toEqual(['1', '21']);
      expect(await sessions().search('answer')).toHaveLength(2);
      await sessions().append(id, [{ role: 'user', type: 'text', text: 'another way', at: 50 }]);
      expect(await messages(id)).toEqual([1, 2]);
      await sessions().exchange(cut.id, id);
      expect([await messages(id), await messages(cut.id)]).toEqual([
        [1, 2],
        [1, 2],
      ]);
      expect([(await sessions().get(id))?.ref, (await sessions().get(cut.id))?.ref]).toEqual(
        before.map((one) => one?.ref),
      );
      await sessions().exchange(id, id);
      const foreign = await sessions().begin({ ref: ref('n1', 'codex'), at: 1 });
      await refusal(sessions().exchange(id, foreign.id), 'bad-request');
      await refusal(sessions().exchange(id, 'nobody'), 'no-such-session');
      expect(await messages(id)).toEqual([1, 2]);
    });

    test('a session remembers the bundle that it came from', async () => {
      const { id } = await sessions().begin({ ref: ref('n1'), at: 1, origin: 'sha256:abc' });
      await sessions().record({ ref: ref('n1'), at: 2, usage: {} });
      expect(await sessions().get(id)).toMatchObject({ origin: 'sha256:abc' });
    });
  });
}
