import type { Settings } from '@pawl/core';
import type { Usage } from '@pawl/provider';
import { describe, expect, test } from 'vitest';
import { estimate, priceOf, priceTable, startRun } from '../src/index.ts';
import type { Script } from './fake-agent.ts';
import { World } from './fakes.ts';
import { code, planOf } from './plans.ts';

const million = 1_000_000;

describe('the table of prices', () => {
  test('says where it is from and from when, and names each model once, in figures that can be', () => {
    expect(priceTable.source.length).toBeGreaterThan(20);
    expect(priceTable.asOf).toMatch(/^20\d\d-\d\d-\d\d$/);
    const models = priceTable.prices.map(({ model }) => model);
    expect(new Set(models).size).toBe(models.length);
    for (const { model, input, cachedInput = input, cacheWrite = input, output } of priceTable.prices) {
      expect(model).toBe(model.trim().toLowerCase());
      expect(0 < cachedInput && cachedInput <= input && input <= cacheWrite && input < output, model).toBe(true);
    }
  });

  test.each([
    'claude-opus-5-5',
    'Claude-Opus-5-5',
    'claude-opus-5-5-20261001',
    'claude-opus-5-5@20261001',
    'anthropic/claude-opus-5-5',
    'openrouter/anthropic/claude-opus-5-5-latest',
  ])('knows %s', (model) => expect(priceOf(model)?.output).toBe(20));

  test('knows a model with a date in another form', () => {
    expect(priceOf('gpt-6.1-sol-2026-09-29')?.input).toBe(2);
  });

  test.each([
    'gpt-5.5-pro',
    'claude-sonnet-4-5[1m]',
    'gpt-5',
    'gpt',
    'sonnet',
    '',
    '/',
    'claude-opus-5-5-2026',
    'toString',
  ])('does not take %j for another one', (model) => expect(priceOf(model)).toBeUndefined());
});

describe('an estimate', () => {
  test.each<[string, Usage, number | undefined]>([
    ['input and output', { inputTokens: million, outputTokens: million }, 24],
    ['cached input', { inputTokens: million, cachedInputTokens: million / 2, outputTokens: 0 }, 2.1],
    ['what is written to the cache', { inputTokens: million, cacheWriteTokens: million, outputTokens: 0 }, 5],
    ['more cached than there was', { inputTokens: million, cachedInputTokens: 3 * million, outputTokens: 0 }, 0.2],
    ['no output told', { inputTokens: million }, undefined],
    ['no input told', { outputTokens: million }, undefined],
    ['nothing told', {}, undefined],
  ])('of %s', (_, usage, dollars) => {
    const found = estimate('claude-opus-5-5', usage);
    if (dollars === undefined) expect(found).toBeUndefined();
    else expect(found).toBeCloseTo(dollars, 10);
  });

  test('where cached input has no price of its own it costs what input does', () => {
    const price = priceTable.prices.find(({ cacheWrite }) => cacheWrite === undefined)!;
    const usage = { inputTokens: million, cacheWriteTokens: million, outputTokens: 0 };
    expect(estimate(price.model, usage)).toBeCloseTo(price.input, 10);
  });

  test('of a model that is not known, or not told', () => {
    const usage = { inputTokens: 1, outputTokens: 1 };
    expect([estimate('model-x', usage), estimate(undefined, usage)]).toEqual([undefined, undefined]);
  });
});

describe('a run whose agent tells tokens and no money', () => {
  const usage = { inputTokens: million, outputTokens: million / 10 };

  async function run(
    script: Script,
    unknownCost: Settings['unknownCost'] & string,
    { model = 'gpt-5.2-codex', costUsd = 100 } = {},
  ) {
    const world = new World({ script });
    const agents = { small: { name: 'small', provider: 'script', model, options: {} } };
    const plan = planOf(world.repository.base, [code('impl')], {
      settings: { unknownCost },
      agents,
      limits: { costUsd },
    });
    const state = await startRun('r1', plan, world.ports());
    return { world, state, report: state.steps.impl?.report };
  }

  test('is estimated where the run asks for it', async () => {
    const { state, report } = await run(() => ({ usage }), 'estimate');
    expect(report?.cost).toEqual({ state: 'estimated', usd: expect.closeTo(3.15, 10) });
    expect(state.spent).toMatchObject({ costUsd: expect.closeTo(3.15, 10), unpriced: 0 });
    expect(report?.usage).toEqual(usage);
  });

  test.each([
    ['another policy', 'warn', 'gpt-5.2-codex'],
    ['a model that is not in the list', 'estimate', 'gpt-5.2-codex-pro'],
  ] as const)('stays unknown with %s', async (_, policy, model) => {
    const { state, report } = await run(() => ({ usage }), policy, { model });
    expect(report?.cost).toEqual({ state: 'unknown' });
    expect(state.spent).toMatchObject({ costUsd: 0, unpriced: 1 });
  });

  test('what the agent tells itself is measured', async () => {
    const { report } = await run(() => ({ usage: { ...usage, costUsd: 1.5 } }), 'estimate');
    expect(report?.cost).toEqual({ state: 'measured', usd: 1.5 });
  });

  test('the model that answered counts, not the one that was asked for', async () => {
    const script: Script = async ({ tell, session }) => {
      await tell({ type: 'session-ready', session, model: 'gpt-5.5-2026-04-01' });
      return { usage };
    };
    expect((await run(script, 'estimate')).report?.cost).toEqual({ state: 'estimated', usd: expect.closeTo(8, 10) });
  });

  test('is stopped while it works when the estimate is past the limit', async () => {
    const script: Script = async ({ tell, stopped }) => {
      await tell({ type: 'usage-update', usage: { inputTokens: 1000, outputTokens: 10 } });
      await tell({ type: 'usage-update', usage });
      await stopped();
      return { usage };
    };
    const { state, report } = await run(script, 'estimate', { costUsd: 2 });
    expect(report?.end).toEqual({
      kind: 'limited',
      limit: 'max_budget',
      by: 'run',
      message: 'max_budget of $2.00 (what the run had left), reached $3.15',
    });
    expect(report?.cost.state).toBe('estimated');
    expect(state.status).toBe('failed');
  });

  test('one that had finished by then has finished', async () => {
    const script: Script = async ({ tell, files }) => {
      files.set('a.ts', 'x');
      await tell({ type: 'usage-update', usage: { inputTokens: 1000, outputTokens: 10 } });
      return { usage };
    };
    const { state } = await run(script, 'estimate', { costUsd: 2 });
    expect([state.status, state.spent.costUsd]).toEqual(['passed', expect.closeTo(3.15, 10)]);
  });
});
