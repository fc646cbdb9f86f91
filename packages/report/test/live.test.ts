import type { RunEvent } from '@pawl/core';
import { describe, expect, test } from 'vitest';
import { createProjection, reportOf } from '../src/index.ts';
import { agentReport, codeStep, compile, logOf, startOfRun, test as testGate } from './builders.ts';
import { aborted, escalation } from './stories.ts';

describe('while a run lives', () => {
  test('what runs is what was asked for and has not settled', () => {
    const log = logOf([codeStep('red')]);
    log.openWorktree(100);
    log.step('red');
    log.attempt('red', 1, 'qwen');
    log.wait(20);
    const id = log.askAgent('red', 1, 'qwen');
    log.wait(30);
    log.tell({ type: 'warned', step: 'red', code: 'cost-unknown', message: 'qwen tells no cost' });
    const report = reportOf(log.events);
    expect(report.running).toEqual([
      {
        effect: 'red#1/run-agent',
        type: 'run-agent',
        step: 'red',
        attempt: 1,
        lane: 'main',
        since: startOfRun + 120,
        agent: 'qwen',
      },
    ]);
    expect(report).toMatchObject({ status: 'running', durationMs: 150 });
    expect(report.steps[0]).toMatchObject({ status: 'running', attempts: [{ status: 'running' }] });

    log.tell({ type: 'effect-settled', effect: id, outcome: { kind: 'agent-ended', report: agentReport(30) } });
    expect(reportOf(log.events).running).toEqual([]);
  });

  test('a gate shows as running, by name', () => {
    const log = logOf([codeStep('red')]);
    log.step('red');
    log.attempt('red', 1, 'qwen');
    log.gate('red', 1, compile, 10);
    log.ask('red', 1, { type: 'run-gate', gate: testGate, wallMs: 1_000 });
    const report = reportOf(log.events);
    expect(report.running).toMatchObject([{ type: 'run-gate', gate: 'test' }]);
    expect(report.steps[0]?.attempts[0]?.gates.map(({ name, status }) => [name, status])).toEqual([
      ['compile', 'passed'],
      ['test', 'running'],
    ]);
  });

  test('an abort is said at once; at the end nothing runs and what was going on is stopped', () => {
    const events = aborted();
    const asked = events.findIndex((event) => event.type === 'abort-requested');
    expect(reportOf(events.slice(0, asked + 1))).toMatchObject({ status: 'stopping', abortReason: 'Ctrl+C' });
    const report = reportOf(events);
    expect(report).toMatchObject({ status: 'aborted', running: [], abortReason: 'Ctrl+C' });
    expect(report.steps.map(({ status }) => status)).toEqual(['stopped', 'pending']);
    expect(report.steps[0]?.attempts).toMatchObject([{ status: 'stopped', agentEnd: 'cancelled' }]);
    expect(report.steps[0]?.attempts[0]).not.toHaveProperty('endedAt');
  });

  test('a running gate of a run that ends is stopped, and so is its task', () => {
    const log = logOf([]);
    log.step('split');
    log.task('split', 'a');
    log.step('split/a/impl', 'split/impl', { step: 'split', task: 'a' });
    log.attempt('split/a/impl', 1);
    log.ask('split/a/impl', 1, { type: 'run-gate', gate: testGate, wallMs: 1_000 });
    log.end('aborted');
    const [split] = reportOf(log.events).steps;
    expect(split).toMatchObject({ status: 'stopped', tasks: [{ status: 'stopped', steps: [{ status: 'stopped' }] }] });
    expect(split?.tasks[0]?.steps[0]?.attempts[0]?.gates).toMatchObject([{ status: 'stopped' }]);
  });
});

describe('a run that is interrupted at a question', () => {
  const asking = () => {
    const log = logOf([]);
    log.step('split');
    log.task('split', 'a');
    log.step('split/a/impl', 'split/impl', { step: 'split', task: 'a' });
    log.attempt('split/a/impl', 1);
    log.gate('split/a/impl', 1, compile, 10);
    log.ask('split/a/impl', 1, { type: 'ask', question: 'after_gate' });
    return log;
  };
  const interrupt = (log: ReturnType<typeof asking>) => {
    log.tell({ type: 'abort-requested', reason: 'interrupted by SIGINT', interrupted: true });
    log.end('interrupted');
    return log;
  };

  test('is stopped, and what it asked is still told', () => {
    const report = reportOf(interrupt(asking()).events);
    expect(report).toMatchObject({ status: 'interrupted', running: [], waiting: [{ step: 'split/a/impl' }] });
    expect(report.steps).toMatchObject([{ status: 'stopped', tasks: [{ steps: [{ status: 'stopped' }] }] }]);
  });

  test('goes on with it as it was when it is resumed', () => {
    const log = interrupt(asking());
    log.tell({ type: 'run-resumed', generation: 0 });
    const { steps, waiting, status } = reportOf(log.events);
    const before = reportOf(asking().events);
    expect({ steps, waiting, status }).toEqual({
      steps: before.steps,
      waiting: before.waiting,
      status: 'running',
    });
    log.end('aborted');
    expect(reportOf(log.events)).toMatchObject({ waiting: [], steps: [{ status: 'stopped' }] });
  });
});

describe('a run that is interrupted at work', () => {
  const working = () => {
    const log = logOf([codeStep('red'), codeStep('green'), codeStep('blue')]);
    for (const step of ['red', 'green', 'blue']) {
      log.step(step);
      log.attempt(step, 1, 'qwen');
    }
    log.ask('red', 1, { type: 'run-gate', gate: testGate, wallMs: 1_000 });
    log.ask('green', 1, { type: 'ask', question: 'after_gate' });
    log.tell({ type: 'turn-queued', step: 'blue', provider: 'qwen' });
    log.wait(1_000);
    return log;
  };

  test('says why, and that nothing is at work; what it asked is still told', () => {
    const log = working();
    log.tell({ type: 'run-ended', end: 'interrupted', reason: 'interrupted by SIGINT' });
    const report = reportOf(log.events);
    expect(report).toMatchObject({
      ...{ status: 'interrupted', abortReason: 'interrupted by SIGINT', running: [], queued: [] },
      waiting: [{ step: 'green' }],
    });
    expect(report.steps[0]).toMatchObject({ status: 'stopped', attempts: [{ gates: [{ status: 'stopped' }] }] });
    log.wait(5_000);
    log.tell({ type: 'run-ended', end: 'aborted', reason: 'not wanted' });
    const end = reportOf(log.events);
    expect(end).toMatchObject({ status: 'aborted', abortReason: 'not wanted', waiting: [] });
    expect(end.durationMs).toBe(report.durationMs);
  });

  test.each(['interrupted', 'aborted'] as const)('and was %s goes on as it was when it is resumed', (end) => {
    const log = working();
    const before = reportOf(log.events);
    log.tell({ type: 'run-ended', end: 'interrupted', reason: 'interrupted by SIGINT' });
    if (end === 'aborted') log.tell({ type: 'run-ended', end, reason: 'not wanted' });
    log.wait(60_000);
    log.tell({ type: 'run-resumed', generation: 0 });
    const after = reportOf(log.events);
    expect(after).not.toHaveProperty('abortReason');
    const { steps, waiting, queued, status } = after;
    expect({ steps, waiting, queued, status }).toEqual({
      ...{ steps: before.steps, waiting: before.waiting, queued: before.queued, status: 'running' },
    });
    // Since when it is at work: a person was asked all the while.
    expect(after.running.map(({ type, since }) => [type, since - (before.running[0]?.since ?? 0)])).toEqual([
      ['run-gate', 61_000],
      ['ask', 0],
    ]);
    expect(after.totals.wall).toMatchObject({ stoodMs: 60_000 });
  });

  test('a turn that was stopped with it has cost what it cost', () => {
    const log = logOf([codeStep('red')]);
    log.step('red');
    log.attempt('red', 1, 'qwen');
    const effect = log.askAgent('red', 1);
    log.wait(2_000);
    const report = agentReport(2_000, { end: { kind: 'cancelled' }, cost: { state: 'measured', usd: 0.3 } });
    log.tell({ type: 'effect-settled', effect, outcome: { kind: 'interrupted', report } });
    const { totals, steps } = reportOf(log.events);
    expect(totals).toMatchObject({ cost: { measuredUsd: 0.3, unpriced: 0 }, agentRuns: 1, wall: { agentMs: 2_000 } });
    expect(steps[0]?.attempts).toMatchObject([{ agentEnd: 'interrupted', cost: { measuredUsd: 0.3 } }]);
  });
});

describe('what was cut off', () => {
  const interrupted = () => {
    const log = logOf([codeStep('red')]);
    log.step('red');
    log.attempt('red', 1, 'qwen');
    const first = log.askAgent('red', 1);
    log.wait(3 * 24 * 3_600_000);
    log.tell({ type: 'effect-settled', effect: first, outcome: { kind: 'interrupted' } });
    return log;
  };

  test('an interrupted agent spent an unknown amount, and the days in between are no work', () => {
    const { totals, steps } = reportOf(interrupted().events);
    expect(totals).toMatchObject({
      cost: { measuredUsd: 0, estimatedUsd: 0, unpriced: 1 },
      tokens: { unreported: 1 },
      time: { agentMs: 0 },
    });
    expect(steps[0]?.attempts).toMatchObject([{ agentEnd: 'interrupted', cost: { unpriced: 1 } }]);
  });

  test('what it does after that counts in the same attempt', () => {
    const log = interrupted();
    log.agent('red', 1, 2_000, {
      cost: { state: 'measured', usd: 0.5 },
      usage: { inputTokens: 7, outputTokens: 1, turns: 2 },
    });
    const { attempts, totals } = reportOf(log.events).steps[0] ?? { attempts: [], totals: undefined };
    expect(attempts).toHaveLength(1);
    expect(attempts[0]).toMatchObject({
      agentEnd: 'completed',
      agentRuns: 2,
      cost: { measuredUsd: 0.5, unpriced: 1 },
      turns: 2,
      turnsUnreported: 1,
      tokens: { input: 7, output: 1, unreported: 1 },
    });
    expect(totals).toMatchObject({ agentRuns: 2, retries: 0, attempts: 1 });
  });

  test('an agent that could not be started at all spent nothing', () => {
    const log = logOf([codeStep('red')]);
    log.step('red');
    log.attempt('red', 1, 'qwen');
    const id = log.askAgent('red', 1);
    const error = { code: 'not-installed', message: 'qwen is not installed' };
    log.tell({ type: 'effect-settled', effect: id, outcome: { kind: 'failed', error } });
    expect(reportOf(log.events).totals).toMatchObject({ agentRuns: 0, cost: { unpriced: 0 } });
  });

  test('a gate that could not be run says why, and one that runs again takes its place', () => {
    const log = logOf([codeStep('red')]);
    log.step('red');
    log.attempt('red', 1);
    const id = log.ask('red', 1, { type: 'run-gate', gate: testGate, wallMs: 1_000 });
    const error = { code: 'not-found', message: 'npm was not found' };
    log.tell({ type: 'effect-settled', effect: id, outcome: { kind: 'failed', error } });
    const gates = () => reportOf(log.events).steps[0]?.attempts[0]?.gates;
    expect(gates()).toEqual([{ name: 'test', kind: 'test', status: 'failed', message: 'npm was not found' }]);
    log.gate('red', 1, testGate, 70);
    expect(gates()).toEqual([{ name: 'test', kind: 'test', status: 'passed', durationMs: 70 }]);
  });

  test('an attempt that was cancelled stops its step', () => {
    const log = logOf([codeStep('red')]);
    log.step('red');
    log.attempt('red', 1);
    log.attemptEnded('red', 1, { reason: 'cancelled', message: 'cancelled', text: '', final: false });
    log.stepEnded('red', 'failed');
    expect(reportOf(log.events).steps[0]).toMatchObject({ status: 'stopped', attempts: [{ status: 'stopped' }] });
  });
});

describe('the projection', () => {
  test('gives the same object while nothing happens, and a new one after an event', () => {
    const projection = createProjection();
    const [first, ...rest] = escalation() as [RunEvent, ...RunEvent[]];
    projection.add(first);
    const before = projection.current();
    expect(projection.current()).toBe(before);
    const copy = structuredClone(before);
    for (const event of rest) projection.add(event);
    expect(projection.current()).not.toBe(before);
    expect(before).toEqual(copy);
  });

  test('shares the steps that did not change', () => {
    const projection = createProjection();
    const events = escalation();
    for (const event of events) {
      const before = projection.current();
      projection.add(event);
      const after = projection.current();
      const touched = after.steps.filter((step, index) => step !== before.steps[index]);
      if (event.type !== 'run-started') expect(touched.length).toBeLessThanOrEqual(1);
    }
  });

  test('gives one step by its path', () => {
    const projection = createProjection();
    for (const event of escalation()) projection.add(event);
    expect(projection.step('green')).toBe(projection.current().steps[1]);
    expect(projection.step('blue')).toBeUndefined();
  });

  test('a step asked for on its own does not hide a change from the whole', () => {
    const log = logOf([codeStep('red')]);
    const projection = createProjection();
    let fed = 0;
    const feed = (): void => {
      for (const event of log.events.slice(fed)) projection.add(event);
      fed = log.events.length;
    };
    feed();
    projection.current();
    log.step('red');
    feed();
    expect(projection.step('red')?.status).toBe('running');
    log.stepEnded('red', 'passed');
    feed();
    expect(projection.current().steps[0]?.status).toBe('passed');
  });

  test('a step that is begun again counts on', () => {
    const log = logOf([codeStep('red')]);
    for (const agent of ['qwen', 'claude']) {
      log.step('red');
      log.attempt('red', 1, agent);
      log.wait(1_000);
      log.attemptEnded('red', 1);
      log.stepEnded('red', agent === 'qwen' ? 'failed' : 'passed');
    }
    const [red] = reportOf(log.events).steps;
    expect(red?.attempts.map(({ agent, endedAt }) => [agent, endedAt])).toEqual([
      ['qwen', startOfRun + 1_000],
      ['claude', startOfRun + 2_000],
    ]);
    expect(red).toMatchObject({ status: 'passed', startedAt: startOfRun + 1_000, endedAt: startOfRun + 2_000 });
  });
});
