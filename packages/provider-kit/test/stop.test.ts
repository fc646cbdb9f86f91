import type { TurnInput } from '@pawl/provider';
import { collect, complaints } from '@pawl/provider-kit/testing';
import { describe, expect, test } from 'vitest';
import { done, event, HandClock, HandHost, ready, request, settle, toy } from './toy.ts';

async function started(input: Partial<TurnInput> = {}) {
  const clock = new HandClock();
  const host = new HandHost();
  const session = await toy({}, { clock, newId: () => 'fresh' }).open(request, host);
  const turn = session.turn({ prompt: 'go', ...input });
  await settle();
  return { clock, host, session, turn, child: host.children[0]! };
}

describe('deadlines', () => {
  test('nothing at all', async () => {
    const { clock, turn, child } = await started({ firstEventMs: 1_000, idleMs: 50 });
    await clock.pass(999);
    expect(child.stops).toBe(0);
    await clock.pass(1);
    expect(child.stops).toBe(1);
    const { outcome, durationMs } = await turn.ended;
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'timeout', retryable: true } });
    expect(durationMs).toBe(1_000);
  });

  test('nothing more; each line puts it off', async () => {
    const { clock, turn, child } = await started({ idleMs: 1_000 });
    for (let round = 0; round < 3; round++) {
      await clock.pass(900);
      child.say('{}');
    }
    await clock.pass(999);
    expect(child.stops).toBe(0);
    await clock.pass(1);
    expect((await turn.ended).outcome).toMatchObject({ kind: 'failed', error: { code: 'timeout' } });
  });

  test('a slow reader is not a silent agent', async () => {
    const { clock, turn, child } = await started({ idleMs: 1_000 });
    const events = turn[Symbol.asyncIterator]();
    await events.next();
    child.say(...Array.from({ length: 6_000 }, () => 'noise'), done('ok'));
    child.end({ code: 0 });
    await clock.pass(10_000);
    expect(child.taken).toBeLessThan(6_000);
    expect(child.stops).toBe(0);
    let last = await events.next();
    for (let next = last; !next.done; next = await events.next()) last = next;
    expect(last.value).toMatchObject({ type: 'turn-end', outcome: { kind: 'completed' }, unknownLines: 6_000 });
  });

  test('no alarm is left when the turn is over', async () => {
    const { clock, turn, child } = await started({ firstEventMs: 5, idleMs: 5 });
    child.say(done('ok'));
    child.end({ code: 0 });
    await turn.ended;
    expect(clock.alarms).toBe(0);
  });
});

describe('cancelled', () => {
  test('by its signal, in the middle of a text: the block is closed', async () => {
    const stop = new AbortController();
    const { turn, child } = await started({ signal: stop.signal });
    child.say(ready('s1'), event({ type: 'text-delta', id: 't', delta: 'half' }));
    await settle();
    stop.abort();
    const events = await collect(turn);
    expect(complaints(events)).toEqual([]);
    expect(events.at(-1)).toMatchObject({ outcome: { kind: 'cancelled' }, session: { id: 's1' } });
    expect(child.stops).toBe(1);
  });

  test('what is said while it stops still counts', async () => {
    const stop = new AbortController();
    const { turn, child } = await started({ signal: stop.signal });
    child.onStop = () => {
      child.say(ready('s1'));
      child.end({ code: 143 });
    };
    stop.abort();
    expect((await turn.ended).session?.id).toBe('s1');
  });

  test('before it was started: nothing is', async () => {
    const { host, turn } = await started({ signal: AbortSignal.abort() });
    expect((await turn.ended).outcome).toEqual({ kind: 'cancelled' });
    expect(host.children).toEqual([]);
  });

  test('a reader who is slow, or away, does not hold it up', async () => {
    const { turn, child, session } = await started();
    await turn[Symbol.asyncIterator]().next();
    child.say(...Array.from({ length: 10_000 }, () => 'noise'));
    await settle();
    await session.close();
    const events = await collect(turn);
    expect(events.at(-1)).toMatchObject({ type: 'turn-end', outcome: { kind: 'cancelled' } });
  });

  test('after its end it is too late', async () => {
    const stop = new AbortController();
    const { turn, child } = await started({ signal: stop.signal });
    child.say(done('ok'));
    child.end({ code: 0 });
    await turn.ended;
    stop.abort();
    expect((await turn.ended).outcome.kind).toBe('completed');
    expect(child.stops).toBe(0);
  });
});

describe('a program that will not end', () => {
  test('it closes its output and stays: stopped after a while, its result counts', async () => {
    const { clock, turn, child } = await started();
    child.say(done('ok'));
    child.closeOutput();
    await clock.pass(4_999);
    expect(child.stops).toBe(0);
    await clock.pass(1);
    expect(child.stops).toBe(1);
    expect((await turn.ended).outcome).toEqual({ kind: 'completed', text: 'ok' });
  });

  test('nothing stops it: the turn ends all the same', async () => {
    const { clock, session, turn, child } = await started();
    child.onStop = undefined;
    const closed = session.close();
    for (let round = 0; round < 4; round++) await clock.pass(30_000);
    await closed;
    expect((await turn.ended).outcome).toEqual({ kind: 'cancelled' });
    child.say(ready('s1'));
    await settle();
  });

  test('output that fails is an end of output', async () => {
    const host = new HandHost();
    const spawn = host.spawn.bind(host);
    host.spawn = (command) => {
      const child = spawn(command);
      const broken = { ...child, stop: () => child.stop(), exit: child.exit };
      const lines = {
        [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('broken pipe')) }),
      };
      return { ...broken, lines };
    };
    const turn = (await toy().open(request, host)).turn({ prompt: 'go' });
    await settle();
    host.child.end({ code: 1, stderrTail: 'last words' });
    expect((await turn.ended).outcome).toMatchObject({ kind: 'failed', error: { code: 'crashed', exitCode: 1 } });
    expect(host.logs.join()).toContain('broken pipe');
  });
});
