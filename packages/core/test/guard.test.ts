import { describe, expect, test } from 'vitest';
import { checks, code, crash, fails, files, limited, plan, split, turn, validate } from './given.ts';
import { play } from './play.ts';

describe.each(['max_turns', 'max_time', 'max_budget'] as const)('%s trips', (limit) => {
  const answers = { 'impl#1/run-agent': limited(limit) };

  test('the attempt fails on the state before the step; its gates do not run, though they would pass', () => {
    const run = play(plan([code('impl', { gates: ['test'] })]), answers);
    expect(run.ids).toEqual(['#1/open-worktree', 'impl#1/run-agent', 'impl#1/checkpoint', 'impl#1/undo']);
    expect(run.effects.at(-1)).toMatchObject({ type: 'reset', to: 'base' });
    expect(run.attemptEnds).toMatchObject([{ failure: { reason: 'guard', guard: limit, final: false } }]);
    expect(run.state.status).toBe('failed');
  });

  test('the next attempt may pass', () => {
    const run = play(plan([code('impl', { gates: ['test'], attempts: 2 })]), answers);
    expect(run.ids.slice(3, 5)).toEqual(['impl#1/undo', 'impl#2/run-agent']);
    expect(run.state.status).toBe('passed');
  });
});

test('a guard in an attempt that began with a reset puts the worktree back once more', () => {
  const step = code('impl', { gates: ['test'], attempts: 2, entries: [{ attempt: 2, worktree: 'reset' }] });
  const run = play(plan([step]), { 'impl#1/gate:test': fails('1'), 'impl#2/run-agent': limited('max_turns') });
  expect(run.ids.slice(-4)).toEqual(['impl#2/reset', 'impl#2/run-agent', 'impl#2/checkpoint', 'impl#2/undo']);
  expect(run.state.status).toBe('failed');
});

test('where nothing had changed there is nothing to put back', () => {
  const run = play(plan([code('impl', { attempts: 2 })]), {
    'impl#1/run-agent': limited('max_turns'),
    'impl#1/checkpoint': files(),
  });
  expect(run.ids).not.toContain('impl#1/undo');
  expect(run.state.status).toBe('passed');
});

test('a limit that the agent has by nature is a failure like any other: the files stay', () => {
  const run = play(plan([code('impl', { attempts: 2 })]), { 'impl#1/run-agent': limited('context', 'agent') });
  expect(run.failures).toEqual(['agent: context reached']);
  expect(run.ids).not.toContain('impl#1/undo');
});

describe('no_write', () => {
  const review = validate('review', { gates: ['test'], attempts: 2 });

  test('a changed file fails the attempt, whatever the verdict', () => {
    const run = play(plan([review]), { 'review#1/checkpoint': files('a.ts', 'b.ts'), 'review#2/checkpoint': files() });
    expect(run.failures).toEqual(['guard: no_write: it changed a.ts, b.ts']);
    expect(run.ids).toContain('review#1/undo');
    expect(run.ids).not.toContain('review#1/gate:test');
    expect(run.state.status).toBe('passed');
  });

  test('names ten files at most', () => {
    const many = Array.from({ length: 12 }, (_, index) => `${index}`);
    const run = play(plan([validate('review')]), { 'review#1/checkpoint': files(...many) });
    expect(run.state.failure?.message).toBe('no_write: it changed 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …');
  });

  test("files that a gate's command left before the step do not count", () => {
    const run = play(plan([checks('check', 'test'), validate('review')]), { 'review#1/checkpoint': files() });
    expect(run.ids).toEqual([
      '#1/open-worktree',
      'check#1/gate:test',
      'review#1/baseline',
      'review#1/run-agent',
      'review#1/checkpoint',
    ]);
    expect(run.effects.at(-1)).toMatchObject({ since: 'review#1/baseline!' });
    expect(run.state.status).toBe('passed');
  });

  test('nor do those that the setup of the worktree left', () => {
    const run = play(plan([validate('review')], { settings: { setup: 'npm ci' } }), { 'review#1/checkpoint': files() });
    expect(run.ids).toContain('review#1/baseline');
  });

  test('nor those that its own gates left in an attempt before', () => {
    const run = play(plan([review]), {
      'review#1/checkpoint': files(),
      'review#1/gate:test': fails('red'),
      'review#2/checkpoint': files(),
    });
    expect(run.ids.slice(-4)).toEqual([
      'review#2/baseline',
      'review#2/run-agent',
      'review#2/checkpoint',
      'review#2/gate:test',
    ]);
    expect(run.effects.find((effect) => effect.id === 'review#2/checkpoint')).toMatchObject({
      since: 'review#2/baseline!',
    });
  });

  test('a worktree without leftovers needs no baseline', () => {
    const run = play(plan([code('impl'), validate('review')]), { 'review#1/checkpoint': files() });
    expect(run.ids).not.toContain('review#1/baseline');
  });

  test('what a turn wrote before it crashed does not count against the next one', () => {
    const run = play(plan([review]), {
      'review#1/run-agent': crash(),
      'review#1/checkpoint': files('half.ts'),
      'review#2/checkpoint': files(),
    });
    expect(run.failures).toEqual(['agent: crashed: it fell over']);
    expect(run.ids.slice(2, 5)).toEqual(['review#1/checkpoint', 'review#1/undo', 'review#2/run-agent']);
    expect(run.state.status).toBe('passed');
  });
});

test("a task's files are judged from a baseline where a gate left something", () => {
  const json = { tasks: ['a', 'b'].map((name) => ({ name, description: 'x', files: ['src/**'] })) };
  const run = play(plan([split('build', [code('impl', { gates: ['test'], attempts: 2 })])]), {
    'build#1/run-agent': turn({ json }),
    'build#1/checkpoint': files(),
    'build/b/impl#1/gate:test': fails('red'),
  });
  expect(run.ids.filter((id) => id.endsWith('baseline'))).toEqual(['build/b/impl#1/baseline']);
  expect(run.effects.find((effect) => effect.id === 'build/b/impl#2/checkpoint')).toMatchObject({
    since: 'build/b/impl#1/baseline!',
  });
});
