import type { Effect, RunEvent } from '@pawl/core';
import { expect, test } from 'vitest';
import { reportOf } from '../src/index.ts';
import { agentReport, codeStep, logOf } from './builders.ts';

const wallOf = (events: readonly RunEvent[]) => reportOf(events).totals.wall;
const none = { agentMs: 0, gatesMs: 0, gitMs: 0, waitingMs: 0, stoodMs: 0, pawlMs: 0 };

test('lanes side by side: each moment counts once, for the first of agents, gates, git', () => {
  const log = logOf([codeStep('a'), codeStep('b')]);
  log.step('a');
  log.step('b');
  log.attempt('a', 1, 'qwen');
  log.attempt('b', 1, 'qwen');
  log.wait(10); // pawl
  const first = log.askAgent('a', 1);
  log.wait(1_000); // an agent
  log.ask('b', 1, { type: 'checkpoint', since: '1' });
  log.wait(500); // an agent and git: agent
  log.tell({
    type: 'effect-settled',
    effect: first,
    outcome: { kind: 'agent-ended', report: agentReport(1_500) },
  });
  log.wait(40); // git
  log.tell({
    type: 'effect-settled',
    effect: 'b#1/checkpoint',
    outcome: { kind: 'failed', error: { code: 'x', message: 'x' } },
  });
  log.wait(5); // pawl
  log.end('failed');
  expect(wallOf(log.events)).toEqual({ ...none, agentMs: 1_500, gitMs: 40, pawlMs: 15 });
});

test('a person who is asked, and a turn that has no room yet, are waited for', () => {
  const log = logOf([codeStep('a')]);
  log.step('a');
  log.attempt('a', 1, 'qwen');
  log.tell({ type: 'turn-queued', step: 'a', provider: 'qwen' });
  log.wait(700); // waiting for room
  log.agent('a', 1, 100);
  const answer = { choice: 'continue' } as const;
  log.perform('a', 1, { type: 'ask', question: 'after_gate' }, 60_000, { kind: 'answered', answer });
  log.end('passed');
  const report = reportOf(log.events);
  expect(report.totals.wall).toEqual({ ...none, agentMs: 100, waitingMs: 60_700 });
  expect(report.totals.time.waitingMs).toBe(60_700);
  expect(report.steps[0]?.totals.time.waitingMs).toBe(60_700);
});

test('a run that had ended, or whose process had died, stood still until it went on', () => {
  const log = logOf([codeStep('a')]);
  log.step('a');
  log.attempt('a', 1, 'qwen');
  const turn = log.askAgent('a', 1);
  log.wait(3_600_000); // nobody knows when the process died
  log.tell({ type: 'effect-settled', effect: turn, outcome: { kind: 'interrupted' } });
  log.wait(20);
  log.end('failed', { step: 'a', message: 'x' });
  log.wait(86_400_000); // overnight
  log.tell({ type: 'run-resumed', generation: 1 });
  log.wait(7);
  log.end('passed');
  expect(wallOf(log.events)).toEqual({ ...none, stoodMs: 90_000_000, pawlMs: 27 });
});

test('that its process had died is told whatever it was at', () => {
  const log = logOf([codeStep('a')]);
  log.step('a');
  log.attempt('a', 1, 'qwen');
  const since = log.events.at(-1)?.at ?? 0;
  log.ask('a', 1, { type: 'checkpoint', since: '1' });
  log.wait(3_600_000);
  log.tell({ type: 'run-continued', since });
  log.wait(20);
  log.tell({
    type: 'effect-settled',
    effect: 'a#1/checkpoint',
    outcome: { kind: 'failed', error: { code: 'x', message: 'x' } },
  });
  log.end('failed', { step: 'a', message: 'x' });
  expect(wallOf(log.events)).toEqual({ ...none, stoodMs: 3_600_000, gitMs: 20 });
});

test('an effect of a type of a later version is no known kind of work', () => {
  const log = logOf([codeStep('a')]);
  const effect = { id: 'a#1/dance', step: 'a', attempt: 1, lane: 'main', type: 'dance' } as unknown as Effect;
  log.tell({ type: 'effect-requested', effect });
  log.wait(30);
  log.tell({ type: 'effect-settled', effect: 'a#1/dance', outcome: { kind: 'cancelled' } });
  expect(wallOf(log.events)).toEqual({ ...none, pawlMs: 30 });
});

test('the first diff counts from the start of its step: an edit that was told, else the first checkpoint with changes', () => {
  const log = logOf([codeStep('told'), codeStep('untold'), codeStep('none')]);
  const change = [{ path: 'a', change: 'added', insertions: 1, deletions: 0 }] as const;
  for (const step of ['told', 'untold', 'none']) {
    log.step(step);
    log.wait(100);
    log.attempt(step, 1, 'qwen');
    const activity = {
      answers: {},
      calls: {},
      failedCalls: 0,
      deniedCalls: 0,
      corrections: 0,
      stuck: 0,
      repeats: 0,
      stalls: 0,
      stalledMs: 0,
      modelRetries: 0,
      compactions: 0,
    };
    log.agent(step, 1, 5_000, { activity: step === 'told' ? { ...activity, firstEditMs: 2_000 } : activity });
    log.checkpoint(step, 1, 50, step === 'none' ? [] : change);
    log.stepEnded(step, 'passed');
  }
  expect(reportOf(log.events).steps.map(({ firstDiff }) => firstDiff)).toEqual([
    { ms: 2_100, by: 'edit' },
    { ms: 5_150, by: 'checkpoint' },
    undefined,
  ]);
});
