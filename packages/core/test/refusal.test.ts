import { describe, expect, test } from 'vitest';
import { decide, type Effect, type Input, initial, type Outcome, outstanding } from '../src/index.ts';
import { checks, code, files, passes, plan, turn } from './given.ts';
import { endsWell, play } from './play.ts';

const simple = plan([code('impl', { gates: ['test'] })]);
const running = () => play(simple, {}, { until: 'impl#1/run-agent' }).state;
const refused = (code: string) => ({ ok: false, code, message: expect.any(String) });

describe('is refused by name', () => {
  test('a run that has started, that has not, that has ended', () => {
    const start: Input = { at: 0, type: 'start', run: 'r', plan: simple };
    expect(decide(running(), start)).toEqual(refused('already-started'));
    expect(decide(initial, { at: 0, type: 'abort', reason: '' })).toEqual(refused('not-started'));
    expect(decide(initial, { at: 0, type: 'settle', effect: 'x', outcome: passes })).toEqual(refused('not-started'));
    expect(decide(play(simple).state, { at: 0, type: 'abort', reason: '' })).toEqual(refused('already-ended'));
  });

  test('an input of no known kind', () => {
    expect(decide(running(), { at: 0, type: 'restart' } as unknown as Input)).toEqual(refused('input-unknown'));
  });

  const nonsense: readonly unknown[] = [
    undefined,
    null,
    'done',
    [],
    {},
    { kind: '__proto__' },
    { kind: 'constructor' },
    { kind: 'agent-ended' },
    { kind: 'agent-ended', report: null },
    { kind: 'agent-ended', report: { end: {}, usage: {}, cost: {} } },
    report({ cost: { state: 'free' } }),
    report({ usage: null }),
    report({ session: 'abc' }),
    report({ end: { kind: 'vanished' } }),
    report({ end: { kind: 'failed' } }),
    report({ end: { kind: 'limited', limit: 'max_turns' } }),
    report({ end: { kind: 'refused' } }),
    report({ end: null }),
    report({ end: { kind: 'completed', text: 1, outputs: [] } }),
    report({ end: { kind: 'completed', text: '', outputs: [{ source: 'file' }] } }),
    { kind: 'interrupted', session: 1 },
    { kind: 'failed' },
    { kind: 'failed', error: { code: 1 } },
    passes,
    files(),
  ];
  test.each(nonsense.map((outcome) => [outcome]))('an end of a turn that it cannot have: %j', (outcome) => {
    const state = running();
    expect(decide(state, { at: 0, type: 'settle', effect: 'impl#1/run-agent', outcome: outcome as Outcome })).toEqual(
      refused('outcome-unfit'),
    );
    expect(outstanding(state)).toHaveLength(1);
  });

  test.each<[string, unknown]>([
    ['#1/open-worktree', { kind: 'worktree-opened', path: 1 }],
    ['impl#1/checkpoint', { kind: 'checkpoint-made', checkpoint: { commit: 'c', diff: '', files: 'a' } }],
    ['impl#1/checkpoint', { kind: 'checkpoint-made', checkpoint: { commit: 'c', diff: '', files: [{}] } }],
    ['impl#1/checkpoint', { kind: 'checkpoint-made', checkpoint: { commit: 'c', diff: {}, files: [] } }],
    ['impl#1/gate:test', { kind: 'gate-ended', report: { pass: 'yes' } }],
    ['impl#1/gate:test', { kind: 'gate-ended', report: { pass: false, failure: {} } }],
    ['impl#1/gate:test', { kind: 'gate-ended' }],
    ['impl#1/advance', { kind: 'branch-advanced', commit: {} }],
  ])('%s: %j', (effect, outcome) => {
    const { state } = play(simple, {}, { until: effect });
    expect(decide(state, { at: 0, type: 'settle', effect, outcome: outcome as Outcome })).toEqual(
      refused('outcome-unfit'),
    );
  });
});

function report(change: object): unknown {
  const outcome = turn();
  return outcome.kind === 'agent-ended' && { ...outcome, report: { ...outcome.report, ...change } };
}

describe('decides nothing', () => {
  test.each(['__proto__', 'constructor', 'toString', '', 'impl#2/run-agent', '#1/open-worktree'])(
    'the end of what is not outstanding: %j',
    (effect) => {
      for (const outcome of [passes, { kind: 'cancelled' } as const])
        expect(decide(running(), { at: 0, type: 'settle', effect, outcome })).toEqual({ ok: true, events: [] });
    },
  );

  test('the same end told twice', () => {
    const run = play(simple, {}, { until: 'impl#1/advance' });
    for (const effect of run.effects.filter((one): one is Effect => one.id !== 'impl#1/advance'))
      expect(run.tell({ type: 'settle', effect: effect.id, outcome: endsWell(effect) })).toEqual([]);
  });

  test('an end that comes after the run has ended', () => {
    expect(play(simple).tell({ type: 'settle', effect: 'impl#1/advance', outcome: { kind: 'cancelled' } })).toEqual([]);
  });
});

test('every kind of effect may fail, be cancelled or be interrupted, and the run ends', () => {
  const all = plan([checks('check', 'test'), code('impl', { gates: ['test'] })]);
  for (const id of play(all).ids)
    for (const outcome of [{ kind: 'cancelled' }, { kind: 'interrupted' }] as const) {
      const run = play(all, { [id]: outcome });
      expect(['passed', 'failed']).toContain(run.state.status);
      expect(run.state.open).toEqual({});
    }
});
