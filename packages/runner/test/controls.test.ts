import { outstanding } from '@pawl/core';
import { describe, expect, test, vi } from 'vitest';
import { createControls, startRun } from '../src/index.ts';
import type { People } from '../src/ports.ts';
import type { Script } from './fake-agent.ts';
import { World } from './fakes.ts';
import { code, parallel, planOf } from './plans.ts';

/** Steps named `slow` work until they are stopped. */
const script: Script = async ({ step, files, stopped }) => {
  files.set(`${step.split('/').at(-1)}.ts`, 'half');
  if (step.endsWith('slow')) await stopped();
  return {};
};
const hang = () => new Promise<never>(() => {});
const ended = (world: World, step: string) =>
  world.log().find((event) => event.type === 'attempt-ended' && event.step === step);

describe('abort-step', () => {
  test('ends its turn alone, records what it left, and the run fails there while other lanes go on', async () => {
    const world = new World({ script });
    const controls = createControls();
    const steps = [parallel('all', [code('slow', { attempts: 3 }), code('quick')])];
    const run = startRun('r1', planOf(world.repository.base, steps), world.ports(), { controls });
    await vi.waitUntil(() => world.asked.length === 2);
    const stop = { type: 'abort-step', step: 'all/slow', reason: 'too slow', by: 'ada' } as const;
    expect(await controls.request(stop)).toEqual({ done: true });
    const state = await run;
    expect(state.status).toBe('failed');
    expect(state.failure).toEqual({ step: 'all/slow', message: 'the turn was stopped: ada: too slow' });
    expect(ended(world, 'all/slow')).toMatchObject({ attempt: 1, failure: { reason: 'cancelled', final: true } });
    expect(ended(world, 'all/quick')).not.toHaveProperty('failure');
    expect(world.log()).toContainEqual(
      expect.objectContaining({
        effect: 'all/slow#1/checkpoint',
        outcome: { kind: 'checkpoint-made', checkpoint: expect.objectContaining({ files: [expect.anything()] }) },
      }),
    );
  });

  test('ends a gate, and a group by those inside it', async () => {
    const world = new World({ script, commands: { hang } });
    const controls = createControls();
    const steps = [parallel('all', [code('a', { gates: ['hang'] }), code('b', { gates: ['hang'] })])];
    const run = startRun('r1', planOf(world.repository.base, steps), world.ports(), { controls });
    await vi.waitUntil(() => world.ran.length === 2);
    expect(await controls.request({ type: 'abort-step', step: 'all' })).toEqual({ done: true });
    expect((await run).failure).toMatchObject({ message: 'it was stopped: by request' });
  });

  test('of a step that is not at work is refused with those that are', async () => {
    const world = new World({ script });
    const controls = createControls();
    const run = startRun('r1', planOf(world.repository.base, [code('slow')]), world.ports(), { controls });
    await vi.waitUntil(() => world.asked.length === 1);
    expect(await controls.request({ type: 'abort-step', step: 'slo' })).toMatchObject({
      done: false,
      code: 'not-at-work',
      message: expect.stringContaining('at work: slow'),
    });
    expect(await controls.request({ type: 'abort', by: 'ada' })).toEqual({ done: true });
    expect((await run).status).toBe('aborted');
    expect(world.log()).toContainEqual(expect.objectContaining({ type: 'abort-requested', reason: 'ada' }));
    expect(await controls.request({ type: 'abort' })).toMatchObject({ done: false, code: 'not-at-work' });
  });
});

test('pause: the step at work asks when its gates have run, and the run waits where nobody is there', async () => {
  const world = new World({ script });
  const controls = createControls();
  const asked = controls.request({ type: 'pause', wanted: true });
  const plan = planOf(world.repository.base, [code('impl', { gates: ['check'] }), code('next')]);
  const state = await startRun('r1', plan, world.ports(), { controls });
  expect(await asked).toEqual({ done: true });
  expect(outstanding(state).map(({ id }) => id)).toEqual(['impl#1/ask']);
});

describe('answer', () => {
  const waiting = async () => {
    const world = new World({ script });
    const controls = createControls();
    const calledOff = Promise.withResolvers<void>();
    const trees: (string | undefined)[] = [];
    const ask: People['ask'] = ({ tree }, signal) => {
      trees.push(tree);
      signal.addEventListener('abort', () => calledOff.resolve());
      return new Promise(() => {});
    };
    const steps = [code('impl', { pause: 'before_gate' })];
    const run = startRun('r1', planOf(world.repository.base, steps), world.ports({ people: { ask } }), { controls });
    await vi.waitUntil(() => trees.length === 1);
    return { world, controls, run, trees, calledOff: calledOff.promise };
  };

  test('by another than the one who was asked calls that question off', async () => {
    const { controls, run, trees, calledOff } = await waiting();
    const answer = { choice: 'continue', tree: trees[0] ?? '', by: 'grace' } as const;
    expect(await controls.request({ type: 'answer', step: 'impl', answer })).toEqual({ done: true });
    await calledOff;
    expect((await run).status).toBe('passed');
  });

  test('about other files, or to nothing, is refused and the question stands', async () => {
    const { controls, run } = await waiting();
    const answer = { choice: 'continue', tree: 'another' } as const;
    expect(await controls.request({ type: 'answer', answer })).toMatchObject({ done: false, code: 'answer-void' });
    expect(await controls.request({ type: 'answer', step: 'x', answer })).toMatchObject({ code: 'not-asking' });
    await controls.request({ type: 'abort' });
    expect((await run).status).toBe('aborted');
  });

  test('to files that changed behind it is void: the question is put again', async () => {
    const { world, controls, run, trees } = await waiting();
    world.lane.files.set('by-hand.ts', 'x');
    const approve = (tree = '') => controls.request({ type: 'answer', answer: { choice: 'continue', tree } });
    expect(await approve(trees[0])).toEqual({ done: true });
    await vi.waitUntil(() => trees.length === 2);
    expect(trees[1]).not.toBe(trees[0]);
    await approve(trees[1]);
    expect((await run).status).toBe('passed');
    expect(world.log().filter(({ type }) => type === 'answer-voided')).toHaveLength(1);
  });
});
