import { describe, expect, test } from 'vitest';
import type { CallStep, PlannedGate, PlannedStep } from '../src/index.ts';
import { call, checkpointOf, checks, code, crash, ended, fails, files, group, plan, turn, validate } from './given.ts';
import { type Answers, play } from './play.ts';

const review = (steps: readonly PlannedStep[] = [validate('look', { prompt: 'Look at {input:diff}' })]): CallStep =>
  call('review', steps, { inputs: { diff: '{diff}', said: '{output}' } });
const gated = (by: CallStep = review(), name = 'review'): PlannedGate => ({ name, kind: 'validate', call: by });
const verdict = (pass: boolean, comments: string) => turn({ json: { pass, comments } });
/** What a reviewer left: nothing. */
const clean = (answers: Answers): Answers => ({
  ...answers,
  ...Object.fromEntries(['', '@1', '@2', '@3'].map((again) => [`impl/gate/review/look${again}#1/checkpoint`, files()])),
});
const impl = (over: Parameters<typeof code>[1] = {}) => code('impl', { gates: [gated()], attempts: 3, ...over });

describe('a gate that is a workflow', () => {
  test('judges the files of the attempt as its step left them', () => {
    const run = play(plan([impl()]), clean({ 'impl#1/checkpoint': checkpointOf(['src/new.ts'], 'one') }));
    expect(run.ids).toEqual([
      '#1/open-worktree',
      'impl#1/run-agent',
      'impl#1/checkpoint',
      'impl/gate/review/look#1/run-agent',
      'impl/gate/review/look#1/checkpoint',
      'impl#1/advance',
    ]);
    expect(run.prompt('impl/gate/review/look#1/run-agent')).toContain('Look at +++ src/new.ts');
    // What its step changed is not what the reviewer changed.
    expect(run.effects.find(({ id }) => id === 'impl/gate/review/look#1/checkpoint')).toMatchObject({ since: 'one' });
    expect(run.state.status).toBe('passed');
  });

  test("after a gate that runs a command: what that left behind is not the reviewer's work either", () => {
    // One that runs a command itself needs the worktree as it is.
    const tests = review([checks('own', 'test'), validate('look')]);
    const run = play(plan([impl({ gates: ['test', gated(tests)] })]), clean({}));
    expect(run.ids).toContain('impl/gate/review/look#1/baseline');
    expect(run.state.status).toBe('passed');
  });

  test('that says no fails the attempt, and its comments are what the next one is told', () => {
    const run = play(
      plan([impl({ prompt: 'Do it. {gate.review.comments}' })]),
      clean({ 'impl/gate/review/look#1/run-agent': verdict(false, 'NAME IT') }),
    );
    expect(run.failures).toContain('gate: gate failed: review');
    expect(run.prompt('impl#2/run-agent')).toContain('Gate review failed\nNAME IT');
    expect(run.state.status).toBe('passed');
  });

  test('runs again in each attempt: anew, with the new diff, as an effect of its own', () => {
    const run = play(
      plan([impl()]),
      clean({
        'impl/gate/review/look#1/run-agent': verdict(false, 'no'),
        'impl#2/checkpoint': checkpointOf(['src/second.ts'], 'two'),
      }),
    );
    const again = 'impl/gate/review/look@1#1/run-agent';
    expect(run.prompt(again)).toContain('Look at +++ src/second.ts');
    expect(run.prompt(again)).not.toContain('attempt');
    expect(run.start(again)).toBe('new');
    expect(new Set(run.ids).size).toBe(run.ids.length);
  });

  test('that passes keeps its comments: later steps can read them', () => {
    const after = code('after', { prompt: '{step:impl.gate.review.comments}|{step:impl.gate.review}' });
    const run = play(plan([impl(), after]), clean({ 'impl/gate/review/look#1/run-agent': verdict(true, 'Nice.') }));
    expect(run.ofType('gate-decided')).toMatchObject([{ report: { pass: true, comments: 'Nice.' } }]);
    expect(run.prompt('after#1/run-agent')).toMatch(/^Nice\.\|true/);
  });

  test('that cannot start fails with the reason, and its step may be tried again', () => {
    const nobody = review([validate('look', { agent: 'nobody' })]);
    const run = play(plan([impl({ gates: [gated(nobody)], attempts: 2 })]));
    expect(run.ofType('gate-decided')[0]?.report).toMatchObject({
      pass: false,
      failure: 'The validator could not give a verdict: no agent is named "nobody" in this run',
    });
    const crashed = play(
      plan([impl({ attempts: 1 })]),
      clean({ 'impl/gate/review/look#1/run-agent': crash('not-signed-in') }),
    );
    expect(crashed.state.failure?.message).toBe('gate failed: review');
  });

  test('that gives no verdict fails: one that is not JSON is none', () => {
    const run = play(
      plan([impl({ attempts: 1 })]),
      clean({ 'impl/gate/review/look#1/run-agent': turn({ text: 'looks fine' }) }),
    );
    expect(run.ofType('gate-decided')[0]?.report.failure).toContain('the verdict is not usable');
  });

  test('may not write: its files are undone to how its step left them, and the gate fails', () => {
    const run = play(plan([impl({ attempts: 1 })]), {
      'impl#1/checkpoint': checkpointOf(['src/new.ts'], 'one'),
      'impl/gate/review/look#1/checkpoint': files('src/cheat.ts'),
    });
    expect(run.effects.find(({ id }) => id === 'impl/gate/review/look#1/undo')).toMatchObject({
      type: 'reset',
      to: 'one',
    });
    expect(run.ofType('gate-decided')[0]?.report.failure).toContain('no_write: it changed src/cheat.ts');
  });

  test('nor may a step of kind code inside it', () => {
    const run = play(plan([impl({ gates: [gated(review([code('look')]))], attempts: 1 })]));
    expect(run.state.failure?.message).toBe('gate failed: review');
    expect(run.prompt('impl/gate/review/look#1/run-agent')).toContain('Do not change any file.');
  });

  test('that someone stopped is not asked again, nor is its step', () => {
    const run = play(plan([impl()]), clean({ 'impl/gate/review/look#1/run-agent': ended({ kind: 'cancelled' }) }));
    expect(run.ids.join()).not.toContain('impl#2');
    expect(run.state.failure?.message).toContain('was cancelled');
  });

  test('runs beside others that all run, also when one fails', () => {
    const two = [gated(review(), 'review'), gated({ ...review(), name: 'security' }, 'security')];
    const run = play(plan([impl({ gates: two, attempts: 1 })]), {
      ...clean({ 'impl/gate/review/look#1/run-agent': verdict(false, 'A') }),
      'impl/gate/security/look#1/run-agent': verdict(false, 'B'),
      'impl/gate/security/look#1/checkpoint': files(),
    });
    expect(run.attemptEnds.at(-1)?.failure).toMatchObject({
      gates: ['review', 'security'],
      text: 'Gate review failed\nA\n---\nGate security failed\nB',
    });
  });
});

describe('reviewers side by side in a validator', () => {
  const reviewers = [
    group('all', [validate('arch', { prompt: '{input:diff}' }), validate('sec', { prompt: '{input:diff}' })], {
      parallel: {},
    }),
  ];
  const answers = (at: string): Answers => ({
    'impl#1/checkpoint': checkpointOf(['src/new.ts'], 'one'),
    [`impl/gate/review/all/arch${at}#1/checkpoint`]: files(),
    [`impl/gate/review/all/sec${at}#1/checkpoint`]: files(),
  });
  const step = impl({ gates: [gated(review(reviewers))], attempts: 2 });

  test('look at the files of the attempt, not at those of the branch', () => {
    const run = play(plan([step]), answers(''));
    expect(run.effects.filter(({ lane, type }) => type === 'open-worktree' && lane !== 'main')).toMatchObject([
      { base: 'one' },
      { base: 'one' },
    ]);
    expect(run.state).toMatchObject({ status: 'passed', lanes: { main: { head: 'commit of impl' } } });
  });

  test('one no is the verdict, with what all of them said', () => {
    const run = play(plan([step]), {
      ...answers(''),
      ...answers('@1'),
      'impl/gate/review/all/arch#1/run-agent': verdict(true, 'Fine.'),
      'impl/gate/review/all/sec#1/run-agent': verdict(false, 'A hole.'),
    });
    expect(run.ofType('gate-decided')[0]?.report).toMatchObject({
      pass: false,
      failure: 'A hole.',
      comments: 'Fine.\n\nA hole.',
    });
    // The second time both look again, in new lanes: nothing is left of the first.
    expect(run.ids).toContain('impl/gate/review/all/arch@1#1/run-agent');
    expect(run.state.status).toBe('passed');
  });
});

describe('a validator at a gate of', () => {
  test.each([
    ['a group', group('impl', [code('a')], { gates: [gated()] })],
    ['a call', call('impl', [code('a')], { gates: [gated()] })],
    ['a step of checks', checks('impl', gated())],
  ])('%s is given what was changed', (_, step) => {
    const run = play(plan([code('first'), step]), clean({ 'impl#1/checkpoint': checkpointOf(['src/all.ts'], 'one') }));
    expect(run.prompt('impl/gate/review/look#1/run-agent')).toContain('Look at +++ src/all.ts');
    expect(run.ids).not.toContain('impl#1/advance');
    expect(run.state.status).toBe('passed');
  });
});

describe('a retry entry that asks a workflow', () => {
  const harder = call('harder', [validate('look', { prompt: 'Hard? {input:diff}' })], { inputs: { diff: '{diff}' } });
  const entries = [{ attempt: 2, validate: harder, agent: 'opus' }];
  const step = code('impl', { gates: ['test'], attempts: 4, entries });
  const red = { 'impl#1/gate:test': fails('1'), 'impl#2/gate:test': fails('2'), 'impl#3/gate:test': fails('3') };
  const quiet = Object.fromEntries(
    ['', '@1', '@2'].map((again) => [`impl/retry/0/look${again}#1/checkpoint`, files()]),
  );
  const agents = (run: ReturnType<typeof play>) =>
    run
      .ofType('attempt-started')
      .filter(({ step: path }) => path === 'impl')
      .map(({ agent }) => agent);

  test('is in force when the verdict is yes, and stays so without being asked again', () => {
    const run = play(plan([step]), { ...red, ...quiet, 'impl/retry/0/look#1/run-agent': verdict(false, 'easy') });
    expect(agents(run)).toEqual(['haiku', 'haiku', 'opus', 'opus']);
    expect(run.ofType('retry-decided').map(({ entry, verdict: yes }) => [entry, yes])).toEqual([
      [0, false],
      [0, true],
    ]);
    expect(run.prompt('impl/retry/0/look#1/run-agent')).toContain('Hard? +++ src/a.ts');
    expect(run.start('impl/retry/0/look@1#1/run-agent')).toBe('new');
  });

  test('one that cannot say is a no', () => {
    const run = play(plan([{ ...step, retry: { ...step.retry, attempts: 2 } }]), {
      ...red,
      ...quiet,
      'impl/retry/0/look#1/run-agent': crash(),
    });
    expect(agents(run)).toEqual(['haiku', 'haiku']);
  });

  test('one that someone stopped ends the step', () => {
    const run = play(plan([step]), { ...red, ...quiet, 'impl/retry/0/look#1/run-agent': ended({ kind: 'cancelled' }) });
    expect(agents(run)).toEqual(['haiku']);
    expect(run.state.status).toBe('failed');
  });

  test('is asked for the attempt that follows, also when some are left out', () => {
    const skipping = code('impl', {
      gates: ['test'],
      attempts: 5,
      entries: [
        { attempt: 2, validate: harder, prompt: 'Other.' },
        { attempt: 5, agent: 'opus' },
      ],
    });
    const run = play(plan([skipping], { settings: { noProgress: 'escalate' } }), {
      'impl#1/gate:test': fails('same'),
      'impl#2/gate:test': fails('same'),
      ...quiet,
      'impl/retry/0/look#1/run-agent': verdict(false, 'no'),
    });
    expect(
      run
        .ofType('attempt-started')
        .filter(({ step: path }) => path === 'impl')
        .map(({ attempt }) => attempt),
    ).toEqual([1, 2, 5]);
    expect(agents(run)).toEqual(['haiku', 'haiku', 'opus']);
  });

  test('and one that waits for a gate to fail stay in force when it no longer does', () => {
    const not = code('impl', {
      gates: ['lint', 'test'],
      attempts: 4,
      entries: [{ attempt: 2, not: 'lint', agent: 'sonnet' }],
    });
    const run = play(plan([not]), {
      'impl#1/gate:test': fails('t'),
      'impl#2/gate:lint': fails('l'),
      'impl#3/gate:test': fails('t'),
    });
    expect(agents(run)).toEqual(['haiku', 'haiku', 'sonnet', 'sonnet']);
  });
});
