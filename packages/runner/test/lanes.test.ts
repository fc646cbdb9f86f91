import type { RunEvent } from '@pawl/core';
import { describe, expect, test } from 'vitest';
import { resumeRun, startRun } from '../src/index.ts';
import type { Ports, Worktrees } from '../src/ports.ts';
import type { Script } from './fake-agent.ts';
import { type FakeCommand, World } from './fakes.ts';
import { barrier, parallelWorld } from './parallel-run.ts';

const taskName = (step: string) => step.split('/')[1] ?? '';
const writes: Script = ({ step, files }) => {
  files.set(`${taskName(step)}.ts`, taskName(step));
  return {};
};
const merges = (world: World) => world.repository.calls.filter((call) => /^(merge|remove) /.test(call));
const requested = (events: readonly RunEvent[], type: string) =>
  events.flatMap((event) =>
    event.type === 'effect-requested' && event.effect.type === type ? [event.effect.step] : [],
  );

describe('tasks side by side', () => {
  test('have lanes of their own, made at the same time, and are merged in the order of the plan', async () => {
    const [opening, working] = [barrier(3), barrier(3)];
    const finished = new Map(['a', 'b', 'c'].map((name) => [name, Promise.withResolvers<void>()]));
    const script: Script = async (asked) => {
      const name = taskName(asked.step);
      await working();
      // The last one is done first.
      await finished.get({ a: 'b', b: 'c' }[name] ?? '')?.promise;
      finished.get(name)?.resolve();
      return writes(asked);
    };
    const install: FakeCommand = async (_, { cwd }) => {
      if (cwd !== '/lanes/r1/main') await opening();
      return {};
    };
    const { world, plan } = parallelWorld(['a', 'b', 'c'], script, { setup: 'install', commands: { install } });
    const state = await startRun('r1', plan, world.ports());
    expect(state.status).toBe('passed');
    expect(world.repository.lane('main').history()).toMatchObject([
      { subject: 'impl: a', files: { 'a.ts': 'a' } },
      { subject: 'impl: b', files: { 'a.ts': 'a', 'b.ts': 'b' } },
      { subject: 'impl: c', files: { 'a.ts': 'a', 'b.ts': 'b', 'c.ts': 'c' } },
    ]);
    expect(new Set(world.asked.slice(1).map(({ open }) => open.cwd)).size).toBe(3);
    expect(merges(world).map((call) => call.replace(/ into.*/, ''))).toEqual([
      'merge impl: a',
      'remove pawl/r1/plan/a',
      'merge impl: b',
      'remove pawl/r1/plan/b',
      'merge impl: c',
      'remove pawl/r1/plan/c',
    ]);
    expect([...world.repository.lanes.keys()]).toEqual(['/lanes/r1/main']);
    expect(world.repository.lane('main').history()[2]?.trailers).toMatchObject({ 'Pawl-Step': 'plan/c/impl' });
  });

  test('are no more at once than the plan allows', async () => {
    let [now, most] = [0, 0];
    const script: Script = async (asked) => {
      now += 1;
      most = Math.max(most, now);
      // Whoever else may begin begins before this.
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
      now -= 1;
      return writes(asked);
    };
    const { world, plan } = parallelWorld(['a', 'b', 'c', 'd', 'e'], script, { max: 2 });
    expect((await startRun('r1', plan, world.ports())).status).toBe('passed');
    expect(most).toBe(2);
  });

  test('have no more turns of one provider at once than it may have', async () => {
    let [now, most] = [0, 0];
    const script: Script = async (asked) => {
      now += 1;
      most = Math.max(most, now);
      for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
      now -= 1;
      return writes(asked);
    };
    const { world, plan } = parallelWorld(['a', 'b', 'c'], script);
    const limited = { ...plan, settings: { ...plan.settings, providerLimits: { script: 1 } } };
    expect((await startRun('r1', limited, world.ports())).status).toBe('passed');
    expect(most).toBe(1);
    expect(world.log().filter(({ type }) => type === 'turn-queued').length).toBeGreaterThan(0);
  });

  test('that change the same lines: the run fails with their names, and both lanes stay', async () => {
    const script: Script = ({ step, files }) => {
      files.set('shared.ts', `by ${taskName(step)}`);
      return {};
    };
    const { world, plan } = parallelWorld(['a', 'b'], script, { files: { 'shared.ts': 'base' } });
    const state = await startRun('r1', plan, world.ports());
    expect(state.status).toBe('failed');
    expect(state.failure?.message).toMatch(/plan\/b conflicts .* shared\.ts/);
    expect(
      world.repository
        .lane('main')
        .history()
        .map(({ subject }) => subject),
    ).toEqual(['impl: a']);
    expect(Object.fromEntries(world.repository.lane('plan/b').files)).toEqual({ 'shared.ts': 'by b' });
    expect(merges(world)).not.toContain('remove pawl/r1/plan/b');
  });

  test('one that fails costs the others nothing, and a resume does only that one again', async () => {
    const bad = new Set(['b']);
    const script: Script = (asked) => {
      if (!bad.has(taskName(asked.step))) return writes(asked);
      return { outcome: { kind: 'refused', reason: 'too hard' } };
    };
    const { world, plan } = parallelWorld(['a', 'b', 'c'], script);
    const failed = await startRun('r1', plan, world.ports());
    expect([failed.status, failed.failure?.step]).toEqual(['failed', 'plan/b/impl']);
    expect(
      world.repository
        .lane('main')
        .history()
        .map(({ subject }) => subject),
    ).toEqual(['impl: a']);
    expect(
      world.repository
        .lane('plan/c')
        .history()
        .map(({ subject }) => subject),
    ).toEqual(['impl: c']);

    bad.clear();
    const before = world.asked.length;
    const state = await resumeRun('r1', world.ports());
    expect(state.status).toBe('passed');
    expect(world.asked.slice(before).map(({ step }) => step)).toEqual(['plan/b/impl']);
    expect(
      world.repository
        .lane('main')
        .history()
        .map(({ subject }) => subject),
    ).toEqual(['impl: a', 'impl: b', 'impl: c']);
    expect(world.repository.merged).toEqual(['impl: a', 'impl: b', 'impl: c']);
    expect([...world.repository.lanes.keys()]).toEqual(['/lanes/r1/main']);
  });

  test('a lane that cannot be made fails alone', async () => {
    const { world, plan } = parallelWorld(['a', 'b'], writes);
    const { worktrees, ...ports } = world.ports();
    const open: Worktrees['open'] = async (lane) => {
      if (lane.name === 'plan/b') throw Object.assign(new Error('the disk is full'), { code: 'lane-broken' });
      return worktrees.open(lane);
    };
    const state = await startRun('r1', plan, { ...ports, worktrees: { ...worktrees, open } });
    expect(state.failure?.message).toContain('lane-broken: the disk is full');
    expect(
      world.repository
        .lane('main')
        .history()
        .map(({ subject }) => subject),
    ).toEqual(['impl: a']);
  });

  test('a merged lane that cannot be taken away is left where it is', async () => {
    const { world, plan } = parallelWorld(['a', 'b'], writes);
    const { worktrees, ...ports } = world.ports();
    const open: Worktrees['open'] = async (lane) => {
      const opened = await worktrees.open(lane);
      opened.remove = () => Promise.reject(new Error('busy'));
      return opened;
    };
    const state = await startRun('r1', plan, { ...ports, worktrees: { ...worktrees, open } });
    expect(state.status).toBe('passed');
    expect([...world.repository.lanes.keys()]).toEqual(['/lanes/r1/main', '/lanes/r1/plan/a', '/lanes/r1/plan/b']);
  });

  test('an abort stops all of them, and what each left is recorded', async () => {
    const working = barrier(2);
    const controller = new AbortController();
    const script: Script = async (asked) => {
      writes(asked);
      await working();
      controller.abort();
      await asked.stopped();
      return {};
    };
    const { world, plan } = parallelWorld(['a', 'b'], script);
    const state = await startRun('r1', plan, world.ports(), { signal: controller.signal });
    expect(state.status).toBe('interrupted');
    expect(requested(world.log(), 'checkpoint').slice(1).sort()).toEqual(['plan/a/impl', 'plan/b/impl']);
    expect(merges(world)).toEqual([]);
    expect(world.openSinks.size).toBe(0);

    const again = await resumeRun('r1', { ...world.ports(), ...worker(world, writes) });
    expect(again.status).toBe('passed');
    expect(world.repository.merged).toEqual(['impl: a', 'impl: b']);
  });
});

/** Another script in the same world. */
function worker(world: World, script: Script): Pick<Ports, 'agents'> {
  const other = new World({ script });
  const { agents } = other.ports();
  other.filesAt = (cwd) => world.filesAt(cwd);
  return { agents };
}
