import { describe, expect, test } from 'vitest';
import {
  broken,
  call,
  code,
  crash,
  ended,
  fails,
  files,
  group,
  interrupted,
  limited,
  plan,
  split,
  tasks,
  turn,
  validate,
} from './given.ts';
import { play, took } from './play.ts';

describe("the run's budget", () => {
  test('counts over steps, attempts and planners', () => {
    const run = play(
      plan([split('build', [code('impl', { gates: ['test'], attempts: 3 })])], { limits: { costUsd: 1 } }),
      {
        'build#1/run-agent': turn({ json: tasks('a'), usd: 0.5 }),
        'build/a/impl#1/run-agent': turn({ usd: 0.3 }),
        'build/a/impl#1/gate:test': fails('1'),
        'build/a/impl#2/run-agent': turn({ usd: 0.3 }),
        'build/a/impl#2/gate:test': fails('2'),
      },
    );
    expect(run.agent('build#1/run-agent').limits.costUsd).toEqual({ value: 1, by: 'run' });
    expect(run.agent('build/a/impl#1/run-agent').limits.costUsd).toEqual({ value: 0.5, by: 'run' });
    expect(run.agent('build/a/impl#2/run-agent').limits.costUsd?.value).toBeCloseTo(0.2);
    expect(run.state.failure).toEqual({
      step: 'build/a/impl',
      message: 'gate failed: test; max_budget of the run is used up: $1.10 of $1',
    });
    expect(run.ids.join()).not.toContain('impl#3');
  });

  test('used up means that the next step does not begin', () => {
    const run = play(plan([code('a'), code('b', { attempts: 3 })], { limits: { costUsd: 0.25 } }));
    expect(run.ids.join()).not.toContain('b#1/run-agent');
    expect(run.attemptEnds.at(-1)?.failure).toMatchObject({ reason: 'run-limit', final: true });
    expect(run.state.failure).toEqual({ step: 'b', message: 'max_budget of the run is used up: $0.25 of $0.25' });
  });

  test('used up by the last turn does not throw away work that is paid for', () => {
    const run = play(plan([code('a', { gates: ['test'] })], { limits: { costUsd: 0.1 } }));
    expect(run.ids).toContain('a#1/gate:test');
    expect(run.state.status).toBe('passed');
  });

  const lanes = (...names: string[]) =>
    group(
      'both',
      names.map((name) => code(name)),
      { parallel: { max: 2 } },
    );

  test('is that of all lanes together, not of each', () => {
    const run = play(plan([lanes('a', 'b', 'c', 'd')], { limits: { costUsd: 0.5 } }));
    // Two turns are in flight when it is spent; the lanes after them begin none.
    expect(run.ids.filter((id) => id.endsWith('/run-agent'))).toEqual(['both/a#1/run-agent', 'both/b#1/run-agent']);
    expect(run.state.failure?.message).toBe('max_budget of the run is used up: $0.50 of $0.5');
  });

  test('time is one clock for all lanes', () => {
    const limits = { wallMs: 60_000 };
    expect(play(plan([lanes('a', 'b')], { limits })).state.status).toBe('passed');
    const run = play(plan([lanes('a', 'b', 'c')], { limits }), { 'both/a#1/run-agent': took(30_000, turn()) });
    expect(run.agent('both/b#1/run-agent').limits.wallMs?.value).toBeGreaterThan(55_000);
    expect(run.agent('both/c#1/run-agent').limits.wallMs?.value).toBeLessThan(30_000);
    const late = play(plan([lanes('a', 'b', 'c')], { limits }), { 'both/a#1/run-agent': took(61_000, turn()) });
    expect(late.state.failure?.message).toContain('max_timeout of the run is over: 60 s');
  });

  test('reached during a turn is final', () => {
    const run = play(plan([code('a', { attempts: 3 })], { limits: { costUsd: 1 } }), {
      'a#1/run-agent': limited('max_budget', 'run'),
    });
    expect(run.attemptEnds).toMatchObject([{ failure: { reason: 'run-limit', final: true } }]);
    expect(run.ids.join()).not.toContain('a#2');
  });

  test('of nothing begins nothing', () => {
    const run = play(plan([code('a')], { limits: { costUsd: 0 } }));
    expect(run.ids).toEqual(['#1/open-worktree']);
  });

  test('tokens count in and out together', () => {
    const run = play(plan([code('a'), code('b'), code('c')], { limits: { tokens: 200 } }));
    expect(run.agent('b#1/run-agent').limits.tokens).toEqual({ value: 90, by: 'run' });
    expect(run.state.failure?.message).toBe('max_tokens of the run are used up: 220 of 200');
  });

  test('time runs from the start of the run, and stops gates too', () => {
    const limits = { wallMs: 60_000 };
    const slow = play(plan([code('a', { gates: ['compile', 'test'] })], { limits }), {
      '#1/open-worktree': took(10_000, { kind: 'worktree-opened', path: '/w', branch: 'b' }),
      'a#1/gate:compile': took(50_000, fails('slow')),
    });
    expect(slow.agent('a#1/run-agent').limits.wallMs).toEqual({ value: 50_000, by: 'run' });
    expect(slow.ids).not.toContain('a#1/gate:test');
    expect(slow.state.failure?.message).toContain('max_timeout of the run is over: 60 s');
    expect(slow.attemptEnds).toMatchObject([{ failure: { reason: 'run-limit' } }]);
  });

  test('what is left of a clock that was set back is no harm', () => {
    const run = play(plan([code('a')], { limits: { wallMs: 1000 } }), {
      '#1/open-worktree': took(-5000, { kind: 'worktree-opened', path: '', branch: '' }),
    });
    expect(run.agent('a#1/run-agent').limits.wallMs?.value).toBe(6000);
  });
});

test("a turn's limits are the narrower of the step's and the run's, and say whose they are", () => {
  const guard = { turns: 5, costUsd: 0.5, tokens: 1000, wallMs: 1000 };
  const run = play(plan([code('a', { guard })], { limits: { costUsd: 0.4, tokens: 5000 } }));
  expect(run.agent('a#1/run-agent').limits).toEqual({
    turns: { value: 5, by: 'step' },
    costUsd: { value: 0.4, by: 'run' },
    tokens: { value: 1000, by: 'step' },
    wallMs: { value: 1000, by: 'step' },
  });
});

describe('what is unknown', () => {
  const unknown = turn({ cost: { state: 'unknown' } });
  const limits = { costUsd: 1 };

  test('is never zero: it is counted apart and said once for each agent', () => {
    const run = play(plan([code('a'), code('b'), code('c', { agent: 'opus' })], { limits }), {
      'a#1/run-agent': unknown,
      'b#1/run-agent': unknown,
      'c#1/run-agent': unknown,
    });
    expect(run.state.spent).toEqual({ costUsd: 0, unpriced: 3, tokens: 330, uncounted: 0 });
    expect(run.warnings).toEqual(['a: cost-unknown', 'c: cost-unknown']);
  });

  test('is said where a limit of the step cannot count, and not where no limit counts', () => {
    const answers = { 'a#1/run-agent': unknown, 'b#1/run-agent': unknown };
    expect(play(plan([code('a'), code('b', { guard: { costUsd: 1 } })]), answers).warnings).toEqual([
      'b: cost-unknown',
    ]);
    expect(play(plan([code('a')]), answers).warnings).toEqual([]);
  });

  describe('where that is to fail', () => {
    const settings = { unknownCost: 'fail' as const };
    const why = 'haiku does not report what it costs: max_budget cannot count its turns, and unknown_cost is fail';
    const inner = call('call', [code('a')], { limits });

    test.each([
      ['the run', plan([code('a'), code('b')], { limits, settings }), 'a'],
      ['a workflow around it', plan([inner, code('b')], { settings }), 'call/a'],
      ['its own guard', plan([code('a', { guard: { costUsd: 1 } }), code('b')], { settings }), 'a'],
    ])('it ends the run under a limit of %s, with its files kept', (_, planned, path) => {
      const run = play(planned, { [`${path}#1/run-agent`]: unknown });
      expect(run.state.failure).toEqual({ step: path, message: why });
      expect(run.ids).toContain(`${path}#1/checkpoint`);
      expect(run.warnings).toEqual([]);
      expect(run.ids.join()).not.toContain('b#1');
    });

    test('it is not tried again', () => {
      const error = { code: 'crashed', message: 'it fell over', retryable: true } as const;
      const failed = ended({ kind: 'failed', error }, { cost: { state: 'unknown' } });
      const run = play(plan([code('a', { attempts: 3 })], { limits, settings }), { 'a#1/run-agent': failed });
      expect(run.state.failure?.message).toContain(`; ${why}`);
      expect(run.ids.join()).not.toContain('a#2');
    });

    test('but not without a limit, nor for a turn that was interrupted', () => {
      expect(play(plan([code('a')], { settings }), { 'a#1/run-agent': unknown }).state.status).toBe('passed');
      const run = play(plan([code('a')], { limits, settings }), { 'a#1/run-agent': interrupted('s') });
      expect(run.state.status).toBe('passed');
      expect(run.warnings).toContain('a: cost-unknown');
    });
  });

  test('a turn that tells no tokens is counted apart too', () => {
    const run = play(plan([code('a')], { limits: { tokens: 10 } }), { 'a#1/run-agent': turn({ usage: {} }) });
    expect(run.state.spent).toMatchObject({ tokens: 0, uncounted: 1 });
    expect(run.warnings).toEqual(['a: tokens-unknown']);
  });

  test('figures that are none are unknown and undo nothing', () => {
    for (const usd of [Number.NaN, -5, Number.POSITIVE_INFINITY, null as unknown as number]) {
      const run = play(plan([code('a'), code('b')], { limits }), {
        'b#1/run-agent': turn({ cost: { state: 'measured', usd }, usage: { inputTokens: usd } }),
      });
      expect(run.state.spent).toEqual({ costUsd: 0.25, unpriced: 1, tokens: 110, uncounted: 1 });
      expect(run.warnings).toEqual(['b: cost-unknown']);
    }
  });

  test('an estimate counts', () => {
    const run = play(plan([code('a')]), { 'a#1/run-agent': turn({ cost: { state: 'estimated', usd: 0.4 } }) });
    expect(run.state.spent).toMatchObject({ costUsd: 0.4, unpriced: 0 });
  });

  test('an interrupted turn is unpriced', () => {
    const run = play(plan([code('a')], { limits }), { 'a#1/run-agent': interrupted() });
    expect(run.state.spent).toMatchObject({ unpriced: 1 });
    expect(run.warnings).toEqual(['a: cost-unknown', 'a: interrupted']);
  });
});

describe('interruptions', () => {
  const four = {
    'a#1/run-agent': interrupted('s'),
    'a#1/run-agent.1': interrupted(),
    'a#1/run-agent.2': interrupted(),
    'a#1/run-agent.3': interrupted(),
  };
  test('three are gone on from; at the fourth the attempt fails, with what was left recorded', () => {
    const run = play(plan([code('a')]), four);
    expect(run.warnings).toEqual(['a: interrupted', 'a: interrupted', 'a: interrupted']);
    expect(run.start('a#1/run-agent.3')).toBe('s');
    expect(run.ids.slice(-2)).toEqual(['a#1/run-agent.3', 'a#1/checkpoint']);
    expect(run.state.failure?.message).toBe('the turn was interrupted more than 3 times');
  });

  test('on_interrupt: retry asks anew in a new conversation, counted just the same', () => {
    const run = play(plan([code('a')], { settings: { onInterrupt: 'retry' } }), four);
    expect([1, 2, 3].map((time) => run.start(`a#1/run-agent.${time}`))).toEqual(['new', 'new', 'new']);
    expect(run.warnings).toEqual(['a: interrupted', 'a: interrupted', 'a: interrupted']);
    expect(run.state.failure?.message).toBe('the turn was interrupted more than 3 times');
  });

  test('on_interrupt: ask comes to an end where a limit of the run does: nobody is asked', () => {
    const settings = { onInterrupt: 'ask' } as const;
    const run = play(plan([code('a')], { settings, limits: { wallMs: 10_000 } }), {
      'a#1/run-agent': took(20_000, interrupted('s')),
    });
    expect(run.ids.slice(-2)).toEqual(['a#1/run-agent', 'a#1/checkpoint']);
    expect(run.state.failure?.message).toBe('max_timeout of the run is over: 10 s');
  });

  test('count anew in the next attempt', () => {
    const run = play(plan([code('a', { attempts: 2 })]), { ...four, 'a#2/run-agent': interrupted('t') });
    expect(run.ids).toContain('a#2/run-agent.1');
    expect(run.state.status).toBe('passed');
  });

  test('a run without anything left does not go on, and what was left is recorded', () => {
    const run = play(plan([code('a')], { limits: { wallMs: 10_000 } }), {
      'a#1/run-agent': took(20_000, interrupted('s')),
    });
    expect(run.ids.slice(-2)).toEqual(['a#1/run-agent', 'a#1/checkpoint']);
    expect(run.state.failure?.message).toBe('max_timeout of the run is over: 10 s');
  });

  test('of a step that may not write: what was left does not count against the next attempt', () => {
    const review = Object.fromEntries(
      Object.entries(four).map(([id, outcome]) => [id.replace('a#', 'review#'), outcome]),
    );
    const run = play(plan([validate('review', { attempts: 2 })]), { ...review, 'review#2/checkpoint': files() });
    expect(run.ids).toContain('review#1/undo');
    expect(run.state.status).toBe('passed');
  });
});

test('a turn that was cancelled before it could tell is unpriced', () => {
  expect(play(plan([code('a')]), { 'a#1/run-agent': { kind: 'cancelled' } }).state.spent.unpriced).toBe(1);
});

test('an effect that failed spends nothing; a turn that failed spends what it says', () => {
  expect(play(plan([code('a')]), { 'a#1/run-agent': broken }).state.spent.costUsd).toBe(0);
  expect(play(plan([code('a')]), { 'a#1/run-agent': crash() }).state.spent.costUsd).toBe(0.25);
  expect(
    play(plan([code('a')]), { 'a#1/run-agent': ended({ kind: 'refused', reason: 'x' }) }).state.spent.costUsd,
  ).toBe(0.25);
});
