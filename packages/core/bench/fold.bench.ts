import { decide, evolve, initial, outstanding, type RunEvent, replayOf } from '@pawl/core';
import { expect, test } from 'vitest';
import { code, plan, split, tasks, turn } from '../test/given.ts';
import { endsWell, play } from '../test/play.ts';

const steps = [split('build', [code('red', { gates: ['compile'] }), code('green', { gates: ['compile', 'test'] })])];

/** The log of a run with so many tasks. */
function logOf(count: number): readonly RunEvent[] {
  const names = Array.from({ length: count }, (_, index) => `task-${index}`);
  const events: RunEvent[] = [];
  let state = initial;
  const tell = (input: Parameters<typeof decide>[1]): void => {
    const decision = decide(state, input);
    if (!decision.ok) throw new Error(decision.message);
    events.push(...decision.events);
    state = decision.events.reduce(evolve, state);
  };
  tell({ at: 0, type: 'start', run: 'r', plan: plan(steps) });
  for (let [effect] = outstanding(state); effect; [effect] = outstanding(state)) {
    const outcome = effect.id === 'build#1/run-agent' ? turn({ json: tasks(...names) }) : endsWell(effect);
    tell({ at: 0, type: 'settle', effect: effect.id, outcome });
  }
  return events;
}

test('fold', async ({ bench }) => {
  for (const count of [10, 100, 1000]) {
    const events = logOf(count);
    const result = await bench(`fold ${events.length} events of ${count} tasks`, () => {
      events.reduce(evolve, initial);
    }).run();
    expect(result.latency.mean).toBeGreaterThan(0);
  }
});

test('lanes', async ({ bench }) => {
  const aside = [split('build', [code('impl', { gates: ['test'] })], { parallel: { max: 8 } })];
  const names = Array.from({ length: 100 }, (_, index) => `task-${index}`);
  const result = await bench('100 tasks in 8 lanes', () => {
    play(plan(aside), { 'build#1/run-agent': turn({ json: tasks(...names) }) }, { most: 10_000 });
  }).run();
  expect(result.latency.mean).toBeGreaterThan(0);
});

test('replay', async ({ bench }) => {
  const events = logOf(100);
  const result = await bench(`replay of ${events.length} events`, () => {
    replayOf(events, 'build/task-50/green');
  }).run();
  expect(result.latency.mean).toBeGreaterThan(0);
});

test('decide', async ({ bench }) => {
  const { state } = play(plan(steps), {}, { until: 'build/one/green#1/gate:test' });
  const [effect] = outstanding(state);
  if (!effect) throw new Error('nothing is outstanding');
  const input = { at: 0, type: 'settle', effect: effect.id, outcome: endsWell(effect) } as const;
  const result = await bench('settle a gate', () => {
    decide(state, input);
  }).run();
  expect(result.latency.mean).toBeGreaterThan(0);
});
