import type { RunEvent, RunState } from '@pawl/core';
import { describe, expect, test, vi } from 'vitest';
import { abortRun, continueRun, createControls, resumeRun, startRun } from '../src/index.ts';
import type { Ports } from '../src/ports.ts';
import { died, mortal, withoutCost } from './dying.ts';
import { type FakeCommand, World } from './fakes.ts';
import { checks, code, planOf } from './plans.ts';
import { sampleWorld } from './sample-run.ts';

const settled = (events: readonly RunEvent[], effect: string) =>
  events.find((event) => event.type === 'effect-settled' && event.effect === effect);

const turnOf = (event: RunEvent): readonly string[] =>
  event.type === 'effect-requested' && event.effect.type === 'run-agent' ? [event.effect.id] : [];

/** Runs one step with a gate, and aborts when `phase` is reached. */
async function abortedIn(phase: string) {
  const reached = Promise.withResolvers<void>();
  const hang: FakeCommand = () => {
    reached.resolve();
    return new Promise(() => {});
  };
  const world = new World({
    script: async (asked) => {
      asked.files.set('a.ts', 'half');
      if (phase === 'agent') {
        reached.resolve();
        await asked.stopped();
      }
      return {};
    },
    commands: { [phase]: hang },
  });
  const steps = [
    code('impl', { gates: ['gate'], attempts: 3, context: [{ type: 'bash', command: 'context' }] }),
    checks('after', 'gate'),
  ];
  const plan = planOf(world.repository.base, steps, { settings: { setup: 'setup' } });
  const controller = new AbortController();
  const run = startRun('r1', plan, world.ports(), { signal: controller.signal });
  await Promise.race([reached.promise, run]);
  controller.abort();
  return { world, state: await run, plan };
}

describe('a run that no process has in hand', () => {
  test('is stopped: what its agent left is recorded, and no agent starts', async () => {
    const { world, plan } = sampleWorld();
    await expect(startRun('r1', plan, mortal(world, 9))).rejects.toBe(died);
    expect(world.log().at(-1)).toMatchObject({ type: 'effect-requested', effect: { type: 'run-agent' } });
    const before = world.asked.length;
    const state = await abortRun('r1', 'ada', world.ports());
    expect(state.status).toBe('aborted');
    expect(world.asked.length).toBe(before);
    expect(world.swept).toEqual(['r1:decompose#1/run-agent']);
    expect(settled(world.log(), 'decompose#1/checkpoint')).toMatchObject({ outcome: { kind: 'checkpoint-made' } });
  });

  test('is stopped for good also where it was interrupted; one that has ended is refused', async () => {
    const { world, plan } = sampleWorld();
    await startRun('r1', plan, world.ports(), { signal: AbortSignal.abort() });
    expect((await abortRun('r1', 'ada', world.ports())).status).toBe('aborted');
    await expect(abortRun('r1', 'ada', world.ports())).rejects.toMatchObject({ code: 'not-running' });
    expect((await resumeRun('r1', world.ports())).status).toBe('passed');
  });
});

describe('an abort', () => {
  test('while a worktree is set up', async () => {
    const { world, state } = await abortedIn('setup');
    expect(state.status).toBe('interrupted');
    expect(Object.keys(state.open)).toEqual(['#1/open-worktree']);
    expect(world.asked).toHaveLength(0);
  });

  test('while the prompt is composed: no agent begins', async () => {
    const { world, state } = await abortedIn('context');
    expect(state.status).toBe('interrupted');
    expect(world.asked.filter(({ input }) => !input.signal?.aborted)).toEqual([]);
  });

  test('while an agent works: it is stopped, and what it left is recorded', async () => {
    const { world, state } = await abortedIn('agent');
    expect(state.status).toBe('interrupted');
    expect(settled(world.log(), 'impl#1/run-agent')).toMatchObject({
      outcome: { kind: 'interrupted', report: { end: { kind: 'cancelled' }, session: { id: expect.any(String) } } },
    });
    const checkpoint = settled(world.log(), 'impl#1/checkpoint.interrupted1');
    expect(checkpoint).toMatchObject({ outcome: { checkpoint: { files: [{ path: 'a.ts' }] } } });
    expect(world.recorded).toHaveLength(1);
    expect(world.openSinks.size).toBe(0);
    expect(Object.keys(state.open)).toEqual(['impl#1/run-agent.1']);
  });

  test('while a gate runs: it has judged nothing', async () => {
    const { world, state } = await abortedIn('gate');
    expect(state.status).toBe('interrupted');
    expect(Object.keys(state.open)).toEqual(['impl#1/gate:gate']);
    expect(world.lane.history()).toEqual([]);
    expect(world.asked).toHaveLength(1);
  });

  test('before anything began', async () => {
    const { world, plan } = sampleWorld();
    const state = await startRun('r1', plan, world.ports(), { signal: AbortSignal.abort() });
    expect(state.status).toBe('interrupted');
    expect([world.ran, world.asked, world.repository.calls]).toEqual([[], [], []]);
  });

  test('at every event of a run: nothing new begins; resumed it comes to the same end, and no turn that ended begins again', async () => {
    const { world: whole, plan: wholePlan } = sampleWorld();
    await startRun('r1', wholePlan, whole.ports());
    for (let at = 1; at < whole.log().length; at += 1) {
      const { world, plan } = sampleWorld();
      const controller = new AbortController();
      let begun: number | undefined;
      const observe = () => {
        if (world.log().length < at || controller.signal.aborted) return;
        controller.abort();
        begun = world.asked.length;
      };
      const state = await startRun('r1', plan, world.ports(), { signal: controller.signal, observe });
      expect(state.status, `event ${at}`).toMatch(/interrupted|passed/);
      expect(world.asked.length - begun!, `event ${at}`).toBeLessThanOrEqual(1);
      expect(world.log().filter((event) => event.type === 'run-ended')).toHaveLength(1);
      expect(world.openSinks.size).toBe(0);
      if (state.status === 'passed') continue;
      const { status, spent } = await resumeRun('r1', world.ports());
      expect(status, `event ${at}`).toBe('passed');
      expect(withoutCost(world.lane), `event ${at}`).toEqual(withoutCost(whole.lane));
      const turns = (of: World) => of.log().flatMap(turnOf);
      const cutShort = world.log().filter((event) => event.type === 'warned' && event.code === 'interrupted');
      expect(
        turns(world).filter((id) => !/\.\d+$/.test(id)),
        `event ${at}`,
      ).toEqual(turns(whole));
      expect(turns(world), `event ${at}`).toHaveLength(turns(whole).length + cutShort.length);
      expect(spent.unpriced, `event ${at}`).toBe(0);
    }
  });

  test('of a run that was being stopped when its process died is finished at once', async () => {
    const { world } = await abortedIn('gate');
    const stopping = { type: 'abort-requested', at: 9999, reason: 'ada' } as const;
    world.events.set('r1', [...world.log().filter(({ type }) => type !== 'run-ended'), stopping]);
    const before = world.ran.length;
    // The gate would hang again.
    const state = await continueRun('r1', world.ports());
    expect([state.status, world.ran.length]).toEqual(['aborted', before]);
  });

  test('tells in the log which signal it was, and that nobody asked for the end', async () => {
    const { world, plan } = sampleWorld();
    await startRun('r1', plan, world.ports(), { signal: AbortSignal.abort('interrupted by SIGINT') });
    expect(world.log()).toContainEqual(
      expect.objectContaining({ type: 'run-ended', end: 'interrupted', reason: 'interrupted by SIGINT' }),
    );
    await startRun('r2', plan, world.ports(), { signal: AbortSignal.abort() });
    expect(world.events.get('r2')).toContainEqual(
      expect.objectContaining({ type: 'run-ended', reason: 'its process was told to end' }),
    );
  });

  test('lets go of the signal, which may live longer than the run', async () => {
    const { world, plan } = sampleWorld();
    const { signal } = new AbortController();
    const listeners = new Set<unknown>();
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners.add(args[1]);
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners.delete(args[1]);
      remove(...args);
    };
    await startRun('r1', plan, world.ports(), { signal });
    expect(listeners.size).toBe(0);
  });
});

describe('a log that cannot be written', () => {
  /** Refuses appends from the moment the state is like this. */
  const refusing = (world: World, ports: Ports, when: (events: readonly RunEvent[]) => boolean): Ports['log'] => ({
    read: ports.log.read,
    async append(run, expected, events) {
      if (when(events)) world.append(run, expected - 1, events);
      return world.append(run, expected, events);
    },
  });

  test('stops the run loudly, and with it the work under way', async () => {
    const controls = createControls();
    const stopped: string[] = [];
    const world = new World({
      async script(asked) {
        void controls.request({ type: 'abort' });
        await asked.stopped();
        stopped.push(asked.step);
        return {};
      },
    });
    const ports = world.ports();
    // The abort is what cannot be stored while the agent works: another process has written meanwhile.
    const log = refusing(world, ports, (events) => events.some(({ type }) => type === 'abort-requested'));
    const plan = planOf(world.repository.base, [code('impl')]);
    const run = startRun('r1', plan, { ...ports, log }, { controls });
    await expect(run).rejects.toMatchObject({ code: 'stale-sequence' });
    expect(stopped).toEqual(['impl']);
    expect(world.openSinks.size).toBe(0);
    expect(world.log().at(-1)?.type).toBe('effect-requested');
  });

  test('nothing is done after a result that could not be stored', async () => {
    const { world, plan } = sampleWorld();
    const ports = world.ports();
    let refused = 0;
    const log = refusing(world, ports, (events) => {
      const agentEnded = events.some(
        (event) => event.type === 'effect-settled' && event.outcome.kind === 'agent-ended',
      );
      refused += agentEnded ? 1 : 0;
      return agentEnded;
    });
    await expect(startRun('r1', plan, { ...ports, log })).rejects.toMatchObject({ code: 'stale-sequence' });
    expect([world.asked.length, refused]).toEqual([1, 1]);
    const before = world.log().length;
    const state: RunState = await continueRun('r1', world.ports());
    expect([state.status, world.log().length > before]).toEqual(['passed', true]);
  });

  test('work that does not stop holds the run’s own error back no longer than its deadline', async () => {
    vi.useFakeTimers();
    try {
      const controls = createControls();
      const world = new World({ commands: {} });
      const ports = world.ports();
      const log = refusing(world, ports, (events) => events.some(({ type }) => type === 'abort-requested'));
      const run = () => {
        void controls.request({ type: 'abort' });
        return new Promise<never>(() => {});
      };
      const plan = planOf(world.repository.base, [checks('quality', 'gate')]);
      const ended = startRun('r1', plan, { ...ports, log, commands: { run } }, { controls });
      const settled = expect(ended).rejects.toMatchObject({ code: 'stale-sequence' });
      await vi.advanceTimersByTimeAsync(120_000);
      await settled;
    } finally {
      vi.useRealTimers();
    }
  });

  test('two processes that start the same run: one does', async () => {
    const { world, plan } = sampleWorld();
    const both = await Promise.allSettled([startRun('r1', plan, world.ports()), startRun('r1', plan, world.ports())]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(world.asked).toHaveLength(7);
  });
});
