import type { Outcome, RunState } from '@pawl/core';
import { ProviderError } from '@pawl/provider';
import { describe, expect, test } from 'vitest';
import { describe as describeError, RunnerError } from '../src/errors.ts';
import { startRun } from '../src/index.ts';
import { Log } from '../src/log.ts';
import type { Ports } from '../src/ports.ts';
import { World } from './fakes.ts';
import { code, planOf } from './plans.ts';
import { sampleWorld } from './sample-run.ts';

const boom = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
const fails = async (): Promise<never> => {
  throw boom;
};

/** A run of one step with everything in it, with some ports broken. */
async function runWith(break_: (ports: Ports, world: World) => Partial<Ports>): Promise<[RunState, World, Outcome[]]> {
  const world = new World({
    files: { 'a.md': 'a' },
    script: ({ files, attempt }) => {
      files.set('a.ts', `${attempt}`.repeat(5000));
      return { text: 'x'.repeat(5000), usage: { costUsd: 0.5 } };
    },
    commands: { gate: (files) => ({ code: files.get('a.ts')?.startsWith('1') ? 1 : 0, output: 'out' }) },
  });
  const context = [{ type: 'file', path: [['a.md']] } as const, { type: 'bash', command: 'context' } as const];
  const step = code('impl', { gates: ['gate'], attempts: 2, context });
  const plan = planOf(world.repository.base, [step], { settings: { setup: 'setup' } });
  const ports = world.ports();
  const state = await startRun('r1', plan, { ...ports, ...break_(ports, world) });
  const outcomes = world.log().flatMap((event) => (event.type === 'effect-settled' ? [event.outcome] : []));
  expect(world.openSinks.size).toBe(0);
  return [state, world, outcomes];
}
const lane = (change: object) => (ports: Ports) => ({
  worktrees: {
    ...ports.worktrees,
    open: async (...args: Parameters<Ports['worktrees']['open']>) =>
      Object.assign(Object.create(await ports.worktrees.open(...args)), change),
  },
});
const files = (change: object) => (ports: Ports) => ({ files: { ...ports.files, ...change } });

describe('whatever a port throws', () => {
  test.each<[string, (ports: Ports, world: World) => Partial<Ports>]>([
    ['worktrees.open', (ports) => ({ worktrees: { ...ports.worktrees, open: fails } })],
    ['lane.checkpoint', lane({ checkpoint: fails })],
    ['lane.advance', lane({ advance: fails })],
    ['commands.run', () => ({ commands: { run: fails } })],
    ['agents.provider', (ports) => ({ agents: { ...ports.agents, provider: fails } })],
    [
      'agents.host',
      (ports) => ({
        agents: {
          ...ports.agents,
          host: () => {
            throw boom;
          },
        },
      }),
    ],
    ['files.open', files({ open: fails })],
    ['files.write', files({ write: fails })],
    ['files.keep', files({ keep: fails })],
    ['worktreeFiles.read', (ports) => ({ worktreeFiles: { ...ports.worktreeFiles, read: fails } })],
    ['worktreeFiles.remove', (ports) => ({ worktreeFiles: { ...ports.worktreeFiles, remove: fails } })],
  ])('%s: the run ends with its name', async (_, change) => {
    const [state, world] = await runWith(change);
    expect(state.status).toBe('failed');
    expect(state.failure?.message).toContain('ENOSPC');
    expect(state.failure?.message).toContain('no space left on device');
    expect(world.log().at(-1)?.type).toBe('run-ended');
  });

  test('after a turn: the turn fails, and what it cost and its conversation are not lost', async () => {
    const sinkOpen = (name: string, broken: object) => (ports: Ports) => ({
      files: {
        ...ports.files,
        open: async (run: string, path: string) => ({
          ...(await ports.files.open(run, path)),
          ...(path.endsWith(name) ? broken : {}),
        }),
      },
    });
    const throws = () => {
      throw boom;
    };
    const breaks: ((ports: Ports) => Partial<Ports>)[] = [
      ({ sessions }) => ({ sessions: { ...sessions, record: fails } }),
      ({ sessions }) => ({ sessions: { ...sessions, append: fails } }),
      sinkOpen('events.ndjson', { write: throws }),
    ];
    for (const change of breaks) {
      const [state, , outcomes] = await runWith(change);
      const reports = outcomes.flatMap((outcome) => (outcome.kind === 'agent-ended' ? [outcome.report] : []));
      expect(reports[0]).toMatchObject({
        end: { kind: 'failed', error: { code: 'internal', message: expect.stringContaining('ENOSPC') } },
        session: { provider: 'script' },
      });
      expect(reports.every(({ cost }) => cost.state === 'measured')).toBe(true);
      expect(state.spent.costUsd).toBeGreaterThan(0);
      expect(state.status).toBe('failed');
    }
  });

  test('a watcher that throws during a turn does not lose the turn', async () => {
    const world = new World();
    const plan = planOf(world.repository.base, [code('impl')]);
    const observe = (notice: { type: string }) => {
      if (notice.type === 'agent') throw new Error('EPIPE');
    };
    const state = await startRun('r1', plan, world.ports(), { observe });
    expect(state.failure?.message).toContain('EPIPE');
    expect(world.log().filter((event) => event.type === 'effect-settled').length).toBeGreaterThan(2);
  });

  test('an adapter that is not there', async () => {
    const [state, world] = await runWith((ports) => ({ agents: { ...ports.agents, provider: async () => undefined } }));
    expect(state.failure?.message).toContain('npm install @pawl/provider-script');
    expect(state.failure?.message).toContain('unknown-provider');
    expect(world.asked).toEqual([]);
  });

  test('an adapter that refuses to open a session', async () => {
    const refusal = new ProviderError({ code: 'not-signed-in', message: 'run claude login', retryable: false });
    const [state, world, outcomes] = await runWith((ports) => ({
      agents: {
        ...ports.agents,
        provider: async (id) => ({
          ...(await ports.agents.provider(id))!,
          open: async () => {
            throw refusal;
          },
        }),
      },
    }));
    expect(state.failure?.message).toContain('not-signed-in: run claude login');
    expect(world.recorded).toEqual([]);
    const end = outcomes.find((outcome) => outcome.kind === 'agent-ended');
    expect(end).toMatchObject({ report: { cost: { state: 'unknown' } } });
    expect(end).not.toHaveProperty('report.session.id');
  });
});

describe('an error as an outcome', () => {
  test.each<[string, unknown, { code: string; message: string | RegExp }]>([
    ['with a code', boom, { code: 'ENOSPC', message: 'no space left on device' }],
    ['without a code', new TypeError('x is not a function'), { code: 'internal', message: 'x is not a function' }],
    ['with a number as its code', Object.assign(new Error('odd'), { code: 7 }), { code: 'internal', message: 'odd' }],
    ['without a message', new RangeError(), { code: 'internal', message: 'RangeError' }],
    ['of another copy', { code: 'stale', message: 'not an Error' }, { code: 'stale', message: 'not an Error' }],
    ['an empty object', {}, { code: 'internal', message: 'an error without a message' }],
    ['a text', 'just text', { code: 'internal', message: 'just text' }],
    ['nothing', undefined, { code: 'internal', message: 'undefined' }],
    ['of ours', new RunnerError('file-too-large', 'too large'), { code: 'file-too-large', message: 'too large' }],
    ['a very long one', new Error('y'.repeat(1e6)), { code: 'internal', message: /^y{4000}…$/ }],
  ])('%s', (_, error, { code, message }) => {
    const found = describeError(error);
    expect(found.code).toBe(code);
    expect(found.message).toMatch(message instanceof RegExp ? message : new RegExp(`^${message}$`));
  });

  test('is told apart across copies', () => {
    expect(RunnerError.is(new RunnerError('unknown-run', 'x'))).toBe(true);
    expect(RunnerError.is({ [Symbol.for('pawl.runner-error.v1')]: true })).toBe(true);
    expect([RunnerError.is(new Error('x')), RunnerError.is(undefined), RunnerError.is('x')]).toEqual([
      false,
      false,
      false,
    ]);
  });

  test('what the core refuses stops the run: done again it would cost again', async () => {
    const { world, plan } = sampleWorld();
    const log = new Log('r1', world.ports(), undefined);
    await log.tell({ type: 'start', run: 'r1', plan });
    await expect(log.tell({ type: 'start', run: 'r1', plan })).rejects.toMatchObject({ code: 'decision-refused' });
    const outcome: Outcome = { kind: 'worktree-reset' };
    await expect(log.tell({ type: 'settle', effect: '#1/open-worktree', outcome })).rejects.toMatchObject({
      code: 'decision-refused',
    });
  });
});
