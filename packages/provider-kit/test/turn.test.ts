import type { AgentEvent, Provider, TurnInput } from '@pawl/provider';
import { ProviderError } from '@pawl/provider';
import { collect, complaints } from '@pawl/provider-kit/testing';
import { describe, expect, test } from 'vitest';
import { done, event, HandHost, ready, request, settle, type ToyOptions, toy } from './toy.ts';

const ref = { provider: 'toy', id: 's1', cwd: '/work' };

async function started(over: object = {}, input: Partial<TurnInput> = {}, provider: Provider<ToyOptions> = toy()) {
  const host = new HandHost();
  const session = await provider.open({ ...request, ...over }, host);
  const turn = session.turn({ prompt: 'go', ...input });
  await settle();
  return { host, session, turn, child: () => host.child };
}

const types = (events: readonly AgentEvent[]) => events.map(({ type }) => type);

test('frames what the adapter translates, and points into the stream', async () => {
  const { turn, child, session } = await started();
  child().say(ready('s1'), '', 'noise', event({ type: 'text-delta', id: 't', delta: 'hello' }), done('hello'));
  child().end({ code: 0 });
  const events = await collect(turn);
  expect(complaints(events)).toEqual([]);
  expect(types(events)).toEqual([
    ...['turn-start', 'session-ready', 'native', 'native', 'text-start', 'text-delta', 'text-end', 'turn-end'],
  ]);
  expect(events.map(({ line }) => line)).toEqual([undefined, 1, 2, 3, 4, 4, undefined, undefined]);
  expect(events.at(-1)).toMatchObject({ outcome: { kind: 'completed', text: 'hello' }, session: ref, unknownLines: 2 });
  expect(events.at(-1)).toHaveProperty('usage', { inputTokens: 3 });
  expect(await turn.ended).toMatchObject({ outcome: { kind: 'completed' } });
  expect(session.ref).toEqual(ref);
});

test('hands over the prompt, the environment and only the limits that are listed', async () => {
  const limits = { turns: 4, costUsd: 1 };
  const { child } = await started({ env: { STEP: 'a', TOY: 'theirs' } }, { limits, outputSchema: { type: 'object' } });
  const { args, env, stdin, cwd } = child().command;
  expect({ args, stdin, cwd }).toEqual({ args: ['new', '{"turns":4}', 'plain'], stdin: 'go', cwd: '/work' });
  expect(env).toMatchObject({ STEP: 'a', TOY: 'own' });
});

describe('the second turn', () => {
  test('resumes the session that the first one told', async () => {
    const { turn, session, host, child } = await started();
    child().say(ready('s1'), done('one'));
    child().end({ code: 0 });
    await turn.ended;
    const second = session.turn({ prompt: 'more' });
    await settle();
    expect(host.children).toHaveLength(2);
    expect(child().command.args[0]).toBe('resume');
    expect(child().command.env?.TOY_ID).toBe(host.children[0]?.command.env?.TOY_ID);
    child().say(ready('s1'), done('two'));
    child().end({ code: 0 });
    expect((await second.ended).outcome).toEqual({ kind: 'completed', text: 'two' });
  });

  test('can be started by whoever has just read the last event', async () => {
    const { turn, session, child } = await started();
    child().say(done('one'));
    child().end({ code: 0 });
    for await (const { type } of turn)
      if (type === 'turn-end') expect(() => session.turn({ prompt: 'x' })).not.toThrow();
    await settle();
    child().end({ code: 0 });
  });

  test('begins again where the first one told no session', async () => {
    const { turn, session, child } = await started();
    child().end({ code: 1 });
    await turn.ended;
    const second = session.turn({ prompt: 'again' });
    await settle();
    expect(child().command.args[0]).toBe('new');
    child().end({ code: 0 });
    await second.ended;
  });

  test('is refused after an ephemeral one, and where the agent cannot resume', async () => {
    const { sessions, ...others } = toy().capabilities;
    const forgetful = toy({ capabilities: { ...others, sessions: sessions.filter((verb) => verb !== 'resume') } });
    for (const [over, provider] of [
      [{ start: { kind: 'ephemeral' } }, toy()],
      [{}, forgetful],
    ] as const) {
      const { turn, session, child } = await started(over, {}, provider);
      child().say(ready('s1'), done('one'));
      child().end({ code: 0 });
      expect((await turn.ended).session === undefined).toBe(provider !== forgetful);
      expect(() => session.turn({ prompt: 'more' })).toThrow(ProviderError);
    }
  });
});

describe('who answers is compared with who was asked', () => {
  test.each([
    ['resume', { start: { kind: 'resume', ref } }, ready('s2'), 'wrong-session'],
    ['fork', { start: { kind: 'fork', ref } }, ready('s1'), 'wrong-session'],
    ['chosen id', { start: { kind: 'new', id: 's7' } }, ready('s1'), 'wrong-session'],
    ['model', { model: 'big' }, ready('s1', 'small'), 'wrong-model'],
  ])('%s', async (_, over, line, code) => {
    const { turn, child } = await started(over);
    child().say(line);
    const end = await turn.ended;
    expect(end.outcome).toMatchObject({ kind: 'failed', error: { code, retryable: false } });
    expect(child().stops).toBeGreaterThan(0);
    expect(end.session === undefined).toBe(code === 'wrong-session');
  });

  test('also where it is only told at the end', async () => {
    const translate = () => ({
      line: () => [],
      end: () => ({ outcome: { kind: 'completed' as const, text: '' }, usage: {}, session: { ...ref, id: 's2' } }),
    });
    const { turn, child } = await started({ start: { kind: 'resume', ref } }, {}, toy({ translate }));
    child().end({ code: 0 });
    expect((await turn.ended).outcome).toMatchObject({ kind: 'failed', error: { code: 'wrong-session' } });
  });

  test.each([
    ['resume', { start: { kind: 'resume', ref } }, ready('s1')],
    ['fork', { start: { kind: 'fork', ref } }, ready('s2')],
    ['model', { model: 'big' }, ready('s1', 'big')],
    ['a model the agent does not tell', { model: 'big' }, ready('s1')],
  ])('%s that is right passes', async (_, over, line) => {
    const { turn, child } = await started(over);
    child().say(line, done('ok'));
    child().end({ code: 0 });
    expect((await turn.ended).outcome.kind).toBe('completed');
  });

  test('by rules of the adapter', async () => {
    const error = { code: 'session-not-found' as const, message: 'none', retryable: false };
    const strict = toy({
      sameModel: (asked, got) => got.startsWith(asked),
      checkSession: (_, { id }) => (id === 's1' ? undefined : error),
    });
    const right = await started({ model: 'big' }, {}, strict);
    right.child().say(ready('s1', 'big-2026'), done('ok'));
    right.child().end({ code: 0 });
    expect((await right.turn.ended).outcome.kind).toBe('completed');
    const wrong = await started({}, {}, strict);
    wrong.child().say(ready('s3'));
    expect((await wrong.turn.ended).outcome).toEqual({ kind: 'failed', error });
  });
});

test('two turns of one conversation at a time are refused, over all sessions', async () => {
  const provider = toy();
  const first = await started({ start: { kind: 'resume', ref } }, {}, provider);
  const second = await started({ start: { kind: 'resume', ref } }, {}, provider);
  expect(second.host.children).toEqual([]);
  expect((await second.turn.ended).outcome).toMatchObject({
    kind: 'failed',
    error: { code: 'unsupported', retryable: true },
  });
  first.child().end({ code: 0 });
  await first.turn.ended;
  const third = await started({ start: { kind: 'resume', ref } }, {}, provider);
  expect(third.host.children).toHaveLength(1);
  third.child().end({ code: 0 });
});

describe('an adapter that throws', () => {
  test('in a line: the line is unknown, the turn goes on', async () => {
    const { turn, child } = await started();
    child().say('{"throw":1}', done('ok'));
    child().end({ code: 0 });
    expect(await turn.ended).toMatchObject({ outcome: { kind: 'completed' }, unknownLines: 1 });
  });

  test.each(['end', 'prepare', 'translate'] as const)('in %s: the turn fails as internal', async (where) => {
    const boom = () => {
      throw new Error('boom');
    };
    const over =
      where === 'end'
        ? { translate: () => ({ line: () => [], end: boom }) }
        : where === 'prepare'
          ? { prepare: boom }
          : { translate: boom };
    const { turn, host } = await started({}, {}, toy(over));
    host.children[0]?.end({ code: 0 });
    const events = await collect(turn);
    expect(complaints(events)).toEqual([]);
    expect(events.at(-1)).toMatchObject({ outcome: { kind: 'failed', error: { code: 'internal' } } });
  });

  test('a refusal of prepare is the outcome, and nothing is started', async () => {
    const details = { code: 'session-not-found' as const, message: 'none here', retryable: false };
    const prepare = () => Promise.reject(new ProviderError(details));
    const { turn, host } = await started({}, {}, toy({ prepare }));
    expect((await turn.ended).outcome).toEqual({ kind: 'failed', error: details });
    expect(host.children).toEqual([]);
  });
});

test.each([
  ['not-found', 'not-installed', /no program toy.*Build it\./],
  ['not-executable', 'not-installed', /Build it\./],
  ['bad-cwd', 'bad-option', /folder/],
  ['spawn-failed', 'internal', /E2BIG/],
] as const)('a program that does not start: %s', async (system, code, message) => {
  const { turn, child } = await started();
  child().end({ error: { code: system, message: 'E2BIG' } });
  const { outcome } = await turn.ended;
  expect(outcome).toMatchObject({ kind: 'failed', error: { code } });
  expect(JSON.stringify(outcome)).toMatch(message);
});
