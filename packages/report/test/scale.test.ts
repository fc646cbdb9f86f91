import { describe, expect, test } from 'vitest';
import { createProjection, formatReport, reportOf, type StepReport, stepDetail, stepLine } from '../src/index.ts';
import { compile, logOf, splitStep } from './builders.ts';

const many = 10_000;

/** A split into ten thousand tasks; the last one fails. */
function manyTasks() {
  const log = logOf([splitStep('split', ['impl'])]);
  log.step('split');
  log.attempt('split', 1, 'planner');
  log.agent('split', 1, 1_000);
  log.attemptEnded('split', 1);
  const tasks = Array.from({ length: many }, (_, index) => ({ name: `t${index}`, description: '', files: [] }));
  log.tell({ type: 'tasks-planned', step: 'split', tasks });
  for (const { name: task } of tasks) {
    const path = `split/${task}/impl`;
    const end = task === `t${many - 1}` ? 'failed' : 'passed';
    log.task('split', task);
    log.step(path, 'split/impl', { step: 'split', task });
    log.attempt(path, 1, 'worker');
    log.agent(path, 1, 10, { usage: { inputTokens: 1, outputTokens: 1 }, cost: { state: 'measured', usd: 0.01 } });
    log.checkpoint(path, 1, 1, [{ path: `${task}.js`, change: 'added', insertions: 1, deletions: 0 }]);
    log.gate(path, 1, compile, 1);
    log.attemptEnded(path, 1);
    log.stepEnded(path, end);
    log.taskEnded('split', task, end);
  }
  return log.events;
}

describe('ten thousand tasks', () => {
  const events = manyTasks();

  test('are told as they come, looked at again and again', () => {
    const projection = createProjection();
    events.forEach((event, index) => {
      projection.add(event);
      if (index % 1_000 === 0) projection.current();
      if ('step' in event) projection.step(event.step);
    });
    const { totals } = projection.current();
    expect(totals).toMatchObject({
      agentRuns: many + 1,
      attempts: many + 1,
      files: many - 1,
      turnsUnreported: many + 1,
    });
    expect(totals.cost).toEqual({ measuredUsd: 100, estimatedUsd: 0, unpriced: 1 });
  });

  test('one event changes its own path and shares all others', () => {
    const projection = createProjection();
    for (const event of events) projection.add(event);
    const before = projection.current().steps[0] as StepReport;
    projection.add({ at: 1, type: 'warned', step: 'split/t5000/impl', code: 'no-tasks', message: 'late' });
    const after = projection.current().steps[0] as StepReport;
    const changed = after.tasks.filter((task, index) => task !== before.tasks[index]).map((task) => task.name);
    expect(changed).toEqual(['t5000']);
    expect(before.tasks[5_000]?.steps[0]?.warnings).toEqual([]);
  });

  test('take a page, with the one that failed', () => {
    const text = formatReport(reportOf(events), { width: 80 }).split('\n');
    expect(text.length).toBeLessThan(30);
    expect(text.find((line) => line.includes('t9999'))).toMatch(/^✗ {3}t9999 /);
    expect(text.find((line) => line.includes('more tasks'))).toBe('✓   9999 more tasks passed');
  });

  test('a line for the split counts them; a step of them is found by its end', () => {
    const report = reportOf(events);
    expect(stepLine(report.steps[0] as StepReport, { width: 80 })).toContain('9999 of 10000 tasks');
    expect(stepDetail(report, 't77/impl')).toMatchObject({ found: 'step', step: { path: 'split/t77/impl' } });
    expect(stepDetail(report, 'impl')).toMatchObject({ found: 'several' });
  });
});
