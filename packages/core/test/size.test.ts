import { expect, test } from 'vitest';
import { decide, evolve, initial, outstanding, type RunState } from '../src/index.ts';
import { code, files, plan, split, tasks, turn } from './given.ts';
import { endsWell } from './play.ts';

test('ten thousand tasks: the state holds the steps of the running one, and no event touches more than those', () => {
  const count = 10_000;
  const names = Array.from({ length: count }, (_, index) => `task-${index}`);
  const inner = split('inner', [code('impl', { gates: ['test'] })]);
  const planned = plan([code('first'), split('build', [code('red'), inner])]);
  let state: RunState = initial;
  let events = 0;
  let most = 0;
  const tell = (input: Parameters<typeof decide>[1]): number => {
    const decision = decide(state, input);
    if (!decision.ok) throw new Error(decision.message);
    for (const event of decision.events) {
      state = evolve(state, event);
      events++;
      most = Math.max(most, Object.keys(state.steps).length);
    }
    return decision.events.length;
  };
  let largest = tell({ at: 0, type: 'start', run: 'r', plan: planned });
  for (let [effect] = outstanding(state); effect; [effect] = outstanding(state)) {
    const planning = effect.type === 'run-agent' && effect.expect === 'tasks';
    const outcome = planning
      ? turn({ json: effect.step === 'build' ? tasks(...names) : tasks('only') })
      : effect.type === 'checkpoint' && effect.step.endsWith('inner')
        ? files()
        : endsWell(effect);
    largest = Math.max(largest, tell({ at: 0, type: 'settle', effect: effect.id, outcome }));
  }
  expect(state.status).toBe('passed');
  expect(state.steps.build?.merged).toBe(count);
  // Two at the root, two in the task, one in the task of the inner split.
  expect(most).toBe(5);
  expect(largest).toBeLessThan(15);
  expect(events / count).toBeLessThan(50);
});
