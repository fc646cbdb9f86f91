import type { AgentEnd, Limits, RunEvent } from '@pawl/core';
import type { TurnOutcome } from '@pawl/provider';
import { describe, expect, test } from 'vitest';
import { startRun } from '../src/index.ts';
import type { Answer, Asked, Script } from './fake-agent.ts';
import { World } from './fakes.ts';
import { code, planOf } from './plans.ts';

type Guard = NonNullable<Parameters<typeof code>[1]>['guard'];

const endsOf = (events: readonly RunEvent[]): AgentEnd[] =>
  events.flatMap((event) =>
    event.type === 'effect-settled' && event.outcome.kind === 'agent-ended' ? [event.outcome.report.end] : [],
  );

async function endOf(script: Script, { guard = {}, limits = {} }: { guard?: Guard; limits?: Limits } = {}) {
  const world = new World({ script });
  const plan = planOf(world.repository.base, [code('impl', { guard })], { limits });
  const state = await startRun('r1', plan, world.ports());
  return { world, state, end: endsOf(world.log())[0] };
}

/** Tells its usage and waits to be stopped. */
const spends =
  (usage: NonNullable<Answer['usage']>): Script =>
  async (asked: Asked) => {
    await asked.tell({ type: 'usage-update', usage });
    await asked.stopped();
    return { usage };
  };
const outcome =
  (found: TurnOutcome): Script =>
  () => ({ outcome: found });

describe('the end of a turn', () => {
  test.each<[string, Script, Guard, Limits, AgentEnd]>([
    [
      'at the step’s turns',
      spends({ turns: 4 }),
      { turns: 3 },
      {},
      { kind: 'limited', limit: 'max_turns', by: 'step', message: 'max_turns of 3, reached 4' },
    ],
    [
      'at the step’s budget',
      spends({ costUsd: 0.25 }),
      { costUsd: 0.2 },
      { costUsd: 5 },
      { kind: 'limited', limit: 'max_budget', by: 'step', message: 'max_budget of $0.2000, reached $0.2500' },
    ],
    [
      'at what the run had left of its budget',
      spends({ costUsd: 2.5 }),
      { costUsd: 7 },
      { costUsd: 2 },
      {
        kind: 'limited',
        limit: 'max_budget',
        by: 'run',
        message: 'max_budget of $2.00 (what the run had left), reached $2.50',
      },
    ],
    [
      'at the run’s tokens',
      spends({ inputTokens: 90, outputTokens: 20 }),
      {},
      { tokens: 100 },
      {
        kind: 'limited',
        limit: 'max_tokens',
        by: 'run',
        message: 'max_tokens of 100 (what the run had left), reached 110',
      },
    ],
    [
      'at a limit the agent itself kept',
      outcome({ kind: 'limited', limit: 'turns', text: '' }),
      { turns: 3 },
      {},
      { kind: 'limited', limit: 'max_turns', by: 'step', message: 'max_turns of 3' },
    ],
    [
      'at a limit that nobody asked for',
      outcome({ kind: 'limited', limit: 'costUsd', text: '' }),
      {},
      {},
      { kind: 'limited', limit: 'max_budget', by: 'agent', message: 'max_budget' },
    ],
    [
      'with a full context',
      outcome({ kind: 'limited', limit: 'context', text: '' }),
      {},
      {},
      { kind: 'limited', limit: 'context', by: 'agent', message: 'the context window is full' },
    ],
    [
      'with an answer that was cut',
      outcome({ kind: 'limited', limit: 'output-tokens', text: '' }),
      {},
      {},
      { kind: 'limited', limit: 'output_tokens', by: 'agent', message: 'the answer was cut at the output limit' },
    ],
    ['with a refusal', outcome({ kind: 'refused', reason: 'no' }), {}, {}, { kind: 'refused', reason: 'no' }],
    [
      'with a failure',
      outcome({ kind: 'failed', error: { code: 'rate-limited', message: 'wait', retryable: true, retryAfterMs: 9 } }),
      {},
      {},
      { kind: 'failed', error: { code: 'rate-limited', message: 'wait', retryable: true, retryAfterMs: 9 } },
    ],
    ['cancelled by the agent itself', outcome({ kind: 'cancelled' }), {}, {}, { kind: 'cancelled' }],
  ])('%s', async (_, script, guard, limits, expected) => {
    const { end, state } = await endOf(script, { guard, limits });
    expect(end).toEqual(expected);
    expect(state.status).toBe('failed');
  });

  test('at the step’s time', async () => {
    const { end } = await endOf(spends({}), { guard: { wallMs: 100 } });
    expect(end).toMatchObject({ kind: 'limited', limit: 'max_time', by: 'step' });
    expect(end).toHaveProperty('message', expect.stringMatching(/^max_time of 0\.1 s, reached 0\.\d s$/));
  });

  test('with a long text: the text is kept beside the log', async () => {
    const { world, end } = await endOf(() => ({ text: 'long '.repeat(10_000) }));
    expect(end).toMatchObject({ kind: 'completed', text: { bytes: 50_000 }, outputs: [] });
    expect(JSON.stringify(world.log()).length).toBeLessThan(20_000);
  });

  test('when it was told to stop is a cancellation, even if it looks like a crash', async () => {
    const controller = new AbortController();
    const world = new World({
      async script(asked) {
        controller.abort();
        await asked.stopped();
        return {};
      },
    });
    const ports = world.ports();
    const provider = (await ports.agents.provider('script'))!;
    const crashing: typeof provider = {
      ...provider,
      async open(request, host) {
        const session = await provider.open(request, host);
        return {
          ...session,
          turn(input) {
            const turn = session.turn(input);
            const iterate = async function* () {
              for await (const event of turn) {
                const error = { code: 'crashed', message: 'exit 143', retryable: true } as const;
                yield event.type === 'turn-end' ? { ...event, outcome: { kind: 'failed', error } as const } : event;
              }
            };
            return { ...turn, [Symbol.asyncIterator]: iterate };
          },
        };
      },
    };
    const plan = planOf(world.repository.base, [code('impl')]);
    const agents = { ...ports.agents, provider: async () => crashing };
    const state = await startRun('r1', plan, { ...ports, agents }, { signal: controller.signal });
    expect(state.status).toBe('interrupted');
    const interrupted = { kind: 'interrupted', report: expect.objectContaining({ end: { kind: 'cancelled' } }) };
    expect(world.log()).toContainEqual(expect.objectContaining({ type: 'effect-settled', outcome: interrupted }));
  });

  test('without a session: none is invented, none recorded', async () => {
    const { world } = await endOf(() => ({ session: undefined }));
    expect(world.recorded).toEqual([]);
  });

  test('without a cost: it is unknown, not zero', async () => {
    const { state } = await endOf(() => ({ usage: { inputTokens: 3 } }));
    expect(state.spent).toEqual({ costUsd: 0, unpriced: 1, tokens: 3, uncounted: 0 });
  });

  test('how long it may be silent is first for its provider to say', async () => {
    const world = new World();
    const { agents } = world.ports();
    const provider = async (id: string) => ({ ...(await agents.provider(id))!, silence: { firstEventMs: 7_000 } });
    const plan = planOf(world.repository.base, [code('impl')]);
    await startRun('r1', plan, world.ports({ agents: { ...agents, provider } }));
    expect(world.asked[0]?.input).toMatchObject({ firstEventMs: 7_000, idleMs: 1_800_000 });
  });

  test('the agent gets what the plan says', async () => {
    const guard = { turns: 9, costUsd: 1, tokens: 1000, wallMs: 60_000 };
    const { world, state } = await endOf(() => ({}), { guard });
    const { open, input } = world.asked[0]!;
    expect(state.status).toBe('passed');
    expect(open).toEqual({
      cwd: '/lanes/r1/main',
      model: 'model-small',
      options: { name: 'small' },
      access: 'edit',
      start: { kind: 'new' },
      env: { PAWL_STEP: 'impl', PAWL_ATTEMPT: '1', PAWL_OUT: '/lanes/r1/main/.pawl/out/output.json' },
    });
    expect(input).toMatchObject({ limits: { turns: 9, costUsd: 1 }, firstEventMs: 300_000, idleMs: 1_800_000 });
    expect(input.outputSchema).toBeUndefined();
  });
});
