import type { RunEvent } from '@pawl/core';
import { describe, expect, test } from 'vitest';
import { analyticsOf, compareReports, manyMetrics, metrics, metricsOf, metricsOfStep, reportOf } from '../src/index.ts';
import { codeStep, compile, gateFailure, logOf } from './builders.ts';
import { metricsDocument } from './metrics-document.ts';
import { recorded } from './recorded.ts';
import { aborted } from './stories.ts';

const escalated = reportOf(recorded('escalated'));
const atOnce = reportOf(recorded('at-once'));
const valuesOf = (report: typeof escalated) =>
  Object.fromEntries(metricsOf(report).map(({ id, value }) => [id, value]));

const escalatedByHand = {
  'cost.measured': 0.3, // 0.02 + 0.03 + 0.25
  'cost.estimated': 0,
  'cost.unpriced': 1, // the second attempt told none
  'tokens.input': 19_000, // 4000 + 6000 + 9000
  'tokens.cached': 3_000, // 1000 + 2000
  'tokens.output': 1_600, // 300 + 500 + 800
  'tokens.reasoning': 0,
  turns: 14, // 6 + 6 + 2
  'runs.agent': 4,
  attempts: 5, // 1 + 3 + 1
  retries: 2,
  escalations: 1,
  guards: 0,
  time: 6_348,
  'time.agent': 2_809, // 605 + 883 + 733 + 588
  'time.gates': 1_054, // 95 + 284 + 315 + 253 + 107
  'time.git': 2_485, // 759 + 450 + 118 + 307 + 280 + 427 + 144
  'time.waiting': 0,
  'time.stood': 0,
  'time.pawl': 0,
  'work.agent': 2_480, // 451 + 814 + 669 + 546
  'work.gates': 940, // 77 + 268 + 270 + 244 + 81
  files: 2,
  'lines.added': 5, // 3 of the tests, 2 of the attempt that passed
  'lines.removed': 0,
  'first.diff': 1_245, // the first step began at 759, its edit came 486 later
  'answers.coding': 4, // one in each run of an agent
  'answers.running': 9, // 2 + 3 + 3 + 1
  'answers.exploring': 9, // 3 + 3 + 3
  'answers.delegating': 0,
  'answers.other': 0,
  'answers.talking': 4,
  'answers.thinking': 0,
  calls: 22, // 6 + 7 + 7 + 2
  'calls.failed': 7, // 1 + 3 + 3
  'calls.denied': 1,
  corrections: 1, // npm test in the first step
  stuck: 2, // npm test failed three times in each of two attempts
  repeats: 3, // the README was read three times in each run of the cheap agent
  stalls: 0,
  stalled: 0,
  'model.retries': 0,
  compactions: 0,
  'context.tokens': 12_000, // 9000 and 12000 were told
  'context.share': 0.6, // of 20000
};

/** Two attempts of a step, of which a guard ends the first; a person; a step whose cost nobody knows; a resume. */
function eventful(): readonly RunEvent[] {
  const calm = {
    ...{ failedCalls: 0, deniedCalls: 0, corrections: 0, stuck: 0, repeats: 0 },
    ...{ stalls: 0, stalledMs: 0, modelRetries: 0, compactions: 0 },
  };
  const log = logOf([codeStep('a'), codeStep('b')]);
  log.wait(10);
  log.openWorktree(100);
  log.step('a');
  log.attempt('a', 1, 'qwen');
  log.agent('a', 1, 200_000, {
    usage: { inputTokens: 1_000, cachedInputTokens: 400, outputTokens: 100, reasoningTokens: 30, turns: 3 },
    cost: { state: 'measured', usd: 0.5 },
    activity: {
      answers: { coding: 1, running: 2, exploring: 3, delegating: 1, other: 1, talking: 1, thinking: 1 },
      calls: { edit: 2, execute: 3, read: 3, delegate: 1, other: 1 },
      ...{ failedCalls: 4, deniedCalls: 1, corrections: 1, stuck: 1, repeats: 1 },
      ...{ stalls: 2, stalledMs: 130_000, modelRetries: 3, compactions: 1 },
      firstEditMs: 40,
      context: { tokens: 80_000, window: 200_000, told: true },
    },
  });
  log.gate('a', 1, compile, 50, { pass: false });
  log.checkpoint('a', 1, 20, [{ path: 'z', change: 'added', insertions: 99, deletions: 0 }]);
  log.attemptEnded('a', 1, { reason: 'guard', message: 'too long', text: 'too long', final: false });
  log.attempt('a', 2, 'opus');
  log.agent('a', 2, 3_000, {
    usage: { inputTokens: 500, outputTokens: 50, turns: 1 },
    cost: { state: 'estimated', usd: 0.25 },
    activity: {
      ...calm,
      ...{ answers: { coding: 1 }, calls: { edit: 1 } },
      context: { tokens: 50_000, window: 100_000, told: true },
    },
  });
  log.checkpoint('a', 2, 30, [
    { path: 'x', change: 'modified', insertions: 7, deletions: 2 },
    { path: 'y', change: 'added', insertions: 3, deletions: 0 },
  ]);
  log.perform('a', 2, { type: 'ask', question: 'after_gate' }, 60_000, {
    kind: 'answered',
    answer: { choice: 'continue' },
  });
  log.advance('a', 2, 40, 'c1');
  log.attemptEnded('a', 2);
  log.stepEnded('a', 'passed', 'c1');
  log.step('b');
  log.attempt('b', 1, 'qwen');
  log.agent('b', 1, 1_000);
  log.attemptEnded('b', 1, gateFailure('test'));
  log.stepEnded('b', 'failed');
  log.end('failed');
  log.wait(5_000);
  log.tell({ type: 'run-resumed', generation: 1 });
  log.wait(7);
  log.end('failed');
  return log.events;
}

const eventfulByHand = {
  'cost.measured': 0.5,
  'cost.estimated': 0.25,
  'cost.unpriced': 1, // b
  'tokens.input': 1_500, // 1000 + 500
  'tokens.cached': 400,
  'tokens.output': 150, // 100 + 50
  'tokens.reasoning': 30,
  turns: 4, // 3 + 1
  'runs.agent': 3,
  attempts: 3, // 2 + 1
  retries: 1,
  escalations: 1, // opus after qwen
  guards: 1,
  time: 269_257, // 10 + 100 + 200000 + 50 + 20 + 3000 + 30 + 60000 + 40 + 1000 + 5000 + 7
  'time.agent': 204_000, // 200000 + 3000 + 1000
  'time.gates': 50,
  'time.git': 190, // 100 + 20 + 30 + 40
  'time.waiting': 60_000,
  'time.stood': 5_000,
  'time.pawl': 17, // 10 + 7
  'work.agent': 204_000,
  'work.gates': 50,
  files: 2, // x and y; z was of an attempt that did not pass
  'lines.added': 10, // 7 + 3
  'lines.removed': 2,
  'first.diff': 150, // 10 + 100, and 40 into the first run of an agent
  'answers.coding': 2, // 1 + 1
  'answers.running': 2,
  'answers.exploring': 3,
  'answers.delegating': 1,
  'answers.other': 1,
  'answers.talking': 1,
  'answers.thinking': 1,
  calls: 11, // 2 + 3 + 3 + 1 + 1, and 1
  'calls.failed': 4,
  'calls.denied': 1,
  corrections: 1,
  stuck: 1,
  repeats: 1,
  stalls: 2,
  stalled: 130_000,
  'model.retries': 3,
  compactions: 1,
  'context.tokens': 50_000, // fuller than 80000 of 200000
  'context.share': 0.5, // 50000 of 100000
};

/** Worked out below, in `many runs`. */
const manyByHand = ['passRate', 'passedByAttempt', 'escalationRate', 'costPerPassedStep', 'trend'];

describe('every metric of a recorded run, worked out by hand from its log', () => {
  test('a run that escalates', () => {
    expect(valuesOf(escalated)).toEqual(escalatedByHand);
  });

  test('a run in which everything happens once', () => {
    expect(valuesOf(reportOf(eventful()))).toEqual(eventfulByHand);
  });

  test('there is no metric whose formula is not shown by a figure of its own', () => {
    const shown = Object.entries(eventfulByHand).flatMap(([id, value]) => (value > 0 ? [id] : []));
    expect(metrics.map(({ id }) => id).filter((id) => !shown.includes(id))).toEqual([]);
    expect(manyMetrics.map(({ id }) => id)).toEqual(manyByHand);
  });

  test('a run that passes at once', () => {
    expect(valuesOf(atOnce)).toMatchObject({
      'cost.measured': 0.05, // 0.02 + 0.03
      'cost.unpriced': 0,
      'tokens.input': 10_000,
      turns: 12,
      attempts: 3,
      retries: 0,
      time: 4_383,
      'time.agent': 1_574, // 818 + 756
      'time.gates': 763, // 146 + 481 + 136
      'time.git': 2_046, // 787 + 506 + 168 + 302 + 283
      'time.pawl': 0,
      'work.agent': 1_445, // 767 + 678
      'work.gates': 630, // 126 + 389 + 115
      'lines.added': 4, // 3 + 1
      'first.diff': 1_568, // 787 + 781
      calls: 13,
      corrections: 1,
      stuck: 1,
    });
  });

  test('how sure each one is, and what is missing in it', () => {
    const sure = Object.fromEntries(metricsOf(escalated).map(({ id, value: _, ...rest }) => [id, rest]));
    expect(sure).toMatchObject({
      'tokens.input': { certainty: 'reported', missing: 1 },
      turns: { certainty: 'reported', missing: 1 },
      'context.share': { certainty: 'reported', unit: 'share' },
      'first.diff': { certainty: 'inferred' },
      'time.git': { certainty: 'exact' },
    });
    expect(sure['context.share']).not.toHaveProperty('missing');
  });

  test('a step has its own; what nobody knows is absent, never zero', () => {
    const code = escalated.steps.find(({ path }) => path === 'code');
    const values = Object.fromEntries(code ? metricsOfStep(code).map(({ id, value }) => [id, value]) : []);
    expect(values).toMatchObject({
      'cost.measured': 0.28,
      'cost.unpriced': 1,
      attempts: 3,
      time: 4_214, // 6241 - 2027
      'first.diff': 724,
      'lines.added': 2,
    });
    const cut = valuesOf(reportOf(aborted()));
    for (const id of ['cost.measured', 'tokens.input', 'turns', 'calls', 'context.share', 'first.diff'])
      expect(cut).not.toHaveProperty(id);
    expect(cut).toMatchObject({ 'cost.unpriced': 1, 'time.agent': 2_500 });
  });
});

describe('docs/metrics.md', () => {
  test('says what the code does: run vitest -u to write it anew', async () => {
    await expect(metricsDocument()).toMatchFileSnapshot('../../../docs/metrics.md');
  });

  test('each metric has a name of its own', () => {
    const ids = metrics.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('many runs', () => {
  const analytics = analyticsOf([atOnce, escalated]);

  test('by workflow, worked out by hand', () => {
    expect(analytics.workflows).toEqual([
      {
        name: 'till',
        runs: 2,
        runsPassed: 2,
        passRate: 1,
        steps: 4, // two with an agent in each run; the gate alone is none
        stepsPassed: 4,
        passedByAttempt: [0.75, 0.75, 1], // three at the first, one at the third
        escalated: 1,
        escalationRate: 0.25,
        cost: { measuredUsd: 0.35, estimatedUsd: 0, unpriced: 1 },
        costPerPassedStep: { measuredUsd: 0.0875, estimatedUsd: 0, unpriced: 1 }, // 0.35 ÷ 4
      },
    ]);
  });

  test('by agent', () => {
    expect(analytics.agents).toEqual([
      {
        name: 'cheap',
        runs: 2,
        steps: 4,
        stepsPassed: 3,
        passedByAttempt: [0.75, 0], // of four first attempts three passed; of one second none
        escalated: 0,
        escalationRate: 0,
        cost: { measuredUsd: 0.1, estimatedUsd: 0, unpriced: 1 },
        costPerPassedStep: { measuredUsd: 0.033333333, estimatedUsd: 0, unpriced: 1 }, // 0.10 ÷ 3
      },
      {
        name: 'strong',
        runs: 1,
        steps: 1,
        stepsPassed: 1,
        passedByAttempt: [null, null, 1], // its only attempt was the third
        escalated: 1,
        escalationRate: 1,
        cost: { measuredUsd: 0.25, estimatedUsd: 0, unpriced: 0 },
        costPerPassedStep: { measuredUsd: 0.25, estimatedUsd: 0, unpriced: 0 },
      },
    ]);
    expect(analytics.models).toEqual([]);
  });

  test('the trend goes by time, whatever the order they were given in', () => {
    expect(analytics.trend.map(({ run, attempts }) => [run, attempts])).toEqual([
      ['261128-2140-ajx4', 5],
      ['261128-2140-82zz', 3],
    ]);
  });

  test('of runs that go on, were stopped or never began no rate is told', () => {
    const { workflows } = analyticsOf([reportOf(aborted())]);
    expect(workflows[0]).toMatchObject({ runs: 1, runsPassed: 0, steps: 0, passedByAttempt: [] });
    for (const rate of ['passRate', 'escalationRate', 'costPerPassedStep'])
      expect(workflows[0]).not.toHaveProperty(rate);
    expect(analyticsOf([])).toEqual({ runs: 0, workflows: [], agents: [], models: [], trend: [] });
  });
});

describe('two runs', () => {
  const { metrics: compared, steps, runs } = compareReports(escalated, atOnce);
  const byId = new Map(compared.map((metric) => [metric.id, metric]));

  test('metric by metric; no difference where one side is not all there is', () => {
    expect(runs.map(({ run }) => run)).toEqual(['261128-2140-ajx4', '261128-2140-82zz']);
    expect(byId.get('attempts')).toMatchObject({ difference: -2 });
    expect(byId.get('cost.measured')).toMatchObject({ difference: -0.25 });
    expect(byId.get('tokens.input')?.values).toMatchObject([{ value: 19_000, missing: 1 }, { value: 10_000 }]);
    expect(byId.get('tokens.input')).not.toHaveProperty('difference');
  });

  test('step by step', () => {
    expect(steps.map(({ path }) => path)).toEqual(['tests', 'code', 'check']);
    expect(steps[1]?.sides).toMatchObject([
      { status: 'passed', agent: 'strong', attempts: 3 },
      { status: 'passed', agent: 'cheap', attempts: 1 },
    ]);
    expect(compareReports(atOnce, reportOf(aborted())).steps.map(({ sides }) => sides.map(Boolean))).toContainEqual([
      false,
      true,
    ]);
  });
});
