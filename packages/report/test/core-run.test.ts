import {
  decide,
  type Effect,
  evolve,
  type Fork,
  initial,
  type Outcome,
  outstanding,
  type RunEvent,
  type RunState,
  replayOf,
} from '@pawl/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createProjection, displayWidth, formatReport, reportOf, type StepReport, stepsOf } from '../src/index.ts';
import {
  agentReport,
  callStep,
  codeStep,
  compile,
  test as gate,
  gateStep,
  groupStep,
  planOf,
  splitStep,
  validateStep,
} from './builders.ts';

/** What a performer answers, chosen by a number. */
function outcomeOf(effect: Effect, choice: number, at: number): Outcome {
  if (choice === 1) return { kind: 'failed', error: { code: 'broken', message: 'the disk is full' } };
  if (choice === 2) return { kind: 'interrupted' };
  switch (effect.type) {
    case 'open-worktree':
      return { kind: 'worktree-opened', path: '/w', branch: 'pawl/r/main' };
    case 'checkpoint': {
      // Reviewers change nothing.
      const files =
        choice % 2 && !effect.step.includes('/gate/')
          ? [{ path: `f${at}`, change: 'added' as const, insertions: 2, deletions: 1 }]
          : [];
      const checkpoint = { commit: `c${at}`, tree: 't', files, insertions: 2 * files.length, deletions: files.length };
      return { kind: 'checkpoint-made', checkpoint: { ...checkpoint, diff: '' } };
    }
    case 'reset':
      return { kind: 'worktree-reset' };
    case 'merge':
      return choice === 3 ? { kind: 'conflicted', files: ['a'] } : { kind: 'merged', commit: `m${at}` };
    case 'stage-conflict':
      return { kind: 'conflict-staged', commit: `k${at}`, files: ['a'] };
    case 'close-worktree':
      return { kind: 'worktree-closed' };
    case 'ask':
      return { kind: 'answered', answer: { choice: choice === 3 ? 'retry' : 'continue' } };
    case 'await-provider':
      return { kind: 'provider-awaited' };
    case 'advance':
      return { kind: 'branch-advanced', commit: `b${at}` };
    case 'run-gate':
      return { kind: 'gate-ended', report: { pass: choice !== 3, failure: 'no', durationMs: choice } };
    case 'run-agent': {
      const tasks = ['one', 'two'].map((name) => ({ name, description: name, files: [] }));
      const json = { tasks, verdict: { pass: choice !== 4, comments: 'so' }, changes: undefined, artifact: undefined };
      const found = json[effect.expect];
      const outputs = found === undefined ? [] : [{ source: 'message' as const, json: found }];
      const cost =
        choice % 3 === 0
          ? ({ state: 'unknown' } as const)
          : ({ state: choice % 3 === 1 ? 'measured' : 'estimated', usd: choice / 100 } as const);
      const end =
        choice === 3
          ? ({ kind: 'limited', limit: 'max_turns', by: 'step', message: 'more than 5 turns' } as const)
          : ({ kind: 'completed', text: '', outputs } as const);
      return {
        kind: 'agent-ended',
        report: agentReport(choice * 10, { end, cost, usage: { inputTokens: choice, outputTokens: 1, turns: 1 } }),
      };
    }
  }
}

const qwen = { name: 'qwen', provider: 'script', options: {} };
const agents = { qwen };
const plan = planOf(
  [
    codeStep('red', { gates: [compile, gate], retry: { attempts: 3, entries: [] } }),
    splitStep('parts', ['impl', 'check']),
    gateStep('final'),
  ],
  { agents },
);
const look = validateStep('look');
/** Everything that a plan can hold. */
const rich = planOf(
  [
    codeStep('draft', {
      gates: [gate, { name: 'review', kind: 'validate', call: callStep('review', [look], 'draft/gate/review') }],
      get: callStep('research', [codeStep('read')], 'draft/get/research'),
      retry: { attempts: 2, entries: [{ attempt: 2, validate: callStep('hard', [look], 'draft/retry/0') }] },
      pause: 'before_gate',
    }),
    groupStep('both', [codeStep('a', { gates: [gate] }), codeStep('b')], { parallel: { max: 2 } }),
    { ...splitStep('parts', ['impl', 'check']), parallel: {} },
    groupStep('fix', [codeStep('mend')], { gates: [gate], loop: { until: { is: 'gate', gate: 'test' }, max: 3 } }),
    callStep('deploy', [codeStep('push', { when: { is: 'true', value: false } }), codeStep('tell')], 'deploy'),
  ],
  { agents, settings: { ...plan.settings, providerLimits: { script: 1 } } },
);

/** Drives the real core; `choices` decide what happens, and when it is aborted. */
function drive(choices: readonly number[], planned = plan, from?: Fork): { events: RunEvent[]; states: RunState[] } {
  const events: RunEvent[] = [];
  const states: RunState[] = [];
  let state = initial;
  const tell = (input: Parameters<typeof decide>[1]): void => {
    const decision = decide(state, input);
    if (!decision.ok) throw new Error(decision.message);
    for (const event of decision.events) {
      state = evolve(state, event);
      events.push(event);
      states.push(state);
    }
  };
  let at = 1_000;
  tell({ type: 'start', at, run: 'r', plan: planned, ...(from && { from }) });
  for (const choice of choices) {
    const open = outstanding(state);
    const effect = open[choice % Math.max(1, open.length)];
    at += 100;
    if (!effect && (state.status === 'failed' || state.status === 'aborted')) tell({ type: 'resume', at });
    if (!effect) continue;
    if (choice === 0 && state.status === 'running') tell({ type: 'abort', at, reason: 'enough' });
    else tell({ type: 'settle', at, effect: effect.id, outcome: outcomeOf(effect, choice, at) });
  }
  return { events, states };
}

const choice = fc.oneof({ weight: 30, arbitrary: fc.integer({ min: 4, max: 20 }) }, fc.integer({ min: 0, max: 3 }));
const runs = fc.oneof(
  fc.array(choice, { maxLength: 60 }).map((choices) => drive(choices)),
  fc.array(choice, { maxLength: 150 }).map((choices) => drive(choices, rich)),
);

describe('runs of the core', () => {
  test('one where all goes well passes, with both tasks', () => {
    const { events } = drive(Array.from({ length: 60 }, () => 5));
    const report = reportOf(events);
    expect(report.status).toBe('passed');
    expect([...stepsOf(report.steps)].map(({ path, status }) => `${path} ${status}`)).toEqual([
      'red passed',
      'parts passed',
      'parts/one/impl passed',
      'parts/one/check passed',
      'parts/two/impl passed',
      'parts/two/check passed',
      'final passed',
    ]);
    expect(report.totals).toMatchObject({ agentRuns: 6, attempts: 7, retries: 0, files: 6, insertions: 12 });
    expect(report.totals.cost).toEqual({ measuredUsd: 0, estimatedUsd: 0.3, unpriced: 0 });
  });

  test('one with everything in it: steps stand below what they are inside or serve', () => {
    const { events } = drive(
      Array.from({ length: 300 }, () => 5),
      rich,
    );
    const report = reportOf(events);
    expect(report.status).toBe('passed');
    expect([...stepsOf(report.steps)].map(({ path, status }) => `${path} ${status}`)).toEqual([
      'draft passed',
      'draft/get/research/read passed',
      'draft/gate/review/look passed',
      'both passed',
      'both/a passed',
      'both/b passed',
      'parts passed',
      'parts/one/impl passed',
      'parts/one/check passed',
      'parts/two/impl passed',
      'parts/two/check passed',
      'fix passed',
      'fix/mend passed',
      'deploy passed',
      'deploy/push skipped',
      'deploy/tell passed',
    ]);
    const [draft] = report.steps;
    expect(draft?.steps.map(({ serves }) => serves)).toEqual([
      { purpose: 'get', name: 'research' },
      { purpose: 'gate', name: 'review' },
    ]);
    expect(draft?.attempts[0]?.gates).toMatchObject([
      { name: 'test', status: 'passed' },
      { name: 'review', kind: 'validate', status: 'passed', message: 'so' },
    ]);
    // What a reviewer costs is part of what its step costs.
    expect(draft?.totals.agentRuns).toBe(3);
    expect(report.totals.time.gitMs).toBeGreaterThan(0);
  });

  test('a replay says of what it is one, and shows what it took over', () => {
    const old = drive(
      Array.from({ length: 300 }, () => 5),
      rich,
    );
    const replay = replayOf(old.events, 'parts/two/check');
    if (!replay.ok) throw new Error(replay.message);
    const { events } = drive(
      Array.from({ length: 300 }, () => 5),
      rich,
      replay.from,
    );
    const report = reportOf(events);
    expect(report).toMatchObject({ status: 'passed', from: { run: 'r', step: 'parts/two/check' } });
    expect(report.steps[0]).toMatchObject({ path: 'draft', status: 'passed', attempts: [], totals: { agentRuns: 0 } });
    expect(formatReport(report, { width: 100 })).toContain('of r from parts/two/check');
  });

  test.each([{ parallel: {} }, {}])('a replay into one task shows the others as passed (%o)', (how) => {
    const parts = planOf([{ ...splitStep('parts', ['impl', 'check']), ...how }, codeStep('last')], { agents });
    const well = Array.from({ length: 300 }, () => 5);
    const old = drive(well, parts);
    const shown = (step: string) => {
      const replay = replayOf(old.events, step);
      if (!replay.ok) throw new Error(replay.message);
      const report = reportOf(drive(well, parts, replay.from).events);
      const told = (steps: readonly StepReport[]) => steps.map(({ name, status }) => `${name} ${status}`).join(', ');
      return report.steps[0]?.tasks.map(({ name, status, steps }) => `${name} ${status}: ${told(steps)}`);
    };
    const whole = 'impl passed, check passed';
    expect(shown('parts/two/check')).toEqual(['one passed: ', `two passed: ${whole}`]);
    expect(shown('parts/two/impl')).toEqual(['one passed: ', `two passed: ${whole}`]);
    expect(shown('parts/one/check')).toEqual([`one passed: ${whole}`, `two passed: ${'parallel' in how ? '' : whole}`]);
    expect(shown('last')).toEqual(['one passed: ', 'two passed: ']);
  });

  test('what a replay took over stands in the order of the plan, however it is told', () => {
    const old = drive(
      Array.from({ length: 300 }, () => 5),
      rich,
    );
    const replay = replayOf(old.events, 'parts/two/check');
    if (!replay.ok) throw new Error(replay.message);
    const [started] = drive([], rich, replay.from).events;
    if (started?.type !== 'run-started') throw new Error('no beginning');
    const told = Object.entries(replay.from.steps);
    const tasksOf = (steps: typeof told) =>
      reportOf([{ ...started, from: { ...replay.from, steps: Object.fromEntries(steps) } }]).steps.map(({ tasks }) =>
        tasks.map(({ name }) => name),
      );
    expect(tasksOf(told).flat().length).toBeGreaterThan(1);
    expect(tasksOf(told.toReversed())).toEqual(tasksOf(told));
  });

  test('at every event the report agrees with the state of the core', () => {
    fc.assert(
      fc.property(runs, ({ events, states }) => {
        const projection = createProjection();
        events.forEach((event, index) => {
          projection.add(event);
          const report = projection.current();
          const state = states[index] as RunState;
          expect(report.status).toBe(state.status);
          const { measuredUsd, estimatedUsd, unpriced } = report.totals.cost;
          expect(measuredUsd + estimatedUsd).toBeCloseTo(state.spent.costUsd, 6);
          expect(unpriced).toBe(state.spent.unpriced);
          expect(report.totals.tokens.input + report.totals.tokens.output).toBe(state.spent.tokens);
          const open = outstanding(state).map(({ id }) => id);
          expect(report.running.map(({ effect }) => effect)).toEqual(report.endedAt === undefined ? open : []);
          expect(report.failure).toEqual(state.failure);
        });
      }),
    );
  });

  test('the totals are the sums over all attempts, and a split has those of its tasks', () => {
    fc.assert(
      fc.property(runs, ({ events }) => {
        const report = reportOf(events);
        const attempts = [...stepsOf(report.steps)].flatMap((step) => step.attempts);
        const sum = (of: (one: (typeof attempts)[number]) => number): number =>
          attempts.reduce((all, one) => all + of(one), 0);
        expect(report.totals.attempts).toBe(attempts.length);
        expect(report.totals.turns).toBe(sum((one) => one.turns));
        expect(report.totals.time.agentMs).toBe(sum((one) => one.time.agentMs));
        expect(report.totals.time.gatesMs).toBe(sum((one) => one.time.gatesMs));
        expect(report.totals.cost.measuredUsd).toBeCloseTo(
          sum((one) => one.cost.measuredUsd),
          9,
        );
        expect(report.totals.retries).toBe(attempts.filter((one) => one.attempt > 1).length);
        expect(report.totals.guards).toBe(attempts.filter((one) => one.failure?.reason === 'guard').length);
        for (const step of stepsOf(report.steps)) {
          const below = [...stepsOf([step])].flatMap((one) => one.attempts);
          expect(step.totals.attempts).toBe(below.length);
          expect(step.totals.turns).toBe(below.reduce((all, one) => all + one.turns, 0));
        }
      }),
    );
  });

  test('every beginning of a run can be shown, at any width', () => {
    fc.assert(
      fc.property(runs, fc.nat({ max: 200 }), fc.integer({ min: 40, max: 130 }), ({ events }, length, width) => {
        const report = reportOf(events.slice(0, length));
        for (const line of formatReport(report, { width }).split('\n'))
          expect(displayWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});
