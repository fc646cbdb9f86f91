import { styleText } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  type Color,
  displayWidth,
  formatMarkdown,
  formatReport,
  formatStep,
  reportOf,
  type StepReport,
} from '../src/index.ts';
import { codeStep, test as gate, gateFailure, logOf } from './builders.ts';
import { aborted, escalation, failedTask } from './stories.ts';

const stories = { escalation: escalation(), failedTask: failedTask(), aborted: aborted() };
const colors: Color = (style, text) => styleText(style, text, { validateStream: false });

describe('golden', () => {
  for (const [name, events] of Object.entries(stories)) {
    for (const width of [40, 80, 120]) {
      test(`report of ${name} at ${width}`, async () => {
        const text = formatReport(reportOf(events), { width });
        await expect(`${text}\n`).toMatchFileSnapshot(`golden/${name}-${width}.txt`);
      });
    }
    test(`Markdown of ${name}`, async () => {
      await expect(formatMarkdown(reportOf(events))).toMatchFileSnapshot(`golden/${name}.md`);
    });
  }

  for (const width of [40, 80, 120]) {
    test(`detail of a step at ${width}`, async () => {
      const step = reportOf(stories.escalation).steps[1] as StepReport;
      await expect(`${formatStep(step, { width })}\n`).toMatchFileSnapshot(`golden/step-${width}.txt`);
    });
  }
});

describe('formatReport', () => {
  test('colour changes no column', () => {
    for (const events of Object.values(stories)) {
      const plain = formatReport(reportOf(events), { width: 80 }).split('\n');
      const painted = formatReport(reportOf(events), { width: 80, color: colors }).split('\n');
      expect(painted.map(displayWidth)).toEqual(plain.map(displayWidth));
      expect(painted.join('\n')).toContain('\x1b[3');
    }
  });

  test('the verdict comes first, then the step that failed and why', () => {
    const [verdict, blank, failed, reason] = formatReport(reportOf(failedTask()), { width: 80 }).split('\n');
    expect([verdict, blank]).toEqual(['✗ failed · tdd · 12s · 4 unpriced', '']);
    expect([failed, reason]).toEqual([
      'decompose/größe/impl: gate failed: test',
      '  AssertionError: expected 3, got 4',
    ]);
  });

  test('a long output keeps its end', () => {
    const output = Array.from({ length: 500 }, (_, index) => `line ${index + 1}`).join('\n');
    const lines = formatReport(reportOf(failedTask(output)), { width: 80 }).split('\n');
    expect(lines.slice(3, 5)).toEqual(['  (488 lines above)', '  line 489']);
    expect(lines[15]).toBe('  line 500');
    expect(lines[16]).toBe('');
  });

  test('output of a gate cannot write to the terminal', () => {
    const text = formatReport(reportOf(failedTask('\x1b]52;c;ZXZpbA==\x07\x1b[2Joops\r\x1b[1A')), { width: 80 });
    expect(text).toContain('\n  oops\n');
    expect(text).not.toContain('\x1b');
  });

  test('of two gates that failed each has its say', () => {
    const log = logOf([codeStep('red')]);
    log.step('red');
    log.attempt('red', 1);
    log.gate('red', 1, gate, 1, { pass: false, failure: 'test said no' });
    log.gate('red', 1, { name: 'docs', kind: 'bash', command: 'false' }, 1, { pass: false, failure: 'docs said no' });
    log.attemptEnded('red', 1, gateFailure('test, docs'));
    log.end('failed', { step: 'red', message: 'gates failed: test, docs' });
    expect(formatReport(reportOf(log.events), { width: 80 })).toContain(
      'red: gates failed: test, docs\n  test:\n  test said no\n  docs:\n  docs said no\n',
    );
  });

  test('the comments of a verdict are shown', () => {
    const log = logOf([codeStep('review')]);
    log.step('review');
    log.attempt('review', 1);
    log.attemptEnded('review', 1, { reason: 'verdict', message: 'the verdict is no', text: 'too slow', final: false });
    log.end('failed', { step: 'review', message: 'the verdict is no' });
    expect(formatReport(reportOf(log.events), { width: 80 })).toContain('review: the verdict is no\n  too slow\n');
  });

  test('a limit of the run stands without a step', () => {
    const log = logOf([codeStep('red')]);
    log.end('failed', { step: '', message: 'max_budget of the run is used up: $1.20 of $1' });
    expect(formatReport(reportOf(log.events), { width: 80 }).split('\n')[2]).toBe(
      'max_budget of the run is used up: $1.20 of $1',
    );
  });

  test('a width that is none counts as 40', () => {
    const narrow = formatReport(reportOf(escalation()), { width: 40 });
    for (const width of [0, -3, 12, Number.NaN]) expect(formatReport(reportOf(escalation()), { width })).toBe(narrow);
  });

  test('many warnings are counted', () => {
    const log = logOf([codeStep('red')]);
    for (let number = 1; number <= 12; number += 1)
      log.tell({ type: 'warned', step: 'red', code: 'no-tasks', message: `number ${number}` });
    const lines = formatReport(reportOf(log.events), { width: 80 }).split('\n');
    expect(lines.slice(-2)).toEqual(['! red: number 10', '! 2 more warnings']);
  });
});
