import { createAgent, thisHolder } from '@pawl/agent';
import type { AgentEvent } from '@pawl/provider';
import { script } from '@pawl/provider-script';
import type { SessionMessage } from '@pawl/session-store';
import { describe, expect, test } from 'vitest';
import { collectHost } from './fixtures/fake-host.ts';
import { fakeProvider, ref, says, turnEnd, untilStopped } from './fixtures/fake-provider.ts';
import { useWorkshop } from './fixtures/workshop.ts';

const workshop = useWorkshop();
const talker = () => createAgent(script(), { ...workshop.agent('talker'), store: workshop.store });
const ready: AgentEvent = { type: 'session-ready', session: ref, model: 'small', tools: ['read'], mcpServers: ['db'] };

/** An agent in memory, with the store. */
function fake(...events: readonly AgentEvent[]) {
  const { provider } = fakeProvider({
    turn: async function* () {
      yield { type: 'turn-start' };
      yield* events;
      yield turnEnd({ messageId: 'm1' });
    },
  });
  return createAgent(provider, { host: collectHost().host, store: workshop.store, cwd: workshop.folder });
}

async function messages(id: string): Promise<readonly SessionMessage[]> {
  const found: SessionMessage[] = [];
  for await (const message of workshop.store.sessions.messages(id)) found.push(message);
  return found;
}
const lines = async (id: string) =>
  (await messages(id)).map((one) => `${one.role}: ${'text' in one ? one.text.trim() : one.type}`);

describe('the transcript in the store', () => {
  test('has the prompt, what the agent did and what it said', async () => {
    const agent = talker();
    await agent.run('one');
    await agent.run('two');
    const [record] = await workshop.store.sessions.list();
    expect(await lines(record?.id ?? '')).toEqual([
      ...['user: one', 'assistant: tool-call', 'tool: tool-result', 'assistant: one'],
      ...['user: two', 'assistant: tool-call', 'tool: tool-result', 'assistant: one | two'],
    ]);
    expect(record).toMatchObject({ turns: 2, messages: 8 });
    expect(await workshop.store.sessions.search('two')).toMatchObject([{ message: { seq: 8 } }]);
  });

  test('a fork has the past in common', async () => {
    const agent = talker();
    await agent.run('one');
    const fork = agent.fork();
    await fork.run('left');
    const [record] = await workshop.store.sessions.find(fork.session?.id ?? '');
    expect((await lines(record?.id ?? '')).filter((line) => line.startsWith('user'))).toEqual([
      'user: one',
      'user: left',
    ]);
  });

  test('grows while the agent works', async () => {
    const seen: number[] = [];
    const agent = fake(ready, ...says('first'), ...says('second'));
    await agent.run('x', {
      onEvent: async ({ type }) => {
        if (type === 'text-end') seen.push((await workshop.store.sessions.list())[0]?.messages ?? 0);
      },
    });
    expect(seen).toEqual([2, 3]);
    const [record] = await workshop.store.sessions.list();
    expect((await messages(record?.id ?? '')).map(({ id }) => id)).toEqual([undefined, undefined, 'm1']);
  });

  test('of an ephemeral run there is none', async () => {
    await talker().ephemeral().run('one');
    expect(await workshop.store.sessions.list({ archived: 'also' })).toEqual([]);
  });
});

describe('the first thing an agent tells', () => {
  test('is its session, cwd, model, access, tools and MCP servers', async () => {
    const told: AgentEvent[] = [];
    for await (const event of fake(ready).stream('x')) if (event.type === 'session-ready') told.push(event);
    expect(told).toEqual([{ ...ready, cwd: workshop.folder, access: 'edit' }]);
  });

  test('what it tells by itself counts', async () => {
    const own: AgentEvent = { ...ready, cwd: '/elsewhere', access: 'read-only' };
    const told: AgentEvent[] = [];
    await fake(own).run('x', { onEvent: (event) => void told.push(event) });
    expect(told[1]).toEqual(own);
  });
});

describe('one writer per session', () => {
  const busy = { code: 'session-busy' };

  test('a session that is in use is refused before anything is run', async () => {
    const agent = talker();
    const { session } = await agent.run('one');
    const other = { ...thisHolder(), pid: process.ppid, started: 'unknown', host: 'elsewhere' };
    const lease = await workshop.store.sessions.acquire(session ?? ref, other, () => true);
    await expect(agent.run('two')).rejects.toMatchObject(busy);
    await expect(
      talker()
        .resume(session ?? ref)
        .run('two'),
    ).rejects.toMatchObject(busy);
    const { result } = agent.stream('two');
    await expect(result).rejects.toMatchObject(busy);
    await lease.release();
    expect((await agent.run('three')).text).toBe('one | three');
  });

  test('it is held while a run is under way, and free afterwards, also when it failed', async () => {
    const { provider } = fakeProvider({ turn: (input) => untilStopped(input, ready) });
    const agent = createAgent(provider, { host: collectHost().host, store: workshop.store });
    const stream = agent.stream('x');
    for await (const { type } of stream) {
      if (type !== 'session-ready') continue;
      expect(await workshop.store.sessions.holder(ref)).toEqual(thisHolder());
      await expect(createAgent(provider, { store: workshop.store }).resume(ref).run('y')).rejects.toMatchObject(busy);
      await agent.abort();
    }
    expect((await stream.result).outcome).toEqual({ kind: 'cancelled' });
    expect(await workshop.store.sessions.holder(ref)).toBeUndefined();
  });

  test('one that died holds nobody back', async () => {
    const { session } = await talker().run('one');
    const dead = { ...thisHolder(), started: 'long ago' };
    await workshop.store.sessions.acquire(session ?? ref, dead, () => true);
    expect(
      (
        await talker()
          .resume(session ?? ref)
          .run('two')
      ).text,
    ).toBe('one | two');
  });

  test('a session that turns out to be in use stops the run', async () => {
    await workshop.store.sessions.acquire(ref, { ...thisHolder(), host: 'elsewhere' }, () => true);
    const { provider } = fakeProvider({
      capabilities: { sessions: ['continue'] },
      turn: (input) => untilStopped(input, ready, ...says('never')),
    });
    const agent = createAgent(provider, { host: collectHost().host, store: workshop.store }).continueLatest();
    await expect(agent.run('x')).rejects.toMatchObject(busy);
    expect(await workshop.store.sessions.list()).toEqual([]);
  });

  test('without a store nobody keeps it', async () => {
    const { session } = await talker().run('one');
    await workshop.store.sessions.acquire(session ?? ref, { ...thisHolder(), host: 'elsewhere' }, () => true);
    const alone = createAgent(script(), workshop.agent('talker'));
    expect((await alone.resume(session ?? ref).run('two')).text).toBe('one | two');
  });
});

test('a store that fails on the way spoils no result, and is asked once', async () => {
  const agent = fake(ready, ...says('first'), ...says('second'));
  const result = await agent.run('x', {
    onEvent: async ({ type }) => {
      if (type === 'text-start') await workshop.store.close();
    },
  });
  expect(result).toMatchObject({ outcome: { kind: 'completed' }, notRecorded: { code: 'store-closed' } });
});

describe('a folder for sessions', () => {
  test('reaches the agent in the variable that its provider names', async () => {
    const { provider, asked } = fakeProvider();
    const movable = { ...provider, sessionDirVariable: 'FAKE_SESSIONS' };
    const agent = createAgent(movable, { host: collectHost().host, env: { MORE: '1' } }).withSessionDir(
      '/srv/sessions',
    );
    expect((await agent.run('x')).outcome.kind).toBe('completed');
    await agent.fork(ref).run('y');
    expect(asked.opened.map(({ env }) => env)).toEqual([
      { MORE: '1', FAKE_SESSIONS: '/srv/sessions' },
      { MORE: '1', FAKE_SESSIONS: '/srv/sessions' },
    ]);
  });

  test('goes on with the conversation there is', async () => {
    const { provider, asked } = fakeProvider();
    const agent = createAgent({ ...provider, sessionDirVariable: 'FAKE_SESSIONS' }, { host: collectHost().host });
    await agent.resume(ref).withSessionDir('/srv/sessions').run('x');
    expect(asked.opened[0]?.start).toEqual({ kind: 'resume', ref });
  });

  test('of an agent that cannot be told is refused by name', async () => {
    const { provider, asked } = fakeProvider();
    const result = await createAgent(provider, { host: collectHost().host }).withSessionDir('/srv').run('x');
    expect(result.outcome).toMatchObject({ kind: 'failed', error: { code: 'unsupported' } });
    expect(asked.opened).toEqual([]);
  });
});

test('deadlines of the agent hold for each run, unless it has its own', async () => {
  const { provider, asked } = fakeProvider();
  const agent = createAgent(provider, { host: collectHost().host, firstEventMs: 1000, idleMs: 2000 });
  await agent.run('x');
  await agent.run('y', { idleMs: 5 });
  expect(asked.turns).toMatchObject([
    { firstEventMs: 1000, idleMs: 2000 },
    { firstEventMs: 1000, idleMs: 5 },
  ]);
});
