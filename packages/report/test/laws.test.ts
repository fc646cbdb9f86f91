import type { EffectType, Outcome, RunEvent } from '@pawl/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createProjection,
  displayWidth,
  formatMarkdown,
  formatReport,
  formatStep,
  reportOf,
  stepLine,
  stepsOf,
  toJson,
  verdictLine,
} from '../src/index.ts';
import { agentReport, codeStep, compile, gateFailure, planOf, splitStep } from './builders.ts';

/** Events that no core would write: any order, unknown steps, effects that settle twice or as something else. */
const at = fc.nat({ max: 10_000 });
const step = fc.constantFrom(
  'a',
  'split',
  'split/t/x',
  'split/ü',
  '',
  '/',
  'never/heard/of',
  '__proto__',
  'constructor',
);
const attempt = fc.nat({ max: 3 });
const text = fc.oneof(fc.string(), fc.constantFrom('\x1b[2J', '日本語', '|`<b>@', 'x'.repeat(300), '\u202e\n\n'));
const types: EffectType[] = ['open-worktree', 'run-agent', 'checkpoint', 'reset', 'run-gate', 'advance'];
const effect = fc
  .record({ type: fc.constantFrom(...types), step, attempt, agent: text })
  .map((one) => ({ ...one, id: `${one.step}#${one.attempt}/${one.type}`, lane: 'main', gate: compile }));
const outcome: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constant({ kind: 'worktree-opened', path: '/w', branch: 'b' } as const),
  fc.nat().map((ms) => ({ kind: 'agent-ended', report: agentReport(ms, { folder: 'f', model: 'm' }) }) as const),
  fc.record({ durationMs: fc.nat(), pass: fc.boolean(), failure: text }).map((report) => ({
    kind: 'gate-ended' as const,
    report,
  })),
  fc.constant({ kind: 'checkpoint-made' as const, checkpoint: checkpoint() }),
  fc.constantFrom<Outcome>({ kind: 'interrupted' }, { kind: 'cancelled' }, { kind: 'worktree-reset' }),
  fc.record({ kind: fc.constant('failed' as const), error: fc.record({ code: text, message: text }) }),
);
function checkpoint() {
  const file = { path: 'src/日本.ts', change: 'added' as const, insertions: 3, deletions: 1 };
  return { commit: 'c', tree: 't', files: [file], insertions: 3, deletions: 1, diff: '' };
}
const end = fc.constantFrom('passed' as const, 'failed' as const);
const plan = planOf([codeStep('a'), splitStep('split', ['x'])]);
const event = fc.oneof(
  fc.record({ at, type: fc.constant('run-started'), run: text, plan: fc.constant(plan) }),
  fc.record({ at, type: fc.constant('step-started'), step, address: step, lane: text }),
  fc.record({
    at,
    type: fc.constant('step-started'),
    step,
    address: step,
    lane: text,
    frame: step,
    generation: fc.nat(3),
    parent: fc.record({ step, task: text }, { requiredKeys: ['step'] }),
  }),
  fc.record({ at, type: fc.constant('attempt-started'), step, attempt, agent: text, entries: fc.constant([]) }),
  fc.record({ at, type: fc.constant('effect-requested'), effect }),
  fc.record({ at, type: fc.constant('effect-settled'), effect: effect.map(({ id }) => id), outcome }),
  fc.record({ at, type: fc.constant('attempt-ended'), step, attempt }),
  fc.record({ at, type: fc.constant('attempt-ended'), step, attempt, failure: text.map(gateFailure) }),
  fc.record({
    at,
    type: fc.constant('tasks-planned'),
    step,
    tasks: fc.array(fc.record({ name: text, description: text, files: fc.constant([]) }), { maxLength: 20 }),
  }),
  fc.record(
    {
      at,
      type: fc.constant('frame-started'),
      step,
      frame: step,
      purpose: fc.constantFrom('body', 'gate', 'get', 'retry'),
      index: fc.nat(3),
      name: text,
      task: text,
      lane: text,
      generation: fc.nat(3),
    },
    { requiredKeys: ['at', 'type', 'step', 'frame', 'purpose', 'index', 'lane', 'generation'] },
  ),
  fc.record({ at, type: fc.constant('frame-ended'), step, frame: step, end }),
  fc.record({
    at,
    type: fc.constant('gate-decided'),
    step,
    gate: text,
    report: fc.constant({ pass: false, durationMs: 1 }),
  }),
  fc.record({ at, type: fc.constant('turn-queued'), step, provider: text }),
  fc.record({ at, type: fc.constant('step-reopened'), step, generation: fc.nat(3) }),
  fc.record({ at, type: fc.constant('run-resumed'), generation: fc.nat(3) }),
  fc.record({ at, type: fc.constant('step-ended'), step, end }),
  fc.record({ at, type: fc.constant('warned'), step, code: fc.constant('no-tasks'), message: text }),
  fc.record({ at, type: fc.constant('abort-requested'), reason: text }),
  fc.record({ at, type: fc.constant('run-ended'), end, failure: fc.record({ step, message: text }) }),
  fc.record({ at, type: fc.constantFrom('lane-merged', 'output-accepted', 'toString'), step }),
) as fc.Arbitrary<RunEvent>;
const log = fc.array(event, { maxLength: 60 });

describe('for any events whatever', () => {
  test('looking in between changes nothing, and step by step is the same as all at once', () => {
    fc.assert(
      fc.property(log, fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }), (events, looks) => {
        const projection = createProjection();
        events.forEach((one, index) => {
          projection.add(one);
          if (looks[index]) projection.current();
          else if ('step' in one) projection.step(one.step);
        });
        expect(projection.current()).toEqual(reportOf(events));
      }),
      { numRuns: 300 },
    );
  });

  test('every beginning gives a report that stays as it was', () => {
    fc.assert(
      fc.property(log, (events) => {
        const projection = createProjection();
        const seen = events.map((one) => {
          projection.add(one);
          const report = projection.current();
          return { report, copy: structuredClone(report) };
        });
        for (const [index, { report, copy }] of seen.entries()) {
          expect(report).toEqual(copy);
          if (index % 10 === 0) expect(report).toEqual(reportOf(events.slice(0, index + 1)));
        }
      }),
    );
  });

  test('the events are left alone', () => {
    fc.assert(
      fc.property(log, (events) => {
        const copy = structuredClone(events);
        reportOf(events);
        expect(events).toEqual(copy);
      }),
    );
  });

  test('every text can be made, fits its width, and holds nothing that a terminal acts on', () => {
    fc.assert(
      fc.property(log, fc.integer({ min: 40, max: 130 }), (events, width) => {
        const report = reportOf(events);
        const options = { width, now: 20_000 };
        const steps = [...stepsOf(report.steps)].slice(0, 5);
        const texts = [
          formatReport(report, options),
          verdictLine(report, options),
          ...steps.flatMap((one) => [formatStep(one, options), stepLine(one, options)]),
        ];
        for (const line of texts.join('\n').split('\n')) {
          expect(displayWidth(line)).toBeLessThanOrEqual(width);
          expect([...line].every((character) => character >= ' ' && character !== '\x7f')).toBe(true);
        }
        expect(formatMarkdown(report)).toContain('# ');
      }),
      { numRuns: 200 },
    );
  });

  test('each moment of a run is counted once, whatever was under way', () => {
    fc.assert(
      fc.property(log, (events) => {
        const begin = events[0]?.at ?? 0;
        const { updatedAt = begin, totals } = reportOf(events);
        const sum = Object.values(totals.wall).reduce((ms, part) => ms + part, 0);
        expect(sum).toBe(updatedAt - begin);
      }),
    );
  });

  test('the JSON comes back as it went', () => {
    fc.assert(
      fc.property(log, (events) => {
        const json = toJson(reportOf(events));
        expect(JSON.parse(JSON.stringify(json))).toEqual(json);
      }),
    );
  });
});

test('an event of a type that is not known moves the time and nothing else', () => {
  const started: RunEvent = { at: 1_000, type: 'run-started', run: 'r', plan };
  const unknown = { at: 3_000, type: 'lane-merged', step: 'a' } as unknown as RunEvent;
  const report = reportOf([started]);
  expect(reportOf([started, unknown])).toEqual({
    ...report,
    updatedAt: 3_000,
    durationMs: 2_000,
    totals: { ...report.totals, wall: { ...report.totals.wall, pawlMs: 2_000 } },
  });
});

test('a clock that is set back gives no negative time', () => {
  const report = reportOf([
    { at: 5_000, type: 'run-started', run: 'r', plan },
    { at: 4_000, type: 'step-started', step: 'a', address: 'a', lane: 'main', frame: '', generation: 0 },
    { at: 3_000, type: 'step-ended', step: 'a', end: 'passed' },
    { at: 2_000, type: 'run-ended', end: 'passed' },
  ]);
  expect(report.durationMs).toBe(0);
  expect(stepLine(report.steps[0] as never, { width: 80 })).toBe('✓ a  0ms');
});
