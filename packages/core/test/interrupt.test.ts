import { describe, expect, test } from 'vitest';
import { outstanding, type PlannedStep } from '../src/index.ts';
import {
  answer,
  call,
  code,
  fails,
  files,
  group,
  interrupted,
  plan,
  split,
  stopped,
  tasks,
  turn,
  validate,
} from './given.ts';
import { type Answers, finish, type Played, play } from './play.ts';

const signal = { type: 'interrupt', reason: 'interrupted by SIGINT' } as const;
const turnsOf = (run: Played, step: string) =>
  run.ids.filter((id) => id.startsWith(`${step}#`) && id.includes('agent'));
const openIn = (run: Played) => outstanding(run.state).map(({ id }) => id);

/** The turn of `b` is stopped, with what it left recorded, and the process ends. */
function interrupt(run: Played, b: string, outcome: ReturnType<typeof stopped> | undefined = stopped()): void {
  const turn = openIn(run).find((id) => id.startsWith(`${b}#`) && id.includes('/run-agent')) ?? '';
  finish(run, { [turn]: outcome }, [turn]);
  finish(
    run,
    {},
    openIn(run).filter((id) => id.includes('checkpoint')),
  );
  run.tell(signal);
}
/** Played until `a` asks and `b` is in its turn. */
function asking(steps: readonly PlannedStep[], a: string, b: string, settings = {}, answers: Answers = {}): Played {
  const run = play(plan(steps, { settings }), answers, { until: `${b}#1/run-agent` });
  const rest = () => openIn(run).filter((id) => !id.startsWith(`${b}#`) && !id.endsWith('/ask'));
  for (let ids = rest(); ids.length > 0; ids = rest()) finish(run, answers, ids.slice(0, 1));
  expect(openIn(run).sort()).toEqual([`${a}#1/ask`, `${b}#1/run-agent`].sort());
  return run;
}
const lanes = (...steps: readonly PlannedStep[]) => group('both', steps, { parallel: {} });
const beside = lanes(code('a', { pause: 'after_gate', gates: ['test'] }), code('b'));

describe('a process that is told to end', () => {
  test('says so in one event, and everything stays as it was, to be resumed there', () => {
    const run = asking([beside], 'both/a', 'both/b');
    const before = run.state;
    expect(run.tell(signal)).toMatchObject([{ type: 'run-ended', end: 'interrupted', reason: signal.reason }]);
    expect(run.state.open).toEqual(before.open);
    expect(run.tell({ type: 'resume' })).toMatchObject([{ type: 'run-resumed', generation: before.generation }]);
    expect(run.state).toEqual(before);
  });

  test('an answer, or another signal, decides nothing before it is resumed', () => {
    const run = asking([beside], 'both/a', 'both/b');
    run.tell(signal);
    expect(run.tell({ type: 'settle', effect: 'both/a#1/ask', outcome: answer('continue') })).toEqual([]);
    expect(() => run.tell(signal)).toThrow('already-ended');
    expect(openIn(run)).toContain('both/a#1/ask');
  });

  test('of a run that is being stopped changes nothing: it ends as that', () => {
    const run = play(plan([code('a')]), {}, { until: 'a#1/run-agent' });
    run.tell({ type: 'abort', reason: 'enough' });
    expect(run.tell(signal)).toEqual([]);
    expect(finish(run).state.status).toBe('aborted');
  });

  test('may be stopped for good afterwards, and resumed all the same', () => {
    const run = asking([beside], 'both/a', 'both/b');
    run.tell(signal);
    run.tell({ type: 'abort', reason: 'not wanted' });
    expect(run.events.at(-1)).toMatchObject({ type: 'run-ended', end: 'aborted', reason: 'not wanted' });
    expect(() => run.tell({ type: 'abort', reason: 'again' })).toThrow('already-ended');
    run.tell({ type: 'resume' });
    expect(openIn(run)).toContain('both/a#1/ask');
    expect(finish(run).state.status).toBe('passed');
    expect(turnsOf(run, 'both/a')).toHaveLength(1);
  });
});

describe('a question in one lane while another works', () => {
  const places: readonly [string, PlannedStep, string, string][] = [
    ['lanes', beside, 'both/a', 'both/b'],
    [
      'nested groups',
      lanes(group('in', [group('deep', [code('a', { pause: 'before_gate' })])]), group('other', [code('b')])),
      'both/in/deep/a',
      'both/other/b',
    ],
    [
      'a workflow that is called',
      lanes(call('c', [code('a', { pause: 'before_gate' })], { limits: { wallMs: 3600_000 } }), code('b')),
      'both/c/a',
      'both/b',
    ],
    [
      'lanes within a lane',
      lanes(group('in', [code('a', { pause: 'after_gate' }), code('b')], { parallel: {} }), code('c')),
      'both/in/a',
      'both/in/b',
    ],
  ];

  test.each(places)(
    '%s: it is asked again as it was, its turn is not begun again; the other one goes on',
    (...what) => {
      const [, step, a, b] = what;
      const run = asking([step, code('after')], a, b);
      const asked = run.state.open[`${a}#1/ask`];
      interrupt(run, b);
      expect(openIn(run).sort()).toEqual([`${a}#1/ask`, `${b}#1/run-agent.1`].sort());
      run.tell({ type: 'resume' });
      expect(run.state.open[`${a}#1/ask`]).toEqual(asked);
      finish(run);
      expect(run.state.status).toBe('passed');
      expect(turnsOf(run, a)).toHaveLength(1);
      expect(turnsOf(run, b)).toEqual([`${b}#1/run-agent`, `${b}#1/run-agent.1`]);
      expect(run.start(`${b}#1/run-agent.1`)).toBe('s');
      expect(run.prompt(`${b}#1/run-agent.1`)).toContain('Your last turn was interrupted');
      expect(run.ids.filter((id) => id.endsWith('ask'))).toEqual([`${a}#1/ask`]);
    },
  );

  test.each(places)('%s: a process that was killed comes to the same', (...what) => {
    const [, step, a, b] = what;
    const ends = ['told', 'killed'].map((how) => {
      const run = asking([step, code('after')], a, b);
      if (how === 'told') {
        interrupt(run, b);
        run.tell({ type: 'resume' });
      }
      return finish(run, { [`${b}#1/run-agent`]: interrupted('s') });
    });
    expect(ends[0]?.ids.toSorted()).toEqual(ends[1]?.ids.toSorted());
    expect(ends.map(({ state }) => state.status)).toEqual(['passed', 'passed']);
  });

  test('on_interrupt: ask asks about the turn beside it, too; each is answered for itself', () => {
    const run = asking([beside], 'both/a', 'both/b', { onInterrupt: 'ask' });
    interrupt(run, 'both/b');
    expect(openIn(run).sort()).toEqual(['both/a#1/ask', 'both/b#1/ask.interrupted1']);
    run.tell({ type: 'resume' });
    finish(run, { 'both/b#1/ask.interrupted1': answer('retry') }, ['both/b#1/ask.interrupted1']);
    expect(openIn(run).sort()).toEqual(['both/a#1/ask', 'both/b#1/run-agent.1']);
    expect(run.start('both/b#1/run-agent.1')).toBe('new');
    expect(finish(run).state.status).toBe('passed');
    expect(turnsOf(run, 'both/a')).toHaveLength(1);
  });

  test('on_interrupt: retry begins a new conversation', () => {
    const run = asking([beside], 'both/a', 'both/b', { onInterrupt: 'retry' });
    interrupt(run, 'both/b');
    run.tell({ type: 'resume' });
    expect(finish(run).start('both/b#1/run-agent.1')).toBe('new');
  });

  test('in a validator while another judges: what both judge is not begun again', () => {
    const judge = (name: string, pause?: 'before_gate') =>
      ({ name, kind: 'validate', call: call(name, [validate('look', pause && { pause })]) }) as const;
    const step = code('x', { gates: [judge('one', 'before_gate'), judge('two')] });
    const run = asking([step], 'x/gate/one/look', 'x/gate/two/look', {}, { 'x/gate/one/look#1/checkpoint': files() });
    interrupt(run, 'x/gate/two/look');
    run.tell({ type: 'resume' });
    const unchanged = Object.fromEntries(
      ['checkpoint', 'checkpoint.answered'].flatMap((name) =>
        ['one', 'two'].map((judge) => [`x/gate/${judge}/look#1/${name}`, files()]),
      ),
    );
    expect(turnsOf(finish(run, unchanged), 'x')).toHaveLength(1);
    expect(turnsOf(run, 'x/gate/one/look')).toHaveLength(1);
    expect(turnsOf(run, 'x/gate/two/look')).toHaveLength(2);
  });

  test('while tasks wait for room', () => {
    const step = split('s', [code('a', { pause: 'before_gate' })], { parallel: { max: 2 } });
    const run = play(
      plan([step]),
      { 's#1/run-agent': turn({ json: tasks('one', 'two', 'three') }) },
      {
        until: 's/two/a#1/run-agent',
      },
    );
    interrupt(run, 's/two/a');
    run.tell({ type: 'resume' });
    expect(finish(run).state.status).toBe('passed');
    for (const [task, turns] of [
      ['one', 1],
      ['two', 2],
      ['three', 1],
    ] as const)
      expect(turnsOf(run, `s/${task}/a`)).toHaveLength(turns);
  });

  test('a turn that waits for room at its provider waits on, and comes in its turn', () => {
    const run = play(
      plan([lanes(code('a'), code('b'), code('c'))], { settings: { providerLimits: { script: 1 } } }),
      {},
      { until: 'both/a#1/run-agent' },
    );
    expect(run.state.queue).toEqual(['both/b', 'both/c']);
    run.tell(signal);
    expect(run.state.queue).toEqual(['both/b', 'both/c']);
    run.tell({ type: 'resume' });
    expect(finish(run).state.status).toBe('passed');
    expect(run.ids.filter((id) => id.includes('run-agent'))).toHaveLength(3);
  });
});

describe('a turn that was stopped in order', () => {
  test('counts what it cost and what it left', () => {
    const run = play(plan([code('a')]), {}, { until: 'a#1/run-agent' });
    interrupt(run, 'a', stopped('s', 0.4));
    expect(run.state.spent).toMatchObject({ costUsd: 0.4, unpriced: 0, tokens: 110 });
    expect(run.ids.slice(-2)).toEqual(['a#1/checkpoint.interrupted1', 'a#1/run-agent.1']);
    expect(run.step('a').checkpoint?.commit).toBe('a#1/checkpoint.interrupted1!');
    expect(run.warnings).toEqual(['a: interrupted']);
  });

  test('may be so as often as people like; one whose process died may not', () => {
    const often = (outcome: ReturnType<typeof stopped> | ReturnType<typeof interrupted>) =>
      Object.fromEntries(['', '.1', '.2', '.3', '.4'].map((at) => [`a#1/run-agent${at}`, outcome]));
    expect(play(plan([code('a')]), often(stopped())).state.status).toBe('passed');
    expect(play(plan([code('a')]), often(interrupted())).state.status).toBe('failed');
  });

  test('that does not tell what it cost is unpriced, and that is said', () => {
    for (const unknownCost of ['warn', 'fail'] as const) {
      const outcome = { ...stopped(), report: { ...stopped().report, cost: { state: 'unknown' } as const } };
      const plan_ = plan([code('a')], { limits: { costUsd: 5 }, settings: { unknownCost } });
      const run = play(plan_, { 'a#1/run-agent': outcome });
      expect(run.warnings).toEqual(['a: cost-unknown', 'a: interrupted']);
      expect(run.state).toMatchObject({ status: 'passed', spent: { unpriced: 1 } });
    }
  });

  test('while it was waited for its provider waits on, and no turn is begun again', () => {
    const busy = turn({ end: { kind: 'failed', error: { code: 'overloaded', message: 'busy', retryable: true } } });
    const run = play(
      plan([code('a')], { settings: { maxWaitMs: 600_000 } }),
      { 'a#1/run-agent': busy },
      {
        until: 'a#1/await-provider',
      },
    );
    run.tell(signal);
    run.tell({ type: 'resume' });
    expect(openIn(run)).toEqual(['a#1/await-provider']);
    expect(finish(run).state.status).toBe('passed');
    expect(turnsOf(run, 'a')).toEqual(['a#1/run-agent', 'a#1/run-agent.waited1']);
  });

  test('the next attempt counts anew', () => {
    const run = play(plan([code('a', { gates: ['test'], attempts: 2 })]), {
      'a#1/run-agent': stopped(),
      'a#1/gate:test': fails('x'),
      'a#2/run-agent': interrupted(),
    });
    expect(run.ofType('warned').at(-1)?.message).toContain('1 of at most 3 times');
  });

  test('at a limit of the run that it used up fails by that', () => {
    const run = play(plan([code('a')], { limits: { costUsd: 0.5 } }), { 'a#1/run-agent': stopped('s', 0.6) });
    expect(run.state.failure?.message).toContain('max_budget of the run is used up');
    expect(run.ids.at(-1)).toBe('a#1/checkpoint');
  });
});

test('a finished turn is not begun again where its gates were under way', () => {
  const run = play(plan([code('a', { gates: ['test'], attempts: 2 })]), {}, { until: 'a#1/gate:test' });
  run.tell(signal);
  run.tell({ type: 'resume' });
  expect(openIn(run)).toEqual(['a#1/gate:test']);
  expect(turnsOf(finish(run), 'a')).toHaveLength(1);
});

test('a pause that somebody asked for holds', () => {
  const run = play(plan([code('a')]), {}, { until: 'a#1/run-agent' });
  run.tell({ type: 'pause', wanted: true });
  run.tell(signal);
  run.tell({ type: 'resume' });
  expect(finish(run).ids).toContain('a#1/ask');
});

test.each([true, false])('the time until it is resumed is none of the run, and counted once (asking: %s)', (asks) => {
  const step = asks ? code('a', { pause: 'after_gate' }) : code('a', { gates: ['test'] });
  const until = asks ? 'a#1/ask' : 'a#1/gate:test';
  const left = (interrupt: boolean) => {
    const run = play(plan([step, code('after')], { limits: { wallMs: 60_000 } }), {}, { until });
    if (asks) run.at += 3600_000;
    if (interrupt) {
      run.tell(signal);
      run.at += 3600_000;
      run.tell({ type: 'resume' });
    }
    return finish(run).agent('after#1/run-agent').limits.wallMs;
  };
  expect(left(true)).toEqual(left(false));
});
