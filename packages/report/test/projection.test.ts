import { describe, expect, test } from 'vitest';
import { noActivity } from '../src/activity.ts';
import { emptyReport, reportOf, type StepReport } from '../src/index.ts';
import { codeStep, logOf, planOf, startOfRun } from './builders.ts';
import { escalation, failedTask } from './stories.ts';

const named = (steps: readonly StepReport[], name: string): StepReport => {
  const step = steps.find((one) => one.name === name);
  if (!step) throw new Error(`no step ${name}`);
  return step;
};

describe('a run that is retried and escalates', () => {
  const report = reportOf(escalation());
  const [red, green, check] = report.steps as [StepReport, StepReport, StepReport];

  test('tells what it was and how it ended', () => {
    expect(report).toMatchObject({
      run: 'r1',
      workflow: 'tdd',
      status: 'passed',
      spec: 'spec.md',
      repository: '/repo',
      base: { commit: '1111111111111111111111111111111111111111', branch: 'main' },
      branch: 'pawl/r1/main',
      worktree: '/home/pawl/worktrees/repo/r1',
      startedAt: startOfRun,
      endedAt: startOfRun + 124_000,
      updatedAt: startOfRun + 124_000,
      durationMs: 124_000,
      running: [],
    });
    expect(report).not.toHaveProperty('failure');
  });

  test('its totals are the sums worked out by hand', () => {
    expect(report.totals).toEqual({
      cost: { measuredUsd: 0.3, estimatedUsd: 0.02, unpriced: 1 }, // 0.10 + 0.20; 0.02; green#1
      tokens: { input: 32_000, cached: 15_000, output: 2_100, reasoning: 700, unreported: 1 },
      turns: 13, // 4 + 3 + 6
      turnsUnreported: 1,
      agentRuns: 4,
      attempts: 5,
      retries: 2,
      escalations: 1,
      guards: 1,
      time: {
        agentMs: 115_000, // 30 + 20 + 5 + 60 seconds
        gatesMs: 8_010, // 1000 + 10 + 2000 + 900 + 2100 + 2000
        gitMs: 540, // 200 + (50 + 40) + 50 + (50 + 60) + (50 + 40)
        waitingMs: 0,
      },
      wall: { agentMs: 115_000, gatesMs: 8_010, gitMs: 540, waitingMs: 0, stoodMs: 0, pawlMs: 450 },
      activity: { ...noActivity, unreported: 4 }, // none of the four runs was watched
      files: 2, // the test file is changed by both steps
      insertions: 18, // 12 + (5 + 1): only attempts that passed
      deletions: 2,
    });
  });

  test('each step has its own figures', () => {
    expect(red.totals).toMatchObject({ attempts: 1, retries: 0, turns: 4, cost: { measuredUsd: 0.1, unpriced: 0 } });
    expect(green.totals).toMatchObject({
      attempts: 3,
      retries: 2,
      escalations: 1,
      guards: 1,
      agentRuns: 3,
      cost: { measuredUsd: 0.2, estimatedUsd: 0.02, unpriced: 1 },
      time: { agentMs: 85_000, gatesMs: 5_000, gitMs: 250 },
    });
    expect(check).toMatchObject({ kind: 'gate', status: 'passed', totals: { attempts: 1, agentRuns: 0 } });
    expect(check).not.toHaveProperty('agent');
  });

  test('an attempt tells agent, session, usage, gates, files and folder', () => {
    expect(red.attempts).toEqual([
      {
        attempt: 1,
        status: 'passed',
        startedAt: startOfRun + 200,
        endedAt: startOfRun + 31_260,
        agent: 'claude-haiku',
        model: 'claude-haiku-4-5',
        sessionUse: { mode: 'new' },
        session: { provider: 'claude', id: 'session-1' },
        agentEnd: 'completed',
        folder: 'turns/1',
        entries: [],
        cost: { measuredUsd: 0.1, estimatedUsd: 0, unpriced: 0 },
        tokens: { input: 10_000, cached: 6_000, output: 500, reasoning: 0, unreported: 0 },
        turns: 4,
        turnsUnreported: 0,
        agentRuns: 1,
        time: { agentMs: 30_000, gatesMs: 1_010, gitMs: 90, waitingMs: 0 },
        activity: { ...noActivity, unreported: 1 },
        gates: [
          { name: 'compile', kind: 'compile', status: 'passed', durationMs: 1_000 },
          { name: 'lint', kind: 'lint', status: 'skipped', durationMs: 10, message: 'no linter in this project' },
        ],
        checkpoint: {
          commit: 'c0ffee0000000000000000000000000000000000',
          files: [{ path: 'test/add.test.js', change: 'added', insertions: 12, deletions: 0 }],
          insertions: 12,
          deletions: 0,
        },
        spans: [
          {
            type: 'run-agent',
            startedAt: startOfRun + 200,
            endedAt: startOfRun + 30_200,
            outcome: 'agent-ended',
          },
          {
            type: 'checkpoint',
            startedAt: startOfRun + 30_200,
            endedAt: startOfRun + 30_250,
            outcome: 'checkpoint-made',
          },
          ...[
            { gate: 'compile', from: 30_250, to: 31_250 },
            { gate: 'lint', from: 31_250, to: 31_260 },
          ].map(({ gate, from, to }) => ({
            type: 'run-gate',
            startedAt: startOfRun + from,
            endedAt: startOfRun + to,
            outcome: 'gate-ended',
            gate,
          })),
          { type: 'advance', startedAt: startOfRun + 31_260, endedAt: startOfRun + 31_300, outcome: 'branch-advanced' },
        ].map((span) => ({ ...span, lane: 'main' })),
      },
    ]);
    expect(red.commit).toBe('a'.repeat(40));
  });

  test('a retry keeps its reason, its session and the agent it went to', () => {
    const told = green.attempts.map(({ attempt, status, agent, sessionUse, failure, agentEnd }) => [
      attempt,
      status,
      agent,
      sessionUse?.mode,
      failure?.reason,
      agentEnd,
    ]);
    expect(told).toEqual([
      [1, 'failed', 'qwen', 'new', 'gate', 'completed'],
      [2, 'failed', 'qwen', 'kept', 'guard', 'limited'],
      [3, 'passed', 'claude-opus', 'new', undefined, 'completed'],
    ]);
    const gate = green.attempts[0]?.gates[0];
    expect(gate).toEqual({
      name: 'test',
      kind: 'test',
      status: 'failed',
      durationMs: 2_000,
      message: 'FAIL test/add.test.js\nexpected 3, got 4',
      command: 'npm test',
      exitCode: 1,
    });
    expect(green.agent).toBe('claude-opus');
  });

  test('a warning stands at its step and at the run', () => {
    expect(green.warnings.map((warning) => warning.code)).toEqual(['session-agent-changed']);
    expect(report.warnings).toEqual(green.warnings);
    expect(red.warnings).toEqual([]);
  });
});

describe('a split', () => {
  const report = reportOf(failedTask());
  const split = named(report.steps, 'decompose');

  test('has its tasks, and they have their steps', () => {
    expect(split.kind).toBe('split');
    const told = split.tasks.map((task) => [
      task.name,
      task.status,
      task.steps.map((step) => [step.path, step.status]),
    ]);
    expect(told).toEqual([
      [
        'auth',
        'passed',
        [
          ['decompose/auth/impl', 'passed'],
          ['decompose/auth/check', 'passed'],
        ],
      ],
      [
        'größe',
        'failed',
        [
          ['decompose/größe/impl', 'failed'],
          ['decompose/größe/check', 'pending'],
        ],
      ],
      ['mail', 'pending', []],
    ]);
    expect(split.tasks[0]?.steps[0]).toMatchObject({ task: 'auth', address: 'decompose/impl', kind: 'code' });
    expect(split.tasks[0]?.description).toBe('do auth');
  });

  test('sums up what its tasks spent, with its own', () => {
    expect(split.totals).toMatchObject({ attempts: 4, agentRuns: 4, cost: { unpriced: 4 } });
    expect(split.totals.time).toEqual({ agentMs: 11_000, gatesMs: 1_000, gitMs: 80, waitingMs: 0 });
    expect(split.tasks.map((task) => task.totals.time.agentMs)).toEqual([4_000, 3_000, 0]);
    expect(split.attempts).toHaveLength(1);
  });

  test('counts only the files of steps that passed', () => {
    expect(report.totals).toMatchObject({ files: 1, insertions: 7, deletions: 1 });
  });

  test('says where and why the run failed; what never began is pending', () => {
    expect(report.failure).toEqual({ step: 'decompose/größe/impl', message: 'gate failed: test' });
    expect(named(report.steps, 'quality')).toMatchObject({ status: 'pending', attempts: [] });
  });
});

describe('before and around', () => {
  test('a run without an event is new', () => {
    expect(emptyReport).toMatchObject({ status: 'new', durationMs: 0, steps: [], running: [], warnings: [] });
    expect(emptyReport).not.toHaveProperty('startedAt');
  });

  test('every step of the plan is there from the start', () => {
    const { events } = logOf([codeStep('one'), codeStep('two')]);
    expect(reportOf(events)).toMatchObject({
      status: 'running',
      steps: [
        { path: 'one', kind: 'code', status: 'pending' },
        { path: 'two', kind: 'code', status: 'pending' },
      ],
    });
  });

  test('a detached base has no branch', () => {
    const plan = planOf([], { base: { commit: 'abc', repository: '/repo' } });
    const report = reportOf([{ at: 5, type: 'run-started', run: 'r', plan }]);
    expect(report.base).toEqual({ commit: 'abc' });
  });
});
