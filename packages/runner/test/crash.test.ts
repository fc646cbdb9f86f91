import { evolve, initial, outstanding, type RunEvent } from '@pawl/core';
import { describe, expect, test } from 'vitest';
import { answerRun, continueRun, createControls, type Notice, resumeRun, startRun } from '../src/index.ts';
import type { Ports } from '../src/ports.ts';
import { died, mortal, withoutCost } from './dying.ts';
import type { World } from './fakes.ts';
import { sampleWorld } from './sample-run.ts';

const turns = (world: World) => world.asked.map(({ step, attempt }) => `${step}#${attempt}`);
const ends = (events: readonly RunEvent[]) =>
  events.flatMap((event) => (event.type === 'step-ended' ? [`${event.step} ${event.end}`] : []));

async function wholeRun() {
  const { world, plan } = sampleWorld();
  await startRun('r1', plan, world.ports());
  return world;
}

describe('a run whose process dies', () => {
  test.each(['at once', 'late'] as const)('comes to the same end from every event of its log on (%s)', async (dies) => {
    const whole = await wholeRun();
    const count = whole.log().length;
    expect(count).toBeGreaterThan(60);
    let resumed = 0;
    for (let events = 1; events < count; events += 1) {
      const { world, plan } = sampleWorld();
      await expect(startRun('r1', plan, mortal(world, events, dies)), `event ${events}`).rejects.toBe(died);
      expect(world.log()).toHaveLength(events);
      const before = world.asked.length;

      const state = await continueRun('r1', world.ports());
      expect(state.status, `event ${events}`).toBe('passed');
      expect(withoutCost(world.lane), `event ${events}`).toEqual(withoutCost(whole.lane));
      expect(ends(world.log()), `event ${events}`).toEqual(ends(whole.log()));
      expect(world.recorded.map(({ key }) => key)).toEqual([...new Set(world.recorded.map(({ key }) => key))]);

      // No turn is forgotten, and at most the one under way is begun once more, in its own conversation.
      const again = turns(world).filter((turn, index, all) => all.indexOf(turn) !== index);
      expect([...new Set(turns(world))]).toEqual(turns(whole));
      expect(again.length, `event ${events}`).toBeLessThanOrEqual(1);
      if (again.length === 0) continue;
      resumed += 1;
      const [first, second] = [world.asked[before - 1], world.asked[before]];
      expect(second?.open.start, `event ${events}`).toEqual({ kind: 'resume', ref: first?.session });
      expect(second?.input.prompt).toContain('interrupted');
      expect(world.swept).toContain(`r1:${again[0]}/run-agent`);
      expect(world.log().filter((event) => event.type === 'warned' && event.code === 'interrupted')).toHaveLength(1);
      expect(state.spent.unpriced).toBe(1);
    }
    // With an effect stored and nothing done, the agent has not begun yet.
    expect(resumed).toBe(dies === 'late' ? turns(whole).length : 0);
  });

  test('while it is being stopped: one resume ends that and goes on, from every event of it', async () => {
    const whole = await wholeRun();
    let cuts = 0;
    for (let at = 2; at < whole.log().length; at += 5) {
      for (let more = 1, over = false; !over; more += 1) {
        const { world, plan } = sampleWorld();
        const controls = createControls();
        let from = Number.POSITIVE_INFINITY;
        const observe = ({ sequence, event }: { sequence: number; event: RunEvent }) => {
          if (sequence === at) void controls.request({ type: 'abort', reason: 'ada' });
          if (event.type === 'abort-requested') from = sequence;
        };
        const ports = world.ports();
        const log: Ports['log'] = {
          ...ports.log,
          async append(run, expected, events) {
            const asked = events.findIndex(({ type }) => type === 'abort-requested');
            const last = (asked < 0 ? from : expected + 1) + more;
            if (expected + events.length < last) return world.append(run, expected, events);
            world.append(run, expected, events.slice(0, last - 1 - expected));
            throw died;
          },
        };
        const options = { controls, observe: (notice: Notice) => notice.type === 'event' && observe(notice) };
        const state = await startRun('r1', plan, { ...ports, log }, options).catch((error: unknown) => error);
        over = state !== died;
        if (over) break;
        cuts += 1;
        expect(['stopping', 'running'], `${at}+${more}`).toContain(world.log().reduce(evolve, initial).status);
        const resumed = await resumeRun('r1', world.ports());
        expect([resumed.status, at, more]).toEqual(['passed', at, more]);
      }
    }
    expect(cuts).toBeGreaterThan(20);
  });

  test('dies again and again, and still ends', async () => {
    const { world, plan } = sampleWorld();
    const whole = await wholeRun();
    let events = 1;
    await expect(startRun('r1', plan, mortal(world, events))).rejects.toBe(died);
    // Each life says that it goes on and settles a little more: one event less would leave an effect to be done over for ever.
    for (; events < 500; events += 4) {
      const life = await continueRun('r1', mortal(world, world.log().length + 4)).catch((error: unknown) => error);
      if (life !== died) {
        expect(life).toMatchObject({ status: expect.stringMatching(/passed|failed/) });
        break;
      }
    }
    expect(events).toBeLessThan(500);
    expect(world.lane.history().length).toBeLessThanOrEqual(whole.lane.history().length);
  });

  test('in the middle of a turn: what it left is stopped, and its conversation goes on', async () => {
    const { world, plan } = sampleWorld();
    const begun = Promise.withResolvers<void>();
    const old = world.ports();
    const hanging: Ports = {
      ...old,
      agents: {
        ...old.agents,
        async provider(id) {
          const provider = (await old.agents.provider(id))!;
          return {
            ...provider,
            async open(request, host) {
              const session = await provider.open(request, host);
              if (request.env?.PAWL_STEP !== 'review') return session;
              const ref = { provider: 'script', id: 'of-the-dead', cwd: request.cwd };
              const iterate = async function* () {
                yield { type: 'turn-start' } as const;
                yield { type: 'session-ready', session: ref } as const;
                begun.resolve();
                await new Promise<void>((resolve) => life.signal.addEventListener('abort', () => resolve()));
              };
              return {
                ...session,
                ref,
                turn: () => ({ [Symbol.asyncIterator]: iterate, ended: new Promise(() => {}) }),
              };
            },
          };
        },
      },
    };
    const life = new AbortController();
    const first = startRun('r1', plan, hanging).catch((error: unknown) => error);
    await begun.promise;

    const state = await continueRun('r1', world.ports());
    expect(state.status).toBe('passed');
    expect(world.swept).toEqual(['r1:review#1/run-agent']);
    expect(world.asked.at(-1)?.open.start).toMatchObject({ kind: 'resume', ref: { id: 'of-the-dead' } });

    // The first one was not dead after all: what it finds out now is too late.
    life.abort();
    expect(await first).toMatchObject({ code: 'stale-sequence' });
  });

  test.each([
    ['nothing', undefined],
    ['half a file', '{"provider":"scr'],
    ['something else', '"oops"'],
    ['null', 'null'],
  ])('before its conversation was known (%s was kept): a new one starts', async (_, kept) => {
    const { world, plan } = sampleWorld();
    await expect(startRun('r1', plan, mortal(world, 9))).rejects.toBe(died);
    const name = [...world.runFiles.keys()].find((key) => key.endsWith('session.json'))!;
    expect(world.log().at(-1)).toMatchObject({ type: 'effect-requested', effect: { type: 'run-agent' } });
    expect(name).toBeUndefined();
    const folder = [...world.runFiles.keys()].find((key) => key.startsWith('r1/turns/'));
    expect(folder).toBeUndefined();
    const { turnFolder } = await import('../src/files/names.ts');
    if (kept !== undefined) world.runFiles.set(`r1/${turnFolder('decompose#1/run-agent')}/session.json`, kept);
    const state = await continueRun('r1', world.ports());
    expect(state.status).toBe('passed');
    expect(world.asked[0]?.open.start).toEqual({ kind: 'new' });
  });
});

test('on_interrupt: ask: the run waits for a person, and the answer opens the conversation that there was', async () => {
  const { world, plan } = sampleWorld();
  const asking = { ...plan, settings: { ...plan.settings, onInterrupt: 'ask' as const } };
  await expect(startRun('r1', asking, mortal(world, 9))).rejects.toBe(died);
  const { turnFolder } = await import('../src/files/names.ts');
  const session = { provider: 'script', id: 'of-the-dead', cwd: '/x' };
  world.runFiles.set(`r1/${turnFolder('decompose#1/run-agent')}/session.json`, JSON.stringify(session));
  const waiting = await continueRun('r1', world.ports());
  expect(waiting.status).toBe('running');
  expect(outstanding(waiting)).toMatchObject([{ type: 'ask', question: 'interrupted' }]);
  expect(world.asked).toEqual([]);
  // Dying once more while it waits asks the same again, and nothing else.
  expect(outstanding(await continueRun('r1', world.ports()))).toEqual(outstanding(waiting));
  const state = await answerRun('r1', undefined, { choice: 'continue' }, world.ports());
  expect(state.status).toBe('passed');
  expect(world.asked[0]?.open.start).toMatchObject({ kind: 'resume', ref: { id: 'of-the-dead' } });
});

describe('going on', () => {
  test('is refused for a run that is not known or has ended', async () => {
    const { world, plan } = sampleWorld();
    await expect(continueRun('r1', world.ports())).rejects.toMatchObject({ code: 'unknown-run' });
    await startRun('r1', plan, world.ports());
    await expect(continueRun('r1', world.ports())).rejects.toMatchObject({ code: 'not-running' });
  });

  test('a damaged log ends with a name instead of waiting for ever', async () => {
    const { world, plan } = sampleWorld();
    await startRun('r1', plan, world.ports());
    const log = world.log();
    const settled = log.findIndex((event) => event.type === 'effect-settled');
    // Behind the first result stands something that does not follow from it.
    world.events.set('r1', [...log.slice(0, settled + 1), { type: 'step-ended', at: 1, step: 'other', end: 'passed' }]);
    await expect(continueRun('r1', world.ports())).rejects.toMatchObject({ code: 'nothing-outstanding' });
  });
});
