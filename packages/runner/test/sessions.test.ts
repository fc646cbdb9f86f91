import { thisHolder } from '@pawl/agent';
import { describe, expect, test, vi } from 'vitest';
import { startRun } from '../src/index.ts';
import type { Ports } from '../src/ports.ts';
import { World } from './fakes.ts';
import { code, planOf } from './plans.ts';

/** As a store refuses. */
const busy = (pid: number) =>
  Object.assign(new Error('session s is in use by process 1'), {
    code: 'session-busy',
    details: { code: 'session-busy', message: 'in use', holder: { ...thisHolder(), pid } },
    [Symbol.for('pawl.session-store-error.v1')]: true,
  });

/** Two steps in one conversation; `refuse` may throw when the second one wants it. */
function run(refuse: (tries: number) => void, signal?: AbortSignal) {
  let tries = 0;
  const held: string[] = [];
  const world = new World({ script: ({ step }) => ({ text: `${step} is done`, usage: { costUsd: 0.5 } }) });
  const base = world.ports();
  const acquire: Ports['sessions']['acquire'] = async (session) => {
    const first = held.length === 0;
    if (!first) {
      tries += 1;
      refuse(tries);
    }
    held.push(`takes ${session.id}`);
    return { session, release: async () => void held.push(`lets go ${session.id}`) };
  };
  const steps = [code('red'), code('green', { session: { mode: 'from', address: 'red' } })];
  const plan = { ...planOf(world.repository.base, steps), owner: 'ada' };
  const ended = startRun('r1', plan, { ...base, sessions: { ...base.sessions, acquire } }, signal ? { signal } : {});
  return { world, held, ended, tried: () => tries };
}

test('each turn is in the catalogue with its run, step, owner and cost, and holds its conversation meanwhile', async () => {
  const { world, held, ended } = run(() => {});
  expect((await ended).status).toBe('passed');
  expect(world.recorded).toMatchObject([
    { run: 'r1', step: 'red', owner: 'ada', agent: 'small', key: 'r1/red#1/run-agent', usage: { costUsd: 0.5 } },
    { run: 'r1', step: 'green', owner: 'ada', agent: 'small', key: 'r1/green#1/run-agent' },
  ]);
  const [{ session = '' } = {}] = world.said;
  const id = session.replace('of ', '');
  expect(held).toEqual([`takes ${id}`, `lets go ${id}`, `takes ${id}`, `lets go ${id}`]);
  expect(world.said.map(({ message }) => message.role)).toEqual(['user', 'user']);
});

describe('a conversation that somebody else works in', () => {
  test('is waited for, so that two runs take turns', async () => {
    const { world, ended, tried } = run((tries) => {
      if (tries < 3) throw busy(1);
    });
    expect((await ended).status).toBe('passed');
    expect(tried()).toBe(3);
    expect(world.asked).toHaveLength(2);
  });

  test('for too long: the run stops there by name, nothing was run, and it can be resumed', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { world, ended } = run(() => {
        throw busy(1);
      });
      await vi.advanceTimersByTimeAsync(11 * 60_000);
      const state = await ended;
      expect(state.status).toBe('failed');
      expect(state.failure?.message).toContain('session s is in use by process 1');
      expect(world.asked.map(({ step }) => step)).toEqual(['red']);
    } finally {
      vi.useRealTimers();
    }
  });

  test('in this very process: it is waited for as long as that takes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const { ended, tried } = run((tries) => {
        if (tries < 5000) throw busy(process.pid);
      });
      await vi.advanceTimersByTimeAsync(60 * 60_000);
      expect((await ended).status).toBe('passed');
      expect(tried()).toBe(5000);
    } finally {
      vi.useRealTimers();
    }
  });

  test('an abort calls the waiting off: no agent begins', async () => {
    const controller = new AbortController();
    const { world, ended } = run(() => {
      setTimeout(() => controller.abort(), 10);
      throw busy(1);
    }, controller.signal);
    const state = await ended;
    expect(state.status).toBe('interrupted');
    expect(world.asked).toHaveLength(1);
    // It had not begun: it does when the run is resumed, and nothing is counted.
    expect(Object.keys(state.open)).toEqual(['green#1/run-agent']);
    expect(state.spent.unpriced).toBe(0);
  });
});
