import { describe, expect, test } from 'vitest';
import { agentRows, emptyReport, reportOf, timelineOf, toJson } from '../src/index.ts';
import { startOfRun } from './builders.ts';
import { escalation } from './stories.ts';

const report = reportOf(escalation());

describe('agentRows', () => {
  test('sums what each agent did, in the order they came', () => {
    const rows = agentRows(report).map(({ agent, models, passed, totals }) => ({
      agent,
      models,
      passed,
      attempts: totals.attempts,
      retries: totals.retries,
      guards: totals.guards,
      turns: totals.turns,
      cost: totals.cost,
      agentMs: totals.time.agentMs,
    }));
    expect(rows).toEqual([
      {
        agent: 'claude-haiku',
        models: ['claude-haiku-4-5'],
        passed: 1,
        attempts: 1,
        retries: 0,
        guards: 0,
        turns: 4,
        cost: { measuredUsd: 0.1, estimatedUsd: 0, unpriced: 0 },
        agentMs: 30_000,
      },
      {
        agent: 'qwen',
        models: [],
        passed: 0,
        attempts: 2,
        retries: 1,
        guards: 1,
        turns: 3,
        cost: { measuredUsd: 0, estimatedUsd: 0.02, unpriced: 1 },
        agentMs: 25_000,
      },
      {
        agent: 'claude-opus',
        models: [],
        passed: 1,
        attempts: 1,
        retries: 1,
        guards: 0,
        turns: 6,
        cost: { measuredUsd: 0.2, estimatedUsd: 0, unpriced: 0 },
        agentMs: 60_000,
      },
    ]);
  });
});

describe('timelineOf', () => {
  const timeline = timelineOf(report);

  test('has every settled effect of an attempt, by its beginning', () => {
    expect(timeline).toHaveLength(17); // red 5; green 3, 3 and 5; the check 1; the worktree belongs to no attempt
    const starts = timeline.map((entry) => entry.startedAt);
    expect(starts).toEqual([...starts].sort((one, other) => one - other));
    expect(timeline[0]).toEqual({
      type: 'run-agent',
      lane: 'main',
      step: 'red',
      attempt: 1,
      agent: 'claude-haiku',
      startedAt: startOfRun + 200,
      endedAt: startOfRun + 30_200,
      outcome: 'agent-ended',
    });
  });
});

describe('toJson', () => {
  test('has a version and keeps its shape', async () => {
    const json = toJson(report);
    expect(json.version).toBe(1);
    await expect(`${JSON.stringify(json, undefined, 2)}\n`).toMatchFileSnapshot('golden/escalation.json');
  });

  test('of no run at all is complete too', () => {
    expect(JSON.parse(JSON.stringify(toJson(emptyReport)))).toMatchObject({ version: 1, status: 'new', agents: [] });
  });
});
