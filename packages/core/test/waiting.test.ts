import { describe, expect, test } from 'vitest';
import type { Outcome } from '../src/index.ts';
import { call, code, ended, group, interrupted, plan, session } from './given.ts';
import { finish, type Played, play } from './play.ts';

type Code = 'rate-limited' | 'overloaded' | 'network' | 'internal' | 'quota-exhausted' | 'crashed';
const away = (why: Code, more: { retryAfterMs?: number; retryable?: boolean; session?: string } = {}): Outcome => {
  const { session: id = 's', retryable = true, ...rest } = more;
  return ended({ kind: 'failed', error: { code: why, message: 'not now', retryable, ...rest } }, { session: id });
};
const minutes = 60_000;
const settings = { maxWaitMs: 30 * minutes };
const waits = (run: Played): number[] =>
  run.effects.flatMap((effect) => (effect.type === 'await-provider' ? [effect.waitMs] : []));

const beside = (run: Played, id: string): string | undefined => Object.keys(run.state.open).find((one) => one !== id);

describe('a provider that does not answer for now', () => {
  test('is waited for as long as it says, with what the agent has left recorded, and the same attempt goes on in its conversation', () => {
    const run = play(plan([code('a')], { settings }), {
      'a#1/run-agent': away('rate-limited', { retryAfterMs: 90_000 }),
    });
    expect(run.ids).toEqual([
      '#1/open-worktree',
      'a#1/run-agent',
      'a#1/checkpoint',
      'a#1/await-provider',
      'a#1/run-agent.waited1',
      'a#1/checkpoint.waited1',
      'a#1/advance',
    ]);
    expect(run.effects[3]).toMatchObject({ agent: 'haiku', why: 'rate-limited', waitMs: 90_000 });
    expect(run.start('a#1/run-agent.waited1')).toBe('s');
    expect(run.ofType('attempt-started')).toHaveLength(1);
    expect(run.ofType('warned')).toMatchObject([
      { step: 'a', code: 'provider-awaited', message: 'the turn goes on in 90 s: rate-limited: not now' },
    ]);
    expect(run.state.status).toBe('passed');
  });

  test('both turns are paid for', () => {
    const run = play(plan([code('a')], { settings }), { 'a#1/run-agent': away('overloaded') });
    expect(run.state.spent).toMatchObject({ costUsd: 0.5, tokens: 220, unpriced: 0 });
  });

  test('the agent is told its task again, whether or not that had got into its conversation', () => {
    const run = play(plan([code('a', { prompt: 'Build the till.' })], { settings }), {
      'a#1/run-agent': away('network'),
    });
    const told = run.prompt('a#1/run-agent.waited1');
    expect(told).toMatch(/^This task was begun and then cut off/);
    expect(told).toContain('Build the till.');
  });

  test('is waited for longer each time where it does not say how long, and no longer than max_wait in all', () => {
    const ids = ['', '.waited1', '.waited2', '.waited3', '.waited4', '.waited5', '.waited6', '.waited7', '.waited8'];
    const run = play(
      plan([code('a')], { settings }),
      Object.fromEntries(ids.map((id) => [`a#1/run-agent${id}`, away('overloaded')])),
    );
    expect(waits(run).map((ms) => ms / 1000)).toEqual([15, 30, 60, 120, 240, 480, 600, 255]);
    expect(run.failures).toEqual(['agent: overloaded: not now (it was waited for 30 min, max_wait is 30 min)']);
  });

  test('an attempt that has waited for nothing is one that failed: the next one begins', () => {
    const run = play(plan([code('a', { attempts: 2, entries: [{ attempt: 2, agent: 'opus' }] })], { settings }), {
      'a#1/run-agent': away('rate-limited', { retryAfterMs: 300 * minutes }),
    });
    expect(waits(run)).toEqual([]);
    expect(run.failures).toEqual([
      'agent: rate-limited: not now (it may answer again in 5 h 0 min, max_wait is 30 min)',
    ]);
    expect(run.agent('a#2/run-agent').agent).toBe('opus');
  });

  test('what is too long after a wait says both: when it may answer, and how long it was waited', () => {
    const run = play(plan([code('a')], { settings }), {
      'a#1/run-agent': away('network'),
      'a#1/run-agent.waited1': away('rate-limited', { retryAfterMs: 45 * minutes }),
    });
    expect(run.failures).toEqual([
      'agent: rate-limited: not now (it may answer again in 45 min, it was waited for 15 s, max_wait is 30 min)',
    ]);
  });

  test('unknown_cost: fail is kept also of a turn that could be waited for', () => {
    const error = { code: 'rate-limited', message: 'not now', retryable: true } as const;
    const untold = ended({ kind: 'failed', error }, { session: 's', cost: { state: 'unknown' } });
    const given = { settings: { ...settings, unknownCost: 'fail' }, limits: { costUsd: 5 } } as const;
    const run = play(plan([code('a')], given), { 'a#1/run-agent': untold });
    expect(waits(run)).toEqual([]);
    expect(run.state.failure?.message).toContain('unknown_cost is fail');
  });

  test('a limit of the account that tells when it ends is waited for; one that does not ends the step', () => {
    const told = { retryAfterMs: 20 * minutes };
    const run = play(plan([code('a', { attempts: 2 })], { settings }), {
      'a#1/run-agent': away('quota-exhausted', told),
    });
    expect(waits(run)).toEqual([20 * minutes]);
    expect(run.state.status).toBe('passed');
    const untold = { 'a#1/run-agent': away('quota-exhausted', { retryable: false }) };
    const ends = play(plan([code('a', { attempts: 2 })], { settings }), untold);
    expect(waits(ends)).toEqual([]);
    expect(ends.state.status).toBe('failed');
  });

  test.each(['crashed', 'internal'] as const)('%s passes by no waiting', (why) => {
    expect(waits(play(plan([code('a')], { settings }), { 'a#1/run-agent': away(why) }))).toEqual([]);
  });

  test('is not waited for where nobody allows it', () => {
    const run = play(plan([code('a')]), { 'a#1/run-agent': away('rate-limited', { retryAfterMs: 1000 }) });
    expect(waits(run)).toEqual([]);
    expect(run.failures).toEqual(['agent: rate-limited: not now']);
  });

  test('one that always says "at once" is asked twenty times more', () => {
    const always = Array.from({ length: 30 }, (_, at) => [
      `a#1/run-agent${at === 0 ? '' : `.waited${at}`}`,
      away('network', { retryAfterMs: 0 }),
    ]);
    const run = play(plan([code('a')], { settings }), Object.fromEntries(always));
    expect(waits(run)).toEqual(Array.from({ length: 20 }, () => 1000));
    expect(run.state.status).toBe('failed');
  });

  test('a figure that is none is as if it had not been said', () => {
    for (const retryAfterMs of [Number.NaN, -1, Number.POSITIVE_INFINITY]) {
      const run = play(plan([code('a')], { settings }), { 'a#1/run-agent': away('network', { retryAfterMs }) });
      expect(waits(run)).toEqual([15_000]);
    }
  });

  test('the next attempt may wait anew', () => {
    const run = play(plan([code('a', { attempts: 2 })], { settings: { maxWaitMs: 15_000 } }), {
      'a#1/run-agent': away('network'),
      'a#1/run-agent.waited1': away('network'),
      'a#2/run-agent': away('network'),
    });
    expect(run.ids.filter((id) => id.includes('await'))).toEqual(['a#1/await-provider', 'a#2/await-provider']);
    expect(run.state.status).toBe('passed');
  });
});

describe('while an attempt waits', () => {
  const first = { 'a#1/run-agent': away('rate-limited', { retryAfterMs: 5 * minutes }) };

  test('a limit of time is not waited past', () => {
    const run = play(plan([code('a')], { settings, limits: { wallMs: 4 * minutes } }), first);
    expect(waits(run)).toEqual([]);
    const inside = play(plan([call('w', [code('a')], { limits: { wallMs: 4 * minutes } })], { settings }), {
      'w/a#1/run-agent': away('rate-limited', { retryAfterMs: 5 * minutes }),
    });
    expect(waits(inside)).toEqual([]);
  });

  test('a budget that the turn has used up ends it', () => {
    const run = play(plan([code('a')], { settings, limits: { costUsd: 0.2 } }), first);
    expect(waits(run)).toEqual([]);
    expect(run.state.status).toBe('failed');
  });

  test('a run that is stopped ends: what the agent has left is recorded already', () => {
    const run = play(
      plan([code('a')], { settings }),
      { ...first, 'a#1/await-provider': { kind: 'cancelled' } },
      {
        abortAt: 'a#1/await-provider',
      },
    );
    expect(run.ids.slice(-2)).toEqual(['a#1/checkpoint', 'a#1/await-provider']);
    expect(run.state.status).toBe('aborted');
  });

  test('a step that is stopped has failed as one that was stopped', () => {
    const stopped = { kind: 'cancelled', reason: 'Ada: enough' } as const;
    const run = play(plan([code('a')], { settings }), { ...first, 'a#1/await-provider': stopped });
    expect(run.state.failure?.message).toContain('Ada: enough');
    expect(run.ids.slice(-1)).toEqual(['a#1/await-provider']);
  });

  test('the lanes beside it work on, and its room at the provider is free', () => {
    const lanes = group('g', [code('a'), code('b'), code('c')], { parallel: { max: 3 } });
    const wait = 'g/a#1/await-provider';
    const run = play(
      plan([lanes], { settings: { ...settings, providerLimits: { script: 2 } } }),
      { 'g/a#1/run-agent': away('rate-limited', { retryAfterMs: 5 * minutes }) },
      { until: wait },
    );
    for (let next = beside(run, wait); next !== undefined; next = beside(run, wait)) finish(run, {}, [next]);
    expect(['g/a', 'g/b', 'g/c'].map((path) => run.step(path).phase)).toEqual(['waiting', 'passed', 'passed']);
    expect(finish(run).state.status).toBe('passed');
  });
});

describe('a turn after a wait', () => {
  const first = { 'a#1/run-agent': away('rate-limited', { retryAfterMs: 1000 }) };

  test('that is interrupted goes on as every other', () => {
    const run = play(plan([code('a')], { settings }), { ...first, 'a#1/run-agent.waited1': interrupted('t') });
    expect(run.start('a#1/run-agent.waited1.1')).toBe('t');
    expect(run.prompt('a#1/run-agent.waited1.1')).toMatch(/^Your last turn was interrupted/);
    const anew = play(plan([code('a')], { settings: { ...settings, onInterrupt: 'retry' } }), {
      ...first,
      'a#1/run-agent.waited1': interrupted('t'),
    });
    expect(anew.start('a#1/run-agent.waited1.1')).toBe('new');
  });

  test('starts as the first one did where that had no conversation', () => {
    const none = ended(
      { kind: 'failed', error: { code: 'network', message: 'away', retryable: true } },
      { session: undefined },
    );
    const run = play(plan([code('a')], { settings }), { 'a#1/run-agent': none });
    expect(run.start('a#1/run-agent.waited1')).toBe('new');
  });

  test('does not fork a second time', () => {
    const forks = { ...code('b'), session: { mode: 'fork', address: 'a' } as const };
    const run = play(plan([code('a'), forks], { settings }), {
      'b#1/run-agent': away('network', { session: 'copy' }),
    });
    expect(run.agent('b#1/run-agent').start).toEqual({ kind: 'fork', session: session('session of a#1') });
    expect(run.agent('b#1/run-agent.waited1').start).toEqual({ kind: 'resume', session: session('copy') });
  });
});
