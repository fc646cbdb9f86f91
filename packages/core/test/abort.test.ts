import { describe, expect, test } from 'vitest';
import { broken, checks, code, fails, interrupted, limited, plan, split, turn, validate } from './given.ts';
import { play } from './play.ts';

const whole = plan([
  split('build', [code('impl', { gates: ['test'], attempts: 2, entries: [{ attempt: 2, worktree: 'reset' }] })]),
  checks('check', 'compile'),
  validate('review'),
]);
const retried = { 'build/one/impl#1/gate:test': fails('red') };
const guarded = { ...retried, 'build/one/impl#2/run-agent': limited('max_turns') };
const phases = [...new Set([...play(whole, guarded).ids, ...play(whole, retried).ids])];

describe('an abort while an effect is outstanding', () => {
  test('there are all kinds of them', () => {
    expect([...new Set(phases.map((id) => id.replace(/^.*\//, '')))].sort()).toEqual([
      'advance',
      'baseline',
      'checkpoint',
      'gate:compile',
      'gate:test',
      'open-worktree',
      'reset',
      'run-agent',
      'undo',
    ]);
  });

  test.each(phases)('%s: its end is awaited, what an agent left is recorded, nothing else begins', (id) => {
    const run = play(whole, play(whole, retried).ids.includes(id) ? retried : guarded, { abortAt: id });
    const asked = run.events.findIndex((event) => event.type === 'abort-requested');
    const begun = run.events
      .slice(asked)
      .flatMap((event) => (event.type === 'effect-requested' ? [event.effect.type] : []));
    expect(begun).toEqual(id.endsWith('run-agent') ? ['checkpoint'] : []);
    expect(run.state).toMatchObject({ status: 'aborted', open: {} });
    expect(run.events.at(-1)).toMatchObject({ type: 'run-ended', end: 'aborted' });
  });

  test.each([
    ['was stopped', { kind: 'cancelled' } as const],
    ['could not go on', broken],
    ['was lost with its process', interrupted('s')],
    ['ended by itself', turn()],
  ])('what an agent left that %s is recorded', (_, outcome) => {
    const run = play(
      plan([code('impl', { attempts: 3 })]),
      { 'impl#1/run-agent': outcome },
      { abortAt: 'impl#1/run-agent' },
    );
    expect(run.ids.at(-1)).toBe('impl#1/checkpoint');
    expect(run.state.status).toBe('aborted');
  });

  test('a record that fails ends the run all the same', () => {
    const run = play(plan([code('impl')]), { 'impl#1/checkpoint': broken }, { abortAt: 'impl#1/run-agent' });
    expect(run.state.status).toBe('aborted');
  });
});

test('a second abort says nothing new', () => {
  const run = play(plan([code('impl')]), {}, { until: 'impl#1/run-agent' });
  expect(run.tell({ type: 'abort', reason: 'a' })).toHaveLength(1);
  expect(run.tell({ type: 'abort', reason: 'b' })).toEqual([]);
  expect(run.state.status).toBe('stopping');
});
