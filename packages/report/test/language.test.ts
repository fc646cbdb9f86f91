import { describe, expect, test } from 'vitest';
import {
  attemptLine,
  formatMarkdown,
  formatReport,
  formatStep,
  reportOf,
  type StepReport,
  stepDetail,
  timelineOf,
  toJson,
} from '../src/index.ts';
import {
  callStep,
  codeStep,
  gateFailure,
  groupStep,
  logOf,
  splitStep,
  test as testGate,
  validateStep,
} from './builders.ts';

const text = (events: Parameters<typeof reportOf>[0]) => formatReport(reportOf(events), { width: 100 });
const inside = { step: 'both' };

/** Two lanes, the second of which conflicts. */
function lanes() {
  const log = logOf([groupStep('both', [codeStep('a'), codeStep('b')], { parallel: {} }), codeStep('after')]);
  log.openWorktree();
  log.step('both');
  log.attempt('both', 1);
  for (const [index, name] of ['a', 'b'].entries()) {
    const frame = `both|${index}`;
    log.tell({
      type: 'frame-started',
      frame,
      step: 'both',
      purpose: 'body',
      index,
      lane: `both/${name}`,
      generation: 0,
    });
    log.step(`both/${name}`, `both/${name}`, inside);
    log.attempt(`both/${name}`, 1, 'qwen');
    log.agent(`both/${name}`, 1, 2_000, { cost: { state: 'measured', usd: 0.1 } });
    log.attemptEnded(`both/${name}`, 1);
    log.stepEnded(`both/${name}`, 'passed');
    log.tell({ type: 'frame-ended', step: 'both', frame, end: 'passed' });
  }
  const merge = { type: 'merge', base: 'c0', head: 'c1', onto: 'c0' } as const;
  log.perform('both', 1, { ...merge, from: 'both/a' }, 700, { kind: 'merged', commit: 'c2' });
  return { log, merge };
}

describe('a group', () => {
  test('has its steps below it, waiting ones too, and what they spend is its own', () => {
    const report = reportOf(lanes().log.events);
    const [both, after] = report.steps as [StepReport, StepReport];
    expect(both.steps.map(({ path, status }) => [path, status])).toEqual([
      ['both/a', 'passed'],
      ['both/b', 'passed'],
    ]);
    expect(both.totals).toMatchObject({ agentRuns: 2, cost: { measuredUsd: 0.2 }, attempts: 3 });
    expect(after.status).toBe('pending');
    const nested = groupStep('h', [codeStep('x')]);
    expect(reportOf(logOf([groupStep('g', [nested])]).events)).toMatchObject({
      steps: [{ path: 'g', steps: [{ path: 'g/h', steps: [{ path: 'g/h/x', status: 'pending' }] }] }],
    });
  });

  test('its merges are time of git, and stand in the timeline', () => {
    const { log, merge } = lanes();
    log.ask('both', 1, { ...merge, from: 'both/b' });
    const report = reportOf(log.events);
    expect(report.totals.time.gitMs).toBe(800);
    expect(timelineOf(report).filter(({ type }) => type === 'merge')).toMatchObject([
      { step: 'both', outcome: 'merged' },
    ]);
    expect(report.running).toMatchObject([{ type: 'merge', from: 'both/b', step: 'both' }]);
  });

  test('a step of it is found by the end of its path', () => {
    expect(stepDetail(reportOf(lanes().log.events), 'b')).toMatchObject({ found: 'step', step: { path: 'both/b' } });
  });

  test('is shown with what is inside it, indented', () => {
    expect(text(lanes().log.events)).toMatch(/▸ both.*\n✓ +a .*\n✓ +b .*\n· after/);
    expect(formatMarkdown(reportOf(lanes().log.events))).toContain('&nbsp;&nbsp;a');
    expect(formatStep(reportOf(lanes().log.events).steps[0] as StepReport, { width: 80 })).toContain('2 steps inside');
  });
});

describe('a validator', () => {
  function judged(pass: boolean) {
    const look = callStep('review', [validateStep('look')], 'impl/gate/review');
    const log = logOf([codeStep('impl', { gates: [testGate, { name: 'review', kind: 'validate', call: look }] })]);
    log.step('impl');
    log.attempt('impl', 1, 'qwen');
    log.agent('impl', 1, 1_000, { cost: { state: 'measured', usd: 0.5 } });
    log.gate('impl', 1, testGate, 100);
    const frame = 'impl|gate:review';
    log.tell({
      type: 'frame-started',
      frame,
      step: 'impl',
      purpose: 'gate',
      index: 0,
      name: 'review',
      lane: 'main',
      generation: 0,
    });
    log.tell({
      type: 'step-started',
      step: 'impl/gate/review/look',
      address: 'impl/gate/review/look',
      lane: 'main',
      frame,
      generation: 0,
      parent: { step: 'impl' },
    });
    log.attempt('impl/gate/review/look', 1, 'opus');
    const running = reportOf(log.events);
    log.agent('impl/gate/review/look', 1, 4_000, { cost: { state: 'measured', usd: 0.25 } });
    log.attemptEnded('impl/gate/review/look', 1);
    log.stepEnded('impl/gate/review/look', 'passed');
    const report = pass
      ? { pass, comments: 'Nice.', durationMs: 4_000 }
      : { pass, failure: 'NO', comments: 'NO', durationMs: 4_000 };
    log.tell({ type: 'frame-ended', frame, step: 'impl', end: 'passed' });
    log.tell({ type: 'gate-decided', step: 'impl', gate: 'review', report });
    return { log, running };
  }

  test('is a gate of its step, and its steps stand below it', () => {
    const { log, running } = judged(true);
    expect(running.steps[0]?.attempts[0]?.gates.at(-1)).toMatchObject({
      name: 'review',
      kind: 'validate',
      status: 'running',
    });
    const [impl] = reportOf(log.events).steps as [StepReport];
    expect(impl.attempts[0]?.gates.at(-1)).toEqual({
      name: 'review',
      kind: 'validate',
      status: 'passed',
      durationMs: 4_000,
      message: 'Nice.',
    });
    expect(impl.steps).toMatchObject([
      { path: 'impl/gate/review/look', kind: 'validate', serves: { purpose: 'gate', name: 'review' } },
    ]);
    expect(text(log.events)).toContain('review: look');
  });

  test('costs its step and its agent, and its time is counted once', () => {
    const report = reportOf(judged(true).log.events);
    expect(report.steps[0]?.totals.cost.measuredUsd).toBe(0.75);
    expect(report.totals.time).toMatchObject({ agentMs: 5_000, gatesMs: 100 });
    expect(toJson(report).agents.map(({ agent, totals }) => [agent, totals.cost.measuredUsd])).toEqual([
      ['qwen', 0.5],
      ['opus', 0.25],
    ]);
  });

  test('that said no is a failed gate with what it said', () => {
    const gates = reportOf(judged(false).log.events).steps[0]?.attempts[0]?.gates;
    expect(gates?.at(-1)).toMatchObject({ status: 'failed', message: 'NO' });
  });
});

describe('what the run waits for', () => {
  test('a person: who, where and what can be answered', () => {
    const log = logOf([codeStep('impl', { pause: 'before_gate' })]);
    log.step('impl');
    log.attempt('impl', 1, 'qwen');
    log.ask('impl', 1, { type: 'ask', question: 'before_gate', tree: 't' });
    const report = reportOf(log.events);
    expect(report.waiting).toEqual([
      {
        effect: 'impl#1/ask',
        step: 'impl',
        attempt: 1,
        question: 'before_gate',
        since: expect.any(Number),
        answers: ['continue', 'retry', 'abort'],
      },
    ]);
    const told = 'impl waits for a person before its gates run: continue, retry with a comment, or abort';
    expect(text(log.events)).toContain(`? ${told}`);
    expect(formatMarkdown(report)).toContain(`**${told}**`);
    log.tell({
      type: 'effect-settled',
      effect: 'impl#1/ask',
      outcome: { kind: 'answered', answer: { choice: 'continue' } },
    });
    expect(reportOf(log.events).waiting).toEqual([]);
    expect(reportOf(log.events).totals.time).toMatchObject({ gitMs: 0, gatesMs: 0 });
  });

  test('room at a provider, until the turn begins, its attempt ends or the run stops', () => {
    const log = logOf([codeStep('a'), codeStep('b')]);
    for (const step of ['a', 'b']) {
      log.step(step);
      log.attempt(step, 1, 'qwen');
      log.tell({ type: 'turn-queued', step, provider: 'claude' });
    }
    expect(reportOf(log.events).queued).toMatchObject([{ step: 'a', provider: 'claude' }, { step: 'b' }]);
    expect(text(log.events)).toContain('queued    a at claude, b at claude');
    log.askAgent('a', 1);
    expect(reportOf(log.events).queued.map(({ step }) => step)).toEqual(['b']);
    log.tell({ type: 'abort-requested', reason: 'enough' });
    expect(reportOf(log.events).queued).toEqual([]);
  });
});

describe('a retry', () => {
  const log = logOf([codeStep('impl')]);
  log.step('impl');
  for (const attempt of [1, 2]) {
    log.attempt('impl', attempt, 'haiku');
    log.attemptEnded('impl', attempt, gateFailure('test'));
  }
  log.tell({ type: 'warned', step: 'impl', code: 'no-progress', message: 'it goes on with attempt 4' });
  log.attempt('impl', 4, 'opus');
  log.attemptEnded('impl', 4);
  const [impl] = reportOf(log.events).steps as [StepReport];

  test('that got nowhere says so, and an escalation names both agents', () => {
    expect(impl.attempts.map((attempt) => attemptLine(attempt, { width: 80 }))).toEqual([
      '✗ attempt 1, haiku: gate failed: test',
      '✗ attempt 2, haiku: gate failed: test (no progress)',
      '✓ attempt 4, opus after haiku',
    ]);
    expect(formatStep(impl, { width: 80 })).toContain('progress   it goes on with attempt 4');
    expect(formatMarkdown(reportOf(log.events))).toContain('attempt 2, haiku: gate failed: test (no progress)');
    expect(impl.totals).toMatchObject({ attempts: 3, retries: 2, escalations: 1 });
  });
});

describe('a step', () => {
  test('that was skipped is neither waiting nor passed', () => {
    const log = logOf([codeStep('a'), codeStep('b')]);
    log.step('a');
    log.tell({ type: 'step-ended', step: 'a', end: 'skipped' });
    const [a] = reportOf(log.events).steps as [StepReport];
    expect(a).toMatchObject({ status: 'skipped', attempts: [] });
    expect(text(log.events)).toMatch(/^- a/m);
  });

  test('whose tasks go on after a resume runs again, without another plan', () => {
    const log = logOf([splitStep('build', ['impl']), groupStep('g', [codeStep('x')])]);
    for (const step of ['build', 'g']) {
      log.step(step);
      log.attempt(step, 1);
      log.attemptEnded(step, 1, gateFailure('test'));
      log.stepEnded(step, 'failed');
    }
    log.tell({ type: 'tasks-planned', step: 'build', tasks: [{ name: 'one', description: '', files: [] }] });
    log.task('build', 'one');
    log.taskEnded('build', 'one', 'failed');
    log.end('failed', { step: 'build', message: 'no' });
    log.tell({ type: 'run-resumed', generation: 1 });
    expect(reportOf(log.events)).toMatchObject({ status: 'running' });
    expect(reportOf(log.events).failure).toBeUndefined();
    expect(reportOf(log.events).endedAt).toBeUndefined();
    log.tell({ type: 'step-reopened', step: 'build', generation: 2 });
    log.tell({ type: 'step-reopened', step: 'g', generation: 3 });
    log.task('build', 'one');
    const [build, group] = reportOf(log.events).steps as [StepReport, StepReport];
    expect(build).toMatchObject({ status: 'running', attempts: [{ attempt: 1 }], tasks: [{ status: 'running' }] });
    expect(build.tasks[0]?.endedAt).toBeUndefined();
    // A group is judged again.
    expect(group.attempts.map(({ status }) => status)).toEqual(['failed', 'running']);
  });
});
