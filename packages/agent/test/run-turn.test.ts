import { runTurn, type TurnRequest } from '@pawl/agent';
import { type AgentEvent, ProviderError } from '@pawl/provider';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { fakeRequest, ref, says, turnEnd, untilStopped } from './fixtures/fake-provider.ts';

const command = { file: 'x', args: [], cwd: '/' };
const types = (events: readonly AgentEvent[]) => events.map(({ type }) => type);
afterEach(() => vi.useRealTimers());

async function* sequence(...events: readonly AgentEvent[]): AsyncGenerator<AgentEvent> {
  yield* events;
}

describe('a turn', () => {
  test('is told event by event and reported whole', async () => {
    const end = turnEnd({ usage: { turns: 2, costUsd: 0.1 }, unknownLines: 1, messageId: 'm9' });
    const body: AgentEvent[] = [
      { type: 'session-ready', session: ref, model: 'big' },
      { type: 'native', name: 'odd' },
    ];
    const { request, asked, events } = fakeRequest({
      turn: () => sequence({ type: 'turn-start' }, ...body, ...says('hi'), end),
    });
    const report = await runTurn(request);
    expect(types(events)).toEqual([
      ...['turn-start', 'session-ready', 'native', 'text-start', 'text-delta', 'text-end', 'turn-end'],
    ]);
    expect(report).toEqual({ end: { ...end, model: 'big' }, text: 'done', unknownLines: 1 });
    expect(asked.closed).toBe(1);
  });

  test('hands the adapter what it was given, and nothing it was not', async () => {
    const { request, asked } = fakeRequest();
    await runTurn(request);
    expect(asked.opened[0]).toEqual({
      cwd: '/work',
      access: 'edit',
      start: { kind: 'new' },
      options: { mood: 'calm' },
    });
    expect(Object.keys(asked.turns[0]!).sort()).toEqual(['prompt', 'signal']);
    await runTurn({
      ...request,
      ...{
        model: 'big',
        options: { mood: 'wild' },
        env: { A: '1' },
        limits: { turns: 3, costUsd: 1, tokens: 5, wallMs: 9000 },
      },
      ...{ outputSchema: { type: 'object' }, firstEventMs: 10, idleMs: 20 },
    });
    expect(asked.opened[1]).toMatchObject({ model: 'big', options: { mood: 'wild' }, env: { A: '1' } });
    expect(asked.turns[1]).toMatchObject({ outputSchema: { type: 'object' }, firstEventMs: 10, idleMs: 20 });
    expect(asked.turns[1]?.limits).toEqual({ turns: 3, costUsd: 1 });
  });

  test('reads files through the host', async () => {
    const read: unknown[] = [];
    const { request } = fakeRequest({
      open: async (_request, host) => {
        read.push(await host.readFile('a'), await host.listFolder('b'), host.env);
      },
    });
    await runTurn(request);
    expect(read).toEqual(['content of a', ['in b'], { FROM_HOST: '1' }]);
  });

  test('holds the agent back while an event is being handled', async () => {
    const order: string[] = [];
    const { request } = fakeRequest({
      turn: async function* () {
        yield { type: 'turn-start' };
        order.push('agent goes on');
        yield turnEnd();
      },
    });
    const onEvent = async (event: AgentEvent) => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push(event.type);
    };
    await runTurn({ ...request, onEvent });
    expect(order).toEqual(['turn-start', 'agent goes on', 'turn-end']);
  });

  test('that was cut off has the text of its last message', async () => {
    const { request } = fakeRequest({
      turn: () =>
        sequence(
          { type: 'turn-start' },
          ...says('first'),
          ...says('second'),
          turnEnd({ outcome: { kind: 'cancelled' } }),
        ),
    });
    expect((await runTurn(request)).text).toBe('second');
  });
});

describe('refused before anything is opened', () => {
  const cases: readonly [string, Partial<TurnRequest>, string, RegExp][] = [
    [
      'another agent’s session',
      { start: { kind: 'resume', ref: { ...ref, provider: 'other' } } },
      'session-not-found',
      /belongs to other/,
    ],
    ['a verb', { start: { kind: 'continue' } }, 'unsupported', /continue/],
    ['ephemeral', { start: { kind: 'ephemeral' } }, 'unsupported', /ephemeral/],
    ['a chosen id', { start: { kind: 'new', id: 'x' } }, 'unsupported', /choose-id/],
    ['a fork at a message', { start: { kind: 'fork', ref, at: 'm' } }, 'unsupported', /fork-at/],
    ['access', { access: 'full' }, 'unsupported', /"full".*read-only, edit/],
    ['options', { options: { colour: 1 } }, 'bad-option', /deep\.colour: is not known/],
  ];
  test.each(cases)('%s', async (_name, over, code, message) => {
    const { request, asked, events } = fakeRequest();
    const { end } = await runTurn({ ...request, ...over });
    expect(end.outcome).toMatchObject({
      kind: 'failed',
      error: { code, retryable: false, message: expect.stringMatching(message) },
    });
    expect(asked.opened).toEqual([]);
    expect(types(events)).toEqual(['turn-start', 'turn-end']);
  });

  test.each(['resume', 'fork'] as const)('but what it can do it may: %s', async (kind) => {
    const { request } = fakeRequest();
    expect((await runTurn({ ...request, start: { kind, ref } })).end.outcome.kind).toBe('completed');
  });
});

describe('limits', () => {
  const spending = (count: number): AgentEvent[] =>
    Array.from({ length: count }, (_, index) => ({
      type: 'usage-update',
      usage: { turns: index + 1, costUsd: (index + 1) / 4, inputTokens: (index + 1) * 10, outputTokens: index + 1 },
    }));

  test.each([
    [{ turns: 3 }, { limit: 'turns', value: 4 }],
    [{ costUsd: 0.75 }, { limit: 'costUsd', value: 1 }],
    [{ tokens: 33 }, { limit: 'tokens', value: 44 }],
    [
      { turns: 9, tokens: 10 },
      { limit: 'tokens', value: 11 },
    ],
    [{ turns: 0 }, { limit: 'turns', value: 1 }],
  ] as const)('past %j the turn is stopped', async (limits, stoppedBy) => {
    const { request, events } = fakeRequest({ turn: (input) => untilStopped(input, ...spending(10)) });
    const report = await runTurn({ ...request, limits });
    expect(report.stoppedBy).toEqual(stoppedBy);
    expect(report.end.outcome).toEqual({ kind: 'cancelled' });
    expect(events.at(-1)?.type).toBe('turn-end');
  });

  test('reached but not passed it goes on', async () => {
    const { request } = fakeRequest({ turn: () => sequence({ type: 'turn-start' }, ...spending(3), turnEnd()) });
    const report = await runTurn({ ...request, limits: { turns: 3, costUsd: 0.75, tokens: 33 } });
    expect(report.end.outcome.kind).toBe('completed');
    expect(report).not.toHaveProperty('stoppedBy');
  });

  test('that the agent keeps by itself are left to it', async () => {
    const { request } = fakeRequest({
      capabilities: { limits: ['turns', 'costUsd'] },
      turn: () => sequence({ type: 'turn-start' }, ...spending(3), turnEnd()),
    });
    expect((await runTurn({ ...request, limits: { turns: 1, costUsd: 0.1 } })).end.outcome.kind).toBe('completed');
    expect((await runTurn({ ...request, limits: { tokens: 1 } })).end.outcome.kind).toBe('completed');
  });

  test('a figure that is not reported cannot be kept', async () => {
    const turn = () =>
      sequence({ type: 'turn-start' }, { type: 'usage-update', usage: { outputTokens: 9 } }, turnEnd());
    const { request } = fakeRequest({ turn });
    expect((await runTurn({ ...request, limits: { turns: 0, costUsd: 0, tokens: 9 } })).end.outcome.kind).toBe(
      'completed',
    );
  });

  test('of time', async () => {
    const { request } = fakeRequest({ turn: (input) => untilStopped(input) });
    const report = await runTurn({ ...request, limits: { wallMs: 30 } });
    expect(report.stoppedBy?.limit).toBe('wallMs');
    expect(report.stoppedBy?.value).toBeGreaterThanOrEqual(29);
  });

  test('of more time than a timer can wait is no limit', async () => {
    const { request } = fakeRequest();
    expect((await runTurn({ ...request, limits: { wallMs: 1e12 } })).end.outcome.kind).toBe('completed');
  });

  test('a turn that was over before the stop reached it is completed', async () => {
    const { request } = fakeRequest({ turn: () => sequence({ type: 'turn-start' }, ...spending(9), turnEnd()) });
    const report = await runTurn({ ...request, limits: { turns: 1 } });
    expect(report.end.outcome.kind).toBe('completed');
    expect(report).not.toHaveProperty('stoppedBy');
  });
});

describe('the signal', () => {
  test('given before, nothing is opened', async () => {
    const { request, asked, events } = fakeRequest();
    const { end } = await runTurn({ ...request, signal: AbortSignal.abort() });
    expect(end).toMatchObject({ outcome: { kind: 'cancelled' }, usage: {}, session: undefined });
    expect(asked.opened).toEqual([]);
    expect(types(events)).toEqual(['turn-start', 'turn-end']);
  });

  test('stops a turn, which is no limit', async () => {
    const controller = new AbortController();
    const { request } = fakeRequest({ turn: (input) => untilStopped(input, ...says('so far')) });
    const onEvent = (event: AgentEvent) => void (event.type === 'text-end' && controller.abort());
    const report = await runTurn({ ...request, onEvent, signal: controller.signal });
    expect(report).toMatchObject({ end: { outcome: { kind: 'cancelled' } }, text: 'so far' });
    expect(report).not.toHaveProperty('stoppedBy');
  });

  test('stops an opening that hangs; the session it still gives is closed', async () => {
    const opening = Promise.withResolvers<void>();
    const controller = new AbortController();
    const { request, asked } = fakeRequest({
      open: () => {
        controller.abort();
        return opening.promise;
      },
    });
    expect((await runTurn({ ...request, signal: controller.signal })).end.outcome.kind).toBe('cancelled');
    opening.resolve();
    await vi.waitFor(() => expect(asked.closed).toBe(1));
  });
});

describe('whatever the adapter does', () => {
  test('what `open` throws is the outcome', async () => {
    const details = { code: 'not-signed-in', message: 'sign in first', retryable: false } as const;
    const known = fakeRequest({ open: () => Promise.reject(new ProviderError(details)) });
    expect((await runTurn(known.request)).end.outcome).toEqual({ kind: 'failed', error: details });
    const unknown = fakeRequest({ open: () => Promise.reject(new TypeError('x is undefined')) });
    expect((await runTurn(unknown.request)).end.outcome).toMatchObject({
      kind: 'failed',
      error: { code: 'internal', message: expect.stringContaining('x is undefined') },
    });
    expect(types(unknown.events)).toEqual(['turn-start', 'turn-end']);
  });

  test('an opening that never ends is a timeout', async () => {
    vi.useFakeTimers();
    const { request } = fakeRequest({ open: () => new Promise(() => undefined) });
    const report = runTurn(request);
    await vi.advanceTimersByTimeAsync(61_000);
    expect((await report).end.outcome).toMatchObject({ kind: 'failed', error: { code: 'timeout', retryable: true } });
  });

  test('a turn without an end, or with words after it', async () => {
    const { request, events } = fakeRequest({ turn: () => sequence({ type: 'turn-start' }, ...says('half')) });
    const report = await runTurn(request);
    expect(report).toMatchObject({ end: { outcome: { kind: 'failed', error: { code: 'protocol' } } }, text: 'half' });
    expect(types(events).filter((type) => type === 'turn-end')).toHaveLength(1);

    const late = fakeRequest({ turn: () => sequence({ type: 'turn-start' }, turnEnd(), ...says('late')) });
    await runTurn(late.request);
    expect(types(late.events)).toEqual(['turn-start', 'turn-end']);
  });

  test('a turn that throws', async () => {
    const { request, asked } = fakeRequest({
      turn: async function* () {
        yield { type: 'session-ready', session: ref };
        throw new Error('lost');
      },
    });
    const { end } = await runTurn(request);
    expect(end).toMatchObject({ outcome: { kind: 'failed', error: { code: 'internal' } }, session: ref });
    expect(asked.closed).toBe(1);
  });

  test('a turn deaf to the signal ends all the same, and its processes with it', async () => {
    vi.useFakeTimers();
    const { request, children, events } = fakeRequest({
      turn: async function* (_input, host) {
        host.spawn(command);
        yield { type: 'session-ready', session: ref };
        yield { type: 'usage-update', usage: { turns: 5, costUsd: 2 } };
        await new Promise(() => undefined);
      },
    });
    const pending = runTurn({ ...request, limits: { turns: 1 } });
    await vi.advanceTimersByTimeAsync(21_000);
    const report = await pending;
    expect(report.stoppedBy).toEqual({ limit: 'turns', value: 5 });
    expect(report.end).toMatchObject({ outcome: { kind: 'cancelled' }, session: ref, usage: { costUsd: 2 } });
    expect(children).toEqual([{ stopped: 1 }]);
    expect(types(events)).toEqual(['turn-start', 'session-ready', 'usage-update', 'turn-end']);
  });

  test('a close that hangs does not hold the result', async () => {
    vi.useFakeTimers();
    const { request } = fakeRequest({ close: () => new Promise(() => undefined) });
    const pending = runTurn(request);
    await vi.advanceTimersByTimeAsync(21_000);
    expect((await pending).end.outcome.kind).toBe('completed');
  });

  test('a close that fails spoils nothing', async () => {
    const { request } = fakeRequest({ close: () => Promise.reject(new Error('no')) });
    expect((await runTurn(request)).end.outcome.kind).toBe('completed');
  });

  test('processes it leaves behind are stopped, one that it starts afterwards too', async () => {
    let later = () => {};
    const { request, children } = fakeRequest({
      turn: async function* (_input, host) {
        host.spawn(command);
        later = () => void host.spawn(command);
        yield turnEnd();
      },
    });
    await runTurn(request);
    expect(children).toEqual([{ stopped: 1 }]);
    later();
    expect(children[1]).toEqual({ stopped: 1 });
  });
});

test('what onEvent throws stops the turn and is thrown on', async () => {
  const { request, asked, children } = fakeRequest({
    turn: (input, host) => {
      host.spawn(command);
      return untilStopped(input, ...says('a'));
    },
  });
  const failure = new Error('the disk is full');
  let calls = 0;
  const onEvent = () => {
    calls += 1;
    throw failure;
  };
  await expect(runTurn({ ...request, onEvent })).rejects.toBe(failure);
  expect(calls).toBe(1);
  expect(asked.closed).toBe(1);
  expect(children).toEqual([{ stopped: 1 }]);
});
