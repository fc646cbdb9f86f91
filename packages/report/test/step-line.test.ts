import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AttemptReport,
  attemptLine,
  type Color,
  displayWidth,
  reportOf,
  type StepReport,
  stepLine,
  verdictLine,
} from '../src/index.ts';
import { codeStep, test as gate, logOf, startOfRun } from './builders.ts';
import { aborted, escalation, failedTask } from './stories.ts';

const [red, green, check] = reportOf(escalation()).steps as [StepReport, StepReport, StepReport];
const tags: Color = (style, text) => `<${style}>${text}</${style}>`;

describe('stepLine', () => {
  test('has agent, turns, tokens, cost, time and gates', () => {
    expect(stepLine(red, { width: 80 })).toBe(
      '✓ red  claude-haiku  4 turns  10.5k tokens  $0.10  31s  ✓ compile - lint',
    );
  });

  test('says which attempt it is, and what is not known', () => {
    expect(stepLine(green, { width: 120 })).toBe(
      '✓ green  claude-opus  attempt 3  9+ turns  23.6k+ tokens  $0.20 + ~$0.02 + 1 unpriced  1m 30s  ✓ compile ✓ test',
    );
  });

  test('leaves out whole figures where there is no room', () => {
    expect(stepLine(red, { width: 60 })).toBe('✓ red  claude-haiku  4 turns  $0.10  31s  ✓ compile - lint');
    expect(stepLine(red, { width: 40 })).toBe('✓ red  claude-haiku  $0.10  31s');
    expect(stepLine(green, { width: 40 })).toBe('✓ green  1m 30s');
  });

  test('a step of gates has no agent and no money', () => {
    expect(stepLine(check, { width: 80 })).toBe('✓ final check  2.0s  ✓ test');
  });

  test('a step that waits has its name', () => {
    const [, waiting] = reportOf(aborted()).steps as [StepReport, StepReport];
    expect(stepLine(waiting, { width: 80 })).toBe('· green');
  });

  test('a split tells how far it is', () => {
    const [split] = reportOf(failedTask()).steps as [StepReport];
    expect(stepLine(split, { width: 80 })).toBe('✗ decompose  1 of 3 tasks  planner  4 unpriced  12s');
  });

  test('aligns with others, indented, with a mark of its own', () => {
    expect(stepLine(check, { width: 80, indent: 2, nameWidth: 14, mark: '*' })).toBe(
      '  * final check     2.0s  ✓ test',
    );
  });

  test('a name that is too long is cut, not its figures', () => {
    const long = { ...check, name: '非常に長い名前'.repeat(10) };
    const line = stepLine(long, { width: 40 });
    expect(line).toMatch(/^✓ 非.*… {2,3}2\.0s {2}✓ test$/);
    expect(displayWidth(line)).toBeLessThanOrEqual(40);
  });

  test('colours the marks and nothing that is measured', () => {
    expect(stepLine(check, { width: 80, color: tags })).toBe(
      '<green>✓</green> final check  2.0s  <green>✓ test</green>',
    );
  });

  test('names and agents cannot reach the terminal', () => {
    const evil = { ...check, name: 'a\x1b]0;x\x07b\nc', agent: '\x1b[2Jqwen' };
    expect(stepLine(evil, { width: 80 })).toBe('✓ ab c  qwen  2.0s  ✓ test');
  });

  test('fits at every width', () => {
    const lengths = fc.record({ width: fc.integer({ min: 1, max: 140 }), indent: fc.nat({ max: 8 }) });
    fc.assert(
      fc.property(lengths, fc.constantFrom(red, green, check), ({ width, indent }, step) => {
        const line = stepLine(step, { width, indent, nameWidth: 20 });
        expect(displayWidth(line)).toBeLessThanOrEqual(Math.max(40, width));
      }),
    );
  });
});

describe('a step that runs', () => {
  const log = logOf([codeStep('red')]);
  log.step('red');
  log.attempt('red', 1, 'qwen');
  log.wait(1_000);
  log.askAgent('red', 1);
  const [step] = reportOf(log.events).steps as [StepReport];
  const now = startOfRun + 65_000;

  test('shows time only where somebody says what time it is', () => {
    expect(stepLine(step, { width: 80 })).toBe('▸ red  qwen');
    expect(stepLine(step, { width: 80, now })).toBe('▸ red  qwen  1m 05s');
  });

  test('shows what its agent told so far, and no money while none was told', () => {
    expect(stepLine(step, { width: 80, now, live: { inputTokens: 5_000, outputTokens: 200, turns: 1 } })).toBe(
      '▸ red  qwen  1 turn  5.2k tokens  1m 05s',
    );
    expect(stepLine(step, { width: 80, live: { costUsd: 0.05 } })).toBe('▸ red  qwen  $0.05');
    expect(stepLine(step, { width: 80, live: {} })).toBe('▸ red  qwen');
  });

  test('a second attempt adds to what the first one spent', () => {
    const second = logOf([codeStep('red')]);
    second.step('red');
    second.attempt('red', 1, 'qwen');
    second.agent('red', 1, 10, { usage: { turns: 2 }, cost: { state: 'unknown' } });
    second.attempt('red', 2, 'claude');
    second.askAgent('red', 2, 'claude');
    const [again] = reportOf(second.events).steps as [StepReport];
    expect(stepLine(again, { width: 80, live: { turns: 3, costUsd: 0.1 } })).toBe(
      '▸ red  claude  attempt 2  5 turns  $0.10 + 1 unpriced',
    );
  });

  test('shows the gate that runs', () => {
    const gated = logOf([codeStep('red')]);
    gated.step('red');
    gated.attempt('red', 1);
    gated.ask('red', 1, { type: 'run-gate', gate, wallMs: 1 });
    const [running] = reportOf(gated.events).steps as [StepReport];
    expect(stepLine(running, { width: 80 })).toBe('▸ red  ▸ test');
  });
});

describe('attemptLine', () => {
  test('says why an attempt failed', () => {
    const lines = green.attempts.map((attempt) => attemptLine(attempt, { width: 80, indent: 4 }));
    expect(lines).toEqual([
      '    ✗ attempt 1, qwen: gate failed: test',
      '    ✗ attempt 2, qwen: more than 3 turns',
      '    ✓ attempt 3, claude-opus after qwen',
    ]);
  });

  test('is cut at the width', () => {
    const [first] = green.attempts;
    const failure = { reason: 'agent' as const, message: 'x\x1b[31m '.repeat(100), text: '', final: false };
    const line = attemptLine({ ...(first as AttemptReport), failure }, { width: 50 });
    expect(line).toMatch(/^✗ attempt 1, qwen: x x x .*…$/);
    expect(displayWidth(line)).toBe(50);
  });
});

describe('verdictLine', () => {
  test.each([
    [escalation(), 80, '✓ passed · tdd · 2m 04s · $0.30 + ~$0.02 estimated + 1 unpriced · 34.1k+ tokens'],
    [escalation(), 40, '✓ passed · tdd · 2m 04s'],
    [failedTask(), 40, '✗ failed · tdd · 12s · 4 unpriced'],
    [aborted(), 80, '■ aborted · tdd · 2.6s · unpriced'],
  ])('case %#', (events, width, line) => {
    expect(verdictLine(reportOf(events), { width })).toBe(line);
  });

  test('counts on while a run lives', () => {
    const report = reportOf(logOf([codeStep('red')]).events);
    expect(verdictLine(report, { width: 80, now: startOfRun + 61_000 })).toBe('▸ running · tdd · 1m 01s');
    expect(verdictLine(report, { width: 80 })).toBe('▸ running · tdd · 0ms');
  });

  test('a long name of a workflow gives way to the money', () => {
    const report = { ...reportOf(failedTask()), workflow: 'a-very-long-name-of-a-workflow' };
    expect(verdictLine(report, { width: 44 })).toBe('✗ failed · a-very-long-n… · 12s · 4 unpriced');
  });
});
