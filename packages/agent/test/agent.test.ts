import { AgentError, type AgentErrorCode, createAgent } from '@pawl/agent';
import { script } from '@pawl/provider-script';
import { describe, expect, test } from 'vitest';
import { collectHost } from './fixtures/fake-host.ts';
import { fakeProvider, ref, says, turnEnd, untilStopped } from './fixtures/fake-provider.ts';
import { useWorkshop } from './fixtures/workshop.ts';

const workshop = useWorkshop();
const talker = () => createAgent(script(), { ...workshop.agent('talker'), store: workshop.store });

async function misuse(work: () => unknown, code: AgentErrorCode): Promise<AgentError> {
  try {
    await work();
  } catch (error) {
    if (!AgentError.is(error)) throw error;
    expect(error.code).toBe(code);
    return error;
  }
  throw new Error(`expected an AgentError ${code}`);
}

describe('a conversation', () => {
  test('one prompt, one answer, with everything that was told', async () => {
    const agent = talker();
    const result = await agent.run('hello');
    expect(result).toEqual({
      outcome: { kind: 'completed', text: 'hello' },
      text: 'hello',
      session: { provider: 'script', id: expect.stringMatching(/^[0-9a-f-]{36}$/), cwd: workshop.folder },
      messageId: undefined,
      model: undefined,
      usage: { inputTokens: 10, outputTokens: 2, costUsd: 0.01, turns: 1 },
      cost: { state: 'measured', usd: 0.01 },
      turns: 1,
      durationMs: expect.any(Number),
      unknownLines: 0,
    });
    expect(agent.session).toEqual(result.session);
  });

  test('keeps its session from run to run', async () => {
    const agent = talker();
    const first = await agent.run('one');
    const second = await agent.run('two');
    expect([first.text, second.text]).toEqual(['one', 'one | two']);
    expect(second.session).toEqual(first.session);
  });

  test('goes on in another process by its reference, its id in the store, or the agent’s own', async () => {
    const { session } = await talker().run('one');
    const [record] = await workshop.store.sessions.list();
    expect((await talker().resume(session!).run('two')).text).toBe('one | two');
    expect((await talker().resume(record!.id.slice(0, 8)).run('three')).text).toBe('one | two | three');
    expect((await talker().resume(session!.id).run('four')).text).toBe('one | two | three | four');
    const alone = createAgent(script(), workshop.agent('talker'));
    expect((await alone.resume(session!.id).run('five')).text).toBe('one | two | three | four | five');
  });

  test('a fork has the past and a future of its own', async () => {
    const agent = talker();
    await agent.run('one');
    const fork = agent.fork(undefined, { title: 'the other way' });
    expect(fork.session).toBeUndefined();
    expect((await fork.run('left')).text).toBe('one | left');
    expect((await fork.run('again')).text).toBe('one | left | again');
    expect((await agent.run('right')).text).toBe('one | right');
    expect(fork.session?.id).not.toBe(agent.session?.id);
    const records = await workshop.store.sessions.list();
    const mine = records.find((record) => record.ref.id === fork.session?.id);
    const parent = records.find((record) => record.ref.id === agent.session?.id);
    expect(mine).toMatchObject({ title: 'the other way', parent: { id: parent!.id }, turns: 2 });
  });

  test('ephemeral: each run on its own, nothing recorded, nothing to go on with', async () => {
    const agent = talker().ephemeral();
    expect((await agent.run('one')).session).toBeUndefined();
    expect((await agent.run('two')).text).toBe('two');
    expect(agent.session).toBeUndefined();
    expect(await workshop.store.sessions.list()).toEqual([]);
  });

  test('close lets the session go', async () => {
    const agent = talker();
    const first = await agent.run('one');
    await agent.close();
    expect(agent.session).toBeUndefined();
    const second = await agent.run('two');
    expect(second.text).toBe('two');
    expect(second.session?.id).not.toBe(first.session?.id);
  });

  test('what the agent cannot do is refused by name, as an outcome', async () => {
    const result = await talker().continueLatest().run('on');
    expect(result.outcome).toMatchObject({ kind: 'failed', error: { code: 'unsupported' } });
    const at = await talker().resume({ provider: 'script', id: 'x', cwd: workshop.folder }, { at: 'm1' }).run('on');
    expect(at.outcome).toMatchObject({
      kind: 'failed',
      error: { code: 'unsupported', message: expect.stringContaining('fork-at') },
    });
  });

  test('a failed run loses neither the session nor what the agent said', async () => {
    const lost = { provider: 'script', id: 'lost', cwd: workshop.folder };
    const agent = talker().resume(lost);
    expect(agent.session).toEqual(lost);
    const result = await agent.run('on');
    expect(result.outcome).toMatchObject({
      kind: 'failed',
      error: { code: 'crashed', exitCode: 3, stderrTail: 'no such conversation' },
    });
    expect(result.cost).toEqual({ state: 'unknown' });
    expect(agent.session).toEqual(lost);
  });

  test('a program that is not there', async () => {
    const agent = createAgent(script(), { cwd: workshop.folder, options: { command: ['pawl-no-such-program'] } });
    const result = await agent.run('hello');
    expect(result.outcome).toMatchObject({ kind: 'failed', error: { code: 'not-installed' } });
    expect(result.session).toBeUndefined();
    const bad = await createAgent(script(), { cwd: workshop.folder, options: { comand: [] } }).run('x');
    expect(bad.outcome).toMatchObject({ kind: 'failed', error: { code: 'bad-option' } });
  });

  test('works in the folder of the session that goes on, unless it is told another', async () => {
    const { provider, asked } = fakeProvider();
    const { host } = collectHost();
    await createAgent(provider, { host })
      .resume({ ...ref, cwd: '/where/it/was' })
      .run('x');
    await createAgent(provider, { host, cwd: '/mine' })
      .resume({ ...ref, cwd: '/where/it/was' })
      .run('x');
    await createAgent(provider, { host }).run('x');
    expect(asked.opened.map(({ cwd }) => cwd)).toEqual(['/where/it/was', '/mine', process.cwd()]);
    expect(asked.opened.every(({ access }) => access === 'edit')).toBe(true);
  });
});

describe('the store', () => {
  test('has every session with what it cost, and whose it is', async () => {
    const options = {
      ...workshop.agent('talker'),
      store: workshop.store,
      owner: 'ada',
      repository: '/repo',
      model: 'small',
    };
    const agent = createAgent(script(), options);
    await agent.run('\n Plan the payment module.\nIn detail.');
    await agent.run('for free');
    expect(await workshop.store.sessions.list({ owner: 'ada', repository: '/repo' })).toMatchObject([
      {
        ref: agent.session,
        title: 'Plan the payment module.',
        model: 'small',
        turns: 2,
        inputTokens: 10,
        cost: { state: 'unknown', unpricedTurns: 1, measuredUsd: 0.01 },
      },
    ]);
  });

  test('that fails spoils no result', async () => {
    const agent = talker();
    workshop.store.close();
    const result = await agent.run('hello');
    expect(result).toMatchObject({ text: 'hello', notRecorded: { code: 'store-closed' } });
  });

  test('that fails when a session is looked up: nothing is run', async () => {
    const agent = talker();
    workshop.store.close();
    await expect(agent.resume('abc').run('x')).rejects.toMatchObject({ code: 'store-closed' });
    expect(agent.session).toBeUndefined();
  });

  test('a long first line is cut for the title', async () => {
    await talker().run('x'.repeat(500));
    expect((await workshop.store.sessions.list())[0]?.title).toMatch(/^x{79}…$/);
  });
});

describe('wrong use', () => {
  const foreign = { provider: 'other', id: 's1', cwd: '/' };

  test('another agent’s session', async () => {
    const agent = talker();
    const error = await misuse(() => agent.resume(foreign), 'foreign-session');
    expect(error.message).toMatch(/belongs to other.*Use an agent of other/);
    await misuse(() => agent.fork(foreign), 'foreign-session');
    const recorded = await workshop.store.sessions.record({ ref: foreign, at: 1, usage: {} });
    await misuse(() => agent.resume(recorded.id).run('x'), 'foreign-session');
    await misuse(() => agent.fork('s1').run('x'), 'foreign-session');
  });

  test('a beginning that fits several', async () => {
    for (const id of ['abc-1', 'abc-2'])
      await workshop.store.sessions.record({ ref: { provider: 'script', id, cwd: '/' }, at: 1, usage: {} });
    const error = await misuse(() => talker().resume('abc').run('x'), 'ambiguous-session');
    expect(error.message).toContain('2 sessions');
  });

  test('a fork of nothing', async () => {
    await misuse(() => talker().fork(), 'no-session');
  });

  test('two runs at once; afterwards it works again', async () => {
    const agent = talker();
    const first = agent.run('one');
    await misuse(() => agent.run('two'), 'busy');
    await misuse(() => agent.stream('three').result, 'busy');
    expect((await first).text).toBe('one');
    expect((await agent.run('four')).text).toBe('one | four');
  });
});

describe('limits', () => {
  const usage = { type: 'usage-update', usage: { turns: 9 } } as const;

  test.each([
    [{ limits: { turns: 3 } }, {}],
    [{}, { limits: { turns: 3 } }],
    [{ limits: { turns: 100 } }, { limits: { turns: 3 } }],
  ])('of the agent %j and of the run %j: kept here, it ends as limited', async (ofAgent, ofRun) => {
    const { provider } = fakeProvider({ turn: (input) => untilStopped(input, ...says('half'), usage) });
    const agent = createAgent(provider, { host: collectHost().host, ...ofAgent });
    const result = await agent.run('x', ofRun);
    expect(result.outcome).toEqual({ kind: 'limited', limit: 'turns', by: 'pawl', text: 'half' });
    expect(agent.session).toEqual(ref);
  });

  test('of time', async () => {
    const { provider } = fakeProvider({ turn: (input) => untilStopped(input) });
    const result = await createAgent(provider, { host: collectHost().host, timeoutMs: 20 }).run('x');
    expect(result.outcome).toMatchObject({ kind: 'limited', limit: 'wallMs' });
  });

  test('kept by the agent', async () => {
    const outcome = { kind: 'limited', limit: 'context', text: 'full' } as const;
    const { provider } = fakeProvider({
      turn: async function* () {
        yield turnEnd({ outcome });
      },
    });
    const result = await createAgent(provider, { host: collectHost().host }).run('x');
    expect(result.outcome).toEqual({ ...outcome, by: 'agent' });
    expect(result.text).toBe('full');
  });
});

test('structured output comes with the result', async () => {
  const { provider } = fakeProvider({
    turn: async function* () {
      yield turnEnd({ outcome: { kind: 'completed', text: '', json: [1] } });
    },
  });
  expect((await createAgent(provider, { host: collectHost().host }).run('x')).json).toEqual([1]);
});
