import { writeFileSync } from 'node:fs';
import { createAgent, type KeepFiles } from '@pawl/agent';
import type { Provider } from '@pawl/provider';
import { script } from '@pawl/provider-script';
import { expect, test } from 'vitest';
import { collectHost } from './fixtures/fake-host.ts';
import { fakeProvider, turnEnd } from './fixtures/fake-provider.ts';
import { useWorkshop } from './fixtures/workshop.ts';

const workshop = useWorkshop();
const commit = 'a'.repeat(40);
const tree = 'b'.repeat(40);
const keep: KeepFiles = async () => ({ commit, tree, repository: '/repo' });

/** Says that each turn ended at a message of its own, and keeps a transcript that grows. */
function talkative(): Provider {
  let turns = 0;
  const { provider } = fakeProvider({
    async *turn() {
      turns += 1;
      writeFileSync(workshop.path('transcript'), 'x'.repeat(turns * 10));
      const session = { provider: 'fake', id: 's1', cwd: workshop.folder };
      yield { type: 'turn-start' };
      yield { type: 'session-ready', session };
      yield turnEnd({ session, messageId: `m${turns}` });
    },
  });
  const packSession = async () => [{ name: 'transcript', source: { path: workshop.path('transcript') } }];
  return { ...provider, packSession };
}
const checkpoints = async () => [...(await workshop.store.sessions.checkpoints({}))].toReversed();

test('each turn is tied to its last message, the length of the transcript and the files', async () => {
  const asked: unknown[] = [];
  const agent = createAgent(talkative(), {
    ...{ cwd: workshop.folder, store: workshop.store, host: collectHost().host },
    checkpoint: async (moment) => {
      asked.push(moment);
      return { commit, tree, base: commit, repository: '/repo' };
    },
  });
  await agent.run('one');
  expect((await agent.run('two')).notRecorded).toBeUndefined();
  const [session] = await workshop.store.sessions.list();
  const common = { session: session?.id, commit, tree, base: commit, repository: '/repo', worktree: workshop.folder };
  expect(await checkpoints()).toMatchObject([
    { ...common, number: 1, seq: 1, messageId: 'm1', transcriptOffset: 10 },
    { ...common, number: 2, seq: 2, messageId: 'm2', transcriptOffset: 20 },
  ]);
  const name = `session-${session?.id}`;
  expect(asked).toEqual([
    { folder: workshop.folder, name, message: `session ${session?.id} after turn 1` },
    { folder: workshop.folder, name, message: `session ${session?.id} after turn 2` },
  ]);
});

test('also a turn that was stopped at a limit; an agent without a transcript has no length of one', async () => {
  const options = { ...workshop.agent('talker'), store: workshop.store, checkpoint: keep };
  const { outcome } = await createAgent(script(), options).run('one', { limits: { costUsd: 0.001 } });
  expect(outcome.kind).toBe('limited');
  const [only, ...more] = await checkpoints();
  expect([only?.commit, only?.transcriptOffset, more]).toEqual([commit, undefined, []]);
});

test('a folder that nothing can be kept in has none; one that fails spoils no result', async () => {
  const options = { ...workshop.agent('talker'), store: workshop.store };
  const nothing = await createAgent(script(), { ...options, checkpoint: async () => undefined }).run('one');
  expect([nothing.text, nothing.notRecorded]).toEqual(['one', undefined]);
  const checkpoint = () => Promise.reject(Object.assign(new Error('no room'), { code: 'git-failed' }));
  const failed = await createAgent(script(), { ...options, checkpoint }).run('two');
  expect([failed.text, failed.notRecorded]).toEqual(['two', { code: 'git-failed', message: 'no room' }]);
  expect(await checkpoints()).toEqual([]);
});

test('nothing is asked for where nothing is recorded', async () => {
  const checkpoint = () => Promise.reject(new Error('asked'));
  const agent = createAgent(script(), { ...workshop.agent('talker'), checkpoint });
  expect((await agent.run('one')).notRecorded).toBeUndefined();
  const kept = createAgent(script(), { ...workshop.agent('talker'), checkpoint, store: workshop.store });
  expect((await kept.ephemeral().run('one')).notRecorded).toBeUndefined();
});
