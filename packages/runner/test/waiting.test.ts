import { expect, test, vi } from 'vitest';
import { continueRun, createControls, startRun } from '../src/index.ts';
import { died, mortal } from './dying.ts';
import type { Script } from './fake-agent.ts';
import { World } from './fakes.ts';
import { code, planOf } from './plans.ts';

/** Half of the work, then the provider does not answer any more: once. */
function cutOffOnce(retryAfterMs: number): Script {
  let turns = 0;
  return ({ files }) => {
    turns += 1;
    files.set(`${turns}.ts`, 'half');
    if (turns > 1) return {};
    const error = { code: 'rate-limited', message: 'slow down', retryable: true, retryAfterMs } as const;
    return { outcome: { kind: 'failed', error } };
  };
}

const planIn = (world: World) => planOf(world.repository.base, [code('impl')], { settings: { maxWaitMs: 3_600_000 } });
const waitAt = (world: World): number =>
  world.log().findIndex((event) => event.type === 'effect-requested' && event.effect.type === 'await-provider');

test('a provider that does not answer is waited for, and the turn goes on in its conversation with its files', async () => {
  const world = new World({ script: cutOffOnce(1000) });
  const state = await startRun('r1', planIn(world), world.ports());
  expect(state.status).toBe('passed');
  const [first, second] = world.asked;
  expect(second?.open.start).toEqual({ kind: 'resume', ref: first?.session });
  expect(second?.input.prompt).toContain('This task was begun and then cut off');
  expect(second?.input.prompt).toContain('Do impl.');
  expect([...world.lane.files.keys()]).toEqual(['1.ts', '2.ts']);
});

test('a run that is told to stop does not wait', async () => {
  const world = new World({ script: cutOffOnce(3_000_000) });
  const controller = new AbortController();
  const run = startRun('r1', planIn(world), world.ports(), { signal: controller.signal });
  await vi.waitUntil(() => waitAt(world) > 0);
  controller.abort();
  expect((await run).status).toBe('interrupted');
  expect(world.asked).toHaveLength(1);
});

test('one who stops the step ends the wait', async () => {
  const world = new World({ script: cutOffOnce(3_000_000) });
  const controls = createControls();
  const run = startRun('r1', planIn(world), world.ports(), { controls });
  await vi.waitUntil(() => waitAt(world) > 0);
  expect(await controls.request({ type: 'abort-step', step: 'impl', by: 'ada' })).toEqual({ done: true });
  expect((await run).failure?.message).toContain('stopped: ada');
});

test('a wait that outlived its process is waited to its end by the next one: no turn was interrupted', async () => {
  const before = new World({ script: cutOffOnce(1000) });
  await startRun('r1', planIn(before), before.ports());
  const world = new World({ script: cutOffOnce(1000) });
  await expect(startRun('r1', planIn(world), mortal(world, waitAt(before) + 1))).rejects.toBe(died);
  expect(waitAt(world)).toBe(world.log().length - 1);
  const state = await continueRun('r1', world.ports());
  expect(state.status).toBe('passed');
  expect(world.asked).toHaveLength(2);
  expect(state.steps.impl?.interruptions).toBe(0);
});
